from hypothesis import given
from hypothesis import strategies as st

from imr.core.redline import Mark, Piece, redline

TEXT = st.text(alphabet="ab .\n", max_size=60)


def test_redline_marks_words_not_letters() -> None:
    assert redline("MRI of the right knee", "MRI of the left knee") == (
        Piece(Mark.SAME, "MRI of the "),
        Piece(Mark.REMOVED, "right"),
        Piece(Mark.ADDED, "left"),
        Piece(Mark.SAME, " knee"),
    )
    assert redline("", "new") == (Piece(Mark.ADDED, "new"),)
    assert redline("same", "same") == (Piece(Mark.SAME, "same"),)


def test_redline_keeps_changed_words_together_up_to_the_line() -> None:
    assert redline("It hurts. A second try.", "It hurts. No other way.") == (
        Piece(Mark.SAME, "It hurts. "),
        Piece(Mark.REMOVED, "A second try."),
        Piece(Mark.ADDED, "No other way."),
    )
    assert [piece.mark for piece in redline("one\n\ntwo", "three\n\nfour")] == [
        *(Mark.REMOVED, Mark.ADDED, Mark.SAME, Mark.REMOVED, Mark.ADDED)
    ]


@given(TEXT, TEXT)
def test_redline_holds_both_texts(old: str, new: str) -> None:
    pieces = redline(old, new)
    assert "".join(piece.text for piece in pieces if piece.mark != Mark.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.mark != Mark.REMOVED) == new
