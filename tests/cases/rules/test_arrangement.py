"""What may be divided, turned and joined (B12)."""

from cases.rules.arrangement import Joinable, division_problems, turn_problems, why_not_joined


def words(*parts: list[int], left_out: tuple[int, ...] = (), page_count: int = 4) -> list[tuple[int | None, str]]:
    return [(one.part, one.message) for one in division_problems(parts, left_out, page_count=page_count)]


def test_every_page_is_in_one_part_or_left_out_on_purpose() -> None:
    assert words([1, 2], [3, 4]) == []
    assert words([4, 1], [3, 2]) == []
    assert words([1, 2, 3], left_out=(4,)) == []
    assert words([1, 2], [3]) == [(None, "Page 4 is in no part. Put it in a part, or name it under “Pages left out”.")]
    assert words([1, 2], [2, 3, 4]) == [(1, "Page 2 is in an earlier part already. Name it once.")]
    assert words([1, 2], [3, 4], left_out=(3,)) == [(None, "Page 3 is in a part and left out. Choose one.")]
    assert words([1, 2, 3, 4])[0] == (None, "Name at least two parts, or say which pages are left out.")


def test_a_page_is_turned_in_one_way() -> None:
    assert turn_problems({90: [1, 2], 180: [3]}) == {}
    assert turn_problems({90: [1, 2], 180: [2]}) == {
        180: "Page 2 is to be turned in another way already. Name it once."
    }


def test_only_documents_that_stand_alike_are_joined() -> None:
    """A late document may not reach the reviewer by being joined with one that came in time, nor hold that back."""
    in_time, other = Joinable("physician", "", ""), Joinable("employee", "", "")
    late = Joinable("physician", "after_complete", "")
    forwarded = Joinable("physician", "after_complete", "forwarded")
    assert why_not_joined([in_time, in_time]) == ""
    assert "one sender" in why_not_joined([in_time, other])
    assert "came late" in why_not_joined([in_time, late])
    assert "came late" in why_not_joined([late, forwarded])
