"""The whole private letter: which pages it has, what stands on them, and how it reads when something is not known."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from cases.enums import Outcome
from imr.core.pdf import RenderError
from reviews.exceptions import LetterTextError
from reviews.letters import (
    FinalDeterminationLetter,
    LetterChange,
    LetterPart,
    Parties,
    Recipient,
    ServedLetter,
    own_part_headings,
)
from reviews.services.rendering import qr_code
from tests.factories.letters_text import (
    DOCUMENTS,
    flat,
    in_order,
    make_served,
    make_wording,
    pages_of,
    render_served_pdf,
    squeezed,
    words_of,
)
from tests.factories.pdf_structure import alternatives_of, bookmarks_of, structure_problems, tags_of
from tests.factories.seed_letter import make_item, make_letter, render_letter_pdf
from tests.factories.wording import reviewed_wording

PARTS = ["Final Determination Letter", "Summary in plain language", "Documents considered", "Proof of service"]
BODY = "Independent Medical Review Final Determination"
SENTENCE = "The file shows no measured gain in function, and the request is not medically necessary. "


def _letter(*outcomes: Outcome, **changes: Any) -> FinalDeterminationLetter:
    items = tuple(
        make_item(position=number, text=f"Item number {number}", outcome=outcome, rationale=SENTENCE * 3)
        for number, outcome in enumerate(outcomes, start=1)
    )
    return make_letter(items=items, **changes)


def _corrected(**changes: Any) -> ServedLetter:
    return make_served(
        version=2,
        supersedes_date=date(2015, 4, 20),
        correction_reason="The date of injury was wrong.",
        changes=(
            LetterChange("Date of injury", "11/10/2011", "11/01/2011"),
            LetterChange("Item 1, decision rationale", "", "A reason was added."),
        ),
        **changes,
    )


def test_letter_has_its_parts_in_order_around_the_body() -> None:
    data = render_served_pdf(make_served()).data
    assert [title for title in bookmarks_of(data) if not title.startswith(" ")] == [
        *PARTS[:2],
        BODY,
        *PARTS[2:],
    ]
    assert structure_problems(data) == []
    firsts = [lines[0] for lines in pages_of(data)]
    assert firsts == [
        "Alder Creek Independent Medical Review",
        "Summary in plain language",
        "Alder Creek Independent Medical Review",
        "IMR ISSUES, DECISIONS AND RATIONALES",
        "Documents considered",
        "Proof of service",
    ]


def test_body_is_that_of_the_letter_that_was_signed() -> None:
    served = make_served()
    body = squeezed(words_of(render_letter_pdf(served.letter).data))
    assert squeezed(words_of(render_served_pdf(served).data)).count(body) == 1


def test_cover_says_who_what_and_until_when() -> None:
    cover = " ".join(pages_of(render_served_pdf(make_served()).data)[0])
    in_order(
        cover,
        [
            "Alder Creek Independent Medical Review", "Date of service: 04/22/2015",
            "Mateo Ibarra", "1420 Willow Bend Road", "Fresno, CA 93722", "Final Determination Letter",
            "IMR case number", "CM14-0046246", "Priority", "Standard", "Employee", "Mateo Ibarra",
            "Claim number", "SCS-2011-004417", "Date of injury", "11/01/2011", "Employer", "Redwood Freight Lines",
            "Claims administrator", "Sierra Claims Services", "Requesting physician", "Priya Raman, M.D.",
            "Outcome:", "UPHOLD", "The disputed item/service is not medically necessary and appropriate.",
            "For the employee:", "For the claims administrator:", "Binding effect:", "Labor Code section 4610.6(g)",
            "Right to appeal:", "05/27/2015 (Labor Code section 4610.6(h); 8 CCR 10575)",
            "For Alder Creek Independent Medical Review", "Ada Lindqvist, M.D.", "Medical Director",
            "Copies to:", "Sierra Claims Services (Claims administrator)", "Lena Ostrow, Attorney",
            "https://imr.example.org/check/7QK4M2XR9TDW", "7QK4-M2XR-9TDW",
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ("u", ["UPHOLD", "The disputed item/service is not", "requires no authorization"]),
        ("uuu", ["UPHOLD", "None of the 3 disputed items/services is", "requires no authorization"]),
        ("o", ["OVERTURN", "The disputed item/service is medically", "within 5 working days", "within 20 days"]),
        ("oo", ["OVERTURN", "Each of the 2 disputed", "within 5 working days", "8 CCR 9792.10.7"]),
        (
            "uou",
            ["PARTIAL OVERTURN", "Some, but not all, of the 3", "Overturned: 1. Upheld: 2.", "within 5 working days"],
        ),
    ],
)
def test_cover_derives_the_outcome_from_the_items(outcomes: str, said: list[str]) -> None:
    letter = _letter(*(Outcome.OVERTURNED if mark == "o" else Outcome.UPHELD for mark in outcomes))
    data = render_served_pdf(make_served(letter)).data
    in_order(" ".join(pages_of(data)[0]), said)
    assert f" Outcome: {said[0]}" in bookmarks_of(data)


@pytest.mark.parametrize("quantity", [1, 10])
@pytest.mark.parametrize("outcome", [Outcome.UPHELD, Outcome.OVERTURNED])
def test_cover_and_summary_take_a_page_each(quantity: int, outcome: Outcome) -> None:
    """Ten items, a correction and an expedited case are the most that usually comes together."""
    letter = _letter(*[outcome, *[Outcome.OVERTURNED] * (quantity - 1)], priority="Expedited")
    pages = pages_of(render_served_pdf(_corrected(letter=letter)).data)
    assert [page[0] for page in pages[:4]] == [
        "Alder Creek Independent Medical Review",
        "Changes in this version",
        "Summary in plain language",
        "Alder Creek Independent Medical Review",
    ]


def test_correction_says_what_changed_and_why() -> None:
    data = render_served_pdf(_corrected()).data
    pages = pages_of(data)
    in_order(
        " ".join(pages[0]),
        ["Version 2. This letter corrects and supersedes the letter of 04/20/2015.", "The date of injury was wrong."],
    )
    in_order(
        " ".join(pages[1]),
        [
            "Changes in this version", "This is version 2", "Reason: The date of injury was wrong.",
            "Place", "Before", "Now", "Date of injury", "11/10/2011", "11/01/2011",
            "Item 1, decision", "(nothing)", "A reason was added.",
        ],
    )  # fmt: skip
    assert structure_problems(data) == []


def test_first_version_has_no_page_of_changes() -> None:
    found = words_of(render_served_pdf(make_served()).data)
    assert "Changes in this version" not in found
    assert "supersedes the letter of" not in found


def test_documents_are_listed_with_what_became_of_them() -> None:
    page = " ".join(pages_of(render_served_pdf(make_served()).data)[-2])
    in_order(
        page,
        [
            "Documents considered", "4 documents, 51 pages.",
            "Considered: 2; Read, not relevant: 1; Received too late: 1.",
            "No.", "Document", "Date", "Pages", "Sent by", "Use",
            "1", "02/27/2014", "6", "Considered", "3", "Undated", "41", "4", "04/17/2015", "1", "Employer",
        ],
    )  # fmt: skip


def test_sixty_documents_are_all_listed_under_repeated_headings() -> None:
    papers = tuple(replace(DOCUMENTS[0], id=n, page_count=n, title=f"Report number {n}") for n in range(1, 61))
    data = render_served_pdf(make_served(documents=papers)).data
    pages = [page for page in pages_of(data) if any(line.startswith("No. Document") for line in page)]
    assert len(pages) > 1
    in_order(" ".join(line for page in pages for line in page), [f"Report number {n}" for n in range(1, 61)])
    assert structure_problems(data) == []


def test_proof_names_each_person_once_with_address_way_and_day() -> None:
    page = " ".join(pages_of(render_served_pdf(make_served()).data)[-1])
    in_order(
        page, ["On 04/22/2015, Alder Creek", "version 1", "CM14-0046246", "Served on", "Address", "Method", "Date"]
    )
    for words in ("Mateo Ibarra", "1420 Willow Bend Road", "Lena Ostrow, Attorney", "Electronic (portal)", "Fax"):
        assert page.count(words) == 1
    assert "No postal address on file" in flat(page)
    assert page.count("04/22/2015") == 5
    assert page.count("First-class mail") == 2


def test_what_is_not_known_reads_well() -> None:
    served = make_served(
        documents=(), recipients=(), parties=Parties("", ""), check_url="", check_code="", signed_off_by="",
        appeal_until=None, appeal_citation="",
    )  # fmt: skip
    data = render_served_pdf(served).data
    pages = [" ".join(page) for page in pages_of(data)]
    assert pages[0].count("Not on file") == 5
    assert "within the time that Labor Code section 4610.6(h) allows" in pages[0]
    assert "Copies to" not in pages[0]
    assert "check code" not in pages[0]
    assert "The time to file is short" in pages[1]
    assert pages[-2] == "Documents considered The case file held no documents beside the application."
    assert pages[-1] == "Proof of service No person to be served is on record."
    assert structure_problems(data) == []


def test_one_person_served_by_portal_alone_reads_well() -> None:
    data = render_served_pdf(
        make_served(recipients=(Recipient("Mateo Ibarra", "Employee", "Electronic (portal)"),))
    ).data
    pages = [" ".join(page) for page in pages_of(data)]
    assert "Copies to" not in pages[0]
    in_order(pages[-1], ["Mateo Ibarra", "Employee", "No postal address on file", "Electronic (portal)", "04/22/2015"])


@pytest.mark.parametrize("part", list(LetterPart))
def test_each_part_is_left_out_by_a_version_without_it(part: LetterPart) -> None:
    wording = replace(reviewed_wording(), parts=frozenset(LetterPart) - {part})
    data = render_served_pdf(make_served(), wording=wording).data
    tops = [title for title in bookmarks_of(data) if not title.startswith(" ")]
    assert tops == [title for title in [*PARTS[:2], BODY, *PARTS[2:]] if title in [*own_part_headings(wording), BODY]]
    assert len(tops) == 4
    assert structure_problems(data) == []


def test_version_without_parts_is_the_body_alone() -> None:
    wording = reviewed_wording("2013-1")
    served = make_served()
    assert words_of(render_served_pdf(served, wording=wording).data) == words_of(
        render_served_pdf(served, wording=replace(reviewed_wording(), parts=frozenset(), texts=wording.texts)).data
    )
    assert own_part_headings(wording) == ("Changes in this version",)
    assert tags_of(render_served_pdf(served, wording=wording).data).count("/H1") == 1


def test_letterhead_is_printed_where_it_is_known() -> None:
    wording = make_wording(letterhead="100 Example Street, Suite 200\nSacramento, CA 95814", phone="(916) 555-0142")
    pages = [" ".join(page) for page in pages_of(render_served_pdf(make_served(), wording=wording).data)]
    in_order(
        pages[0], ["Alder Creek", "100 Example Street, Suite 200 · Sacramento, CA 95814 · (916) 555-0142", "Date of"]
    )
    assert "Call Alder Creek Independent Medical Review at (916) 555-0142." in pages[1]


def test_logo_of_the_settings_stands_beside_the_name(tmp_path: Path, settings: Settings) -> None:
    picture = tmp_path / "logo.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10h-40z"/></svg>')
    settings.IMR_LETTER_LOGO = picture
    data = render_served_pdf(make_served()).data
    assert alternatives_of(data)[0] == "Logo of Alder Creek Independent Medical Review"
    assert structure_problems(data) == []


def test_logo_that_is_no_picture_fails_the_letter(tmp_path: Path, settings: Settings) -> None:
    picture = tmp_path / "logo.png"
    picture.write_text("not a picture")
    settings.IMR_LETTER_LOGO = picture
    with pytest.raises(RenderError, match="app:logo"):
        render_served_pdf(make_served())


def test_square_has_a_text_alternative_and_holds_the_address() -> None:
    served = make_served()
    assert alternatives_of(render_served_pdf(served).data) == [f"QR code of the address {served.check_url}"]
    code = qr_code(served.check_url)
    # The three corners of a QR code are dark.
    assert code.path.startswith("M0 0.5h7")
    assert f"M{code.size - 7} 0.5h7" in code.path
    assert f"M0 {code.size - 1}.5h7" in code.path


def test_private_names_stand_on_the_pages_around_alone() -> None:
    served = make_served()
    pages = pages_of(render_served_pdf(served).data)
    body = squeezed(" ".join(" ".join(page) for page in pages[2:4]))
    for name in (served.parties.employee, served.parties.claim_number, served.parties.claims_administrator):
        assert squeezed(name) not in body


def test_letter_is_not_served_with_a_gap_in_its_fixed_texts() -> None:
    with pytest.raises(LetterTextError) as refusal:
        render_served_pdf(make_served(), wording=make_wording(binding="", changes_lead=""))
    assert refusal.value.problems == ["The wording 2026-1 lacks the text “binding”."]
    with pytest.raises(LetterTextError, match="changes_lead"):
        render_served_pdf(_corrected(), wording=make_wording(changes_lead=""))


def test_undecided_letter_is_not_served() -> None:
    with pytest.raises(ValueError, match="outcome"):
        render_served_pdf(make_served(make_letter(items=(make_item(outcome=None),))))
