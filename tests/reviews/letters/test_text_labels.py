"""Every fixed text and part of a letter has a name of its own for those who word it."""

from reviews.letters.text_labels import PART_LABELS, TEXT_LABELS
from reviews.letters.wording import LetterPart, TextKey


def test_each_text_and_part_has_its_own_name() -> None:
    assert list(TEXT_LABELS) == list(TextKey)
    assert set(PART_LABELS) == set(LetterPart)
    labels = [*TEXT_LABELS.values(), *PART_LABELS.values()]
    assert len({label.casefold() for label in TEXT_LABELS.values()}) == len(TextKey)
    assert all(label[0].isupper() and "_" not in label and "mtus" not in label for label in labels)
