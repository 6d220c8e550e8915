"""Rationales written for another treatment."""

from reviews.rules.checks.pasted import check_pasted, similarity
from tests.factories.checks import alarms, checked_pair, make_checked, make_checked_item

OPIOID = "Norco has not improved function in a year, and no agreement is on file. Norco is not medically necessary."
MRI = "No red flag is on record and the examination is normal. MRI of the spine is not medically necessary."
SURGERY = "As the requested surgical intervention is not medically necessary, the associated service is not."


def test_pasted_check_names_the_item_whose_text_it_is() -> None:
    norco = make_checked_item("Norco 10/325mg #60", OPIOID)
    (finding,) = check_pasted(make_checked(norco, make_checked_item("MRI of the lumbar spine", OPIOID, 2)))
    assert (finding.code, finding.position) == ("pasted_rationale", 2)
    assert finding.data["other_position"] == 1
    assert finding.data["similarity"] == 1
    assert not check_pasted(make_checked(norco, make_checked_item("MRI of the lumbar spine", MRI, 2)))


def test_pasted_check_reads_the_sentence_that_decides_when_the_own_drug_is_named_in_passing() -> None:
    text = (
        "A benzodiazepine adds to the risk. Percocet did not help. The request for Percocet is not medically necessary."
    )
    items = [make_checked_item("Percocet 5/325mg", text), make_checked_item("Diazepam 10mg", text, 2)]
    assert [finding.position for finding in check_pasted(make_checked(*items))] == [2]


def test_pasted_check_finds_a_text_from_another_letter() -> None:
    (finding,) = check_pasted(checked_pair("Acupuncture 2x4", MRI))
    assert finding.code == "other_treatment"
    assert not check_pasted(checked_pair("Cervical pillow", MRI))


def test_pasted_check_lets_services_of_one_surgery_share_a_text() -> None:
    texts = ("Associated surgical service: sling", "Associated surgical service: cold unit", "Assistant surgeon")
    items = [make_checked_item(text, SURGERY, number) for number, text in enumerate(texts, start=1)]
    assert not check_pasted(make_checked(*items))


def test_pasted_check_only_lists_one_text_that_names_no_treatment() -> None:
    text = "The file does not hold a report of this year. The request is not medically necessary."
    findings = check_pasted(make_checked(make_checked_item("MRI", text), make_checked_item("Gym", text, 2)))
    assert {finding.code for finding in findings} == {"same_rationale"}
    assert not alarms(findings)


def test_pasted_check_says_of_a_shared_text_that_it_was_chosen() -> None:
    norco = make_checked_item("Norco 10/325mg #60", OPIOID, shared_with=(2,))
    scan = make_checked_item("MRI of the lumbar spine", OPIOID, 2, shared_with=(1,))
    other = make_checked_item("Acupuncture 2x4", OPIOID, 3)
    findings = check_pasted(make_checked(norco, scan, other))
    assert [(finding.code, finding.position) for finding in findings] == [
        ("shared_rationale", 1),
        ("shared_rationale", 2),
        ("pasted_rationale", 3),
    ]
    assert findings[0].message == "One rationale, by choice, for this item and item 2."
    assert findings[1].message.endswith("It names the treatment of item 1 and not this one's.")
    assert alarms(findings) == ["pasted_rationale"]
    # Once the texts differ, the choice is none any more.
    changed = make_checked_item("MRI of the lumbar spine", OPIOID + " So much for that.", 2, shared_with=(1,))
    assert [finding.code for finding in check_pasted(make_checked(norco, changed))] == ["pasted_rationale"]


def test_similarity_is_the_share_of_runs_of_words() -> None:
    assert similarity("a b c d e", "a b c d e") == 1
    assert similarity("a b c d e", "v w x y z") == 0
    assert similarity("a b c d e", "a b c d x") == 1 / 3
    assert similarity("a b", "a b") == 0
