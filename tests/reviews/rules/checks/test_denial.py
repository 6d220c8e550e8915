"""A page that denies a thing does not contradict a rationale that says it is not there; any other page may."""

import pytest

from reviews.rules.checks.denial import is_denied


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Omeprazole is added. There is no history of ulcer or bleeding.", ("ulcer",)),
        ("Denies bleeding, ulcers or reflux.", ("ulcer",)),
        ("The patient has no known prior history of any gastric ulcer.", ("gastric", "ulcer")),
        ("Examination is negative for instability.", ("instability",)),
        ("There is no record of physical therapy.", ("physical", "therapy")),
        ("No signs of radiculopathy. Gait is normal.", ("radiculopathy",)),
    ],
)
def test_denied(text: str, terms: tuple[str, ...]) -> None:
    assert is_denied(text, terms)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("In 2019 a gastric ulcer was treated.", ("ulcer",)),
        ("There is no history of ulcer. In 2019 an ulcer was treated.", ("ulcer",)),
        ("He did not improve with physical therapy.", ("physical", "therapy")),
        ("No further physical therapy is planned.", ("physical", "therapy")),
        ("There is no doubt that a pain agreement was signed.", ("pain", "agreement")),
        ("No bleeding, but an old ulcer.", ("ulcer",)),
        ("No ulcer now, but ulceration was seen in May.", ("ulcer",)),
        ("No improvement after weakness set in.", ("weakness",)),
        ("There is no relief, weakness persists.", ("weakness",)),
        ("The gait is normal.", ("ulcer",)),
    ],
)
def test_not_denied(text: str, terms: tuple[str, ...]) -> None:
    assert not is_denied(text, terms)
