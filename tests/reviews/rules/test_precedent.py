"""What a decided item is found again by."""

from reviews.rules.precedent import CitedSection, likeness_of, words_of


def test_treatment_part_and_guideline_are_the_keys() -> None:
    likeness = likeness_of(
        "MRI of the lumbar spine", [CitedSection("Low Back  Complaints", ("Special Studies",)), CitedSection(" ")]
    )
    assert likeness.keys == [
        "t:MRI",
        *likeness.words,
        "p:low back",
        "c:low back complaints",
        "s:low back complaints / special studies",
    ]
    assert likeness.subject == ("t:MRI",)


def test_an_item_of_no_known_kind_is_known_by_its_words() -> None:
    likeness = likeness_of("Zorbium infusion")
    assert likeness.subject == ("w:infusi", "w:zorbiu")
    assert likeness_of("12 sessions, 3 times a week").subject == ()


def test_a_drug_is_its_own_kind_and_is_shown_without_prefix() -> None:
    likeness = likeness_of("Lidocaine patch 5%")
    assert "drug: lidocaine" in " ".join(likeness.treatments)
    assert words_of(["t:drug: lidocaine", "t:topical"]) == "lidocaine, topical"
