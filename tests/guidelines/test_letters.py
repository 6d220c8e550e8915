from datetime import date
from typing import Any

import pytest

from guidelines.letters import CitedPlace, citation_text, citations_text, long_date


def place(**fields: Any) -> CitedPlace:
    return CitedPlace(
        **{"body": "mtus", "source": "Low Back Complaints", "year": 2004, "effective_on": date(2009, 7, 18), **fields}
    )


CHRONIC_PAIN_2009 = {
    "source": "Chronic Pain Medical Treatment",
    "year": 2009,
    "label": "Chronic Pain Treatment Guidelines",
    "regulation": "8 C.C.R. 9792.20-9792.26",
    "page_total": 127,
}
ODG: dict[str, Any] = {"body": "odg", "source": "Official Disability Guidelines (ODG)", "year": 2013}


@pytest.mark.parametrize(
    ("cited", "pages", "text"),
    [
        (
            place(**CHRONIC_PAIN_2009, section="Exercise", pages="46-47"),
            None,
            (
                "Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20-9792.26 MTUS (Effective July 18, 2009) "
                "Page(s): 46-47 of 127"
            ),
        ),
        (
            place(**CHRONIC_PAIN_2009, section="Exercise", pages="46-47"),
            "47",
            (
                "Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20-9792.26 MTUS (Effective July 18, 2009) "
                "Page(s): 47 of 127"
            ),
        ),
        (
            place(**CHRONIC_PAIN_2009, section="Cannabinoids"),
            None,
            (
                "Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20-9792.26 MTUS (Effective July 18, 2009), "
                "Section(s): Cannabinoids"
            ),
        ),
        (place(section="Special Studies"), None, "Low Back Complaints 2004, Section(s): Special Studies"),
        (
            place(section="Special Studies"),
            "303-305",
            "Low Back Complaints 2004, Section(s): Special Studies, Page(s): 303-305",
        ),
        (place(), "303", "Low Back Complaints 2004, Page(s): 303"),
        (place(regulation="8 CCR 9792.23.5"), None, "Low Back Complaints 2004"),
        (
            place(**ODG, chapter="Low Back Chapter", section="Gym Memberships"),
            None,
            "Official Disability Guidelines (ODG), Low Back Chapter, Gym Memberships",
        ),
        (place(**ODG, chapter="Pain Chapter"), None, "Official Disability Guidelines (ODG), Pain Chapter"),
        (
            place(body="acoem", source="ACOEM", year=2011, section="Low Back Disorders"),
            "12",
            "ACOEM, Low Back Disorders, Page(s): 12",
        ),
    ],
)
def test_citation_text_prints_each_style(cited: CitedPlace, pages: str | None, text: str) -> None:
    assert citation_text(cited, pages) == text


def test_citations_text_names_an_edition_once_and_joins_mtus_editions_as_letters_do() -> None:
    shoulder = place(source="Shoulder Complaints", section="Surgical Considerations")
    both = [place(section="Special Studies"), shoulder, place(section="Physical Methods")]
    assert citations_text(both) == (
        "Low Back Complaints 2004, Section(s): Special Studies, Physical Methods, "
        "and Shoulder Complaints 2004, Section(s): Surgical Considerations"
    )


def test_citations_text_groups_chapters_and_parts_other_sources_by_semicolons() -> None:
    cited = [
        place(**ODG, chapter="Low Back Chapter", section="Gym Memberships"),
        place(body="other", source="UpToDate", year=2013),
        place(**ODG, chapter="Low Back Chapter", section="Back brace"),
    ]
    assert citations_text(cited) == (
        "Official Disability Guidelines (ODG), Low Back Chapter, Gym Memberships, Back brace; UpToDate"
    )


def test_long_date_is_in_english() -> None:
    assert long_date(date(2009, 7, 18)) == "July 18, 2009"
