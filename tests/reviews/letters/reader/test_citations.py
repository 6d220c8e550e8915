"""What guideline blocks cite, as far as their words tell."""

import pytest

from cases.enums import GuidelineBasis
from reviews.letters.reader.citations import block_facts
from reviews.letters.reader.grammar import grammar_of
from tests.factories.wording import reviewed_wording

PUBLISHED = grammar_of()
OWN = grammar_of([reviewed_wording()])


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Decision based on MTUS Postsurgical 2009.", "mtus"),
        ("Decision based on MTUS Postsurgical 2009. Decision based on Non-MTUS Citation ODG", "both"),
        ("Decision based on Non-MTUS Citation ODG. Decision based on MTUS Postsurgical 2009.", "both"),
        ("Decision based on Non- MTUS ODG", "non_mtus"),
        ("The Claims Administrator did not base their decision on the MTUS. It is based on ODG.", "non_mtus"),
        ("The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines.", "non_mtus"),
        ("The Expert Reviewer did not cite any medical evidence for its decision.", "none"),
        ("The Claims Administrator did not cite any medical evidence for its decision.", "none"),
        ("See above.", None),
    ],
)  # fmt: skip
def test_block_says_what_its_side_rested_on(text: str, basis: str | None) -> None:
    assert block_facts(text, PUBLISHED).basis == (GuidelineBasis(basis) if basis else None)


def test_our_own_leads_are_known_with_their_wording() -> None:
    said = reviewed_wording().said
    assert block_facts(said["claims_none"], OWN).basis == GuidelineBasis.NONE
    assert block_facts(said["reviewer_non_mtus"], OWN).lead == said["reviewer_non_mtus"]
    assert block_facts(said["claims_none"], PUBLISHED).basis is None


def test_chapters_with_commas_stay_whole_and_lists_are_split_only_by_known_names() -> None:
    text = (
        "Decision based on MTUS Forearm, Wrist, and Hand Complaints 2004, Section(s): Special Studies, and Chronic "
        "Pain Medical Treatment 2016, Section(s): NSAIDs, GI symptoms & cardiovascular risk, Physical Medicine, and "
        "Postsurgical 2009, and Low Back Complaints 2004 Guidelines, Section(s): 326."
    )
    names = ["NSAIDs, GI symptoms & cardiovascular risk", "Physical Medicine", "Special Studies"]
    plain, known = block_facts(text, PUBLISHED), block_facts(text, PUBLISHED, sections=names)

    assert [(cited.chapter, cited.year) for cited in plain.mtus] == [
        ("Forearm, Wrist, and Hand Complaints", 2004),
        ("Chronic Pain Medical Treatment", 2016),
        ("Postsurgical", 2009),
        ("Low Back Complaints", 2004),
    ]
    assert plain.mtus[1].sections == ("NSAIDs, GI symptoms & cardiovascular risk, Physical Medicine",)
    assert known.mtus[1].sections == ("NSAIDs, GI symptoms & cardiovascular risk", "Physical Medicine")
    assert known.mtus[3].sections == ("326",)
    assert " ".join(cited.text for cited in plain.mtus) in text.replace(", and Chronic", " Chronic").replace(
        ", and Postsurgical", " Postsurgical"
    ).replace(", and Low", " Low")


def test_regulation_gives_year_and_pages() -> None:
    text = (
        "Decision based on MTUS Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20 9792.26 MTUS (Effective July 18, "
        "2009) Page(s): 46-47 of 127. Decision based on Non-MTUS Citation ODG, 2015, https://www.odg.example/a(b)/c.html."
    )
    facts = block_facts(text, PUBLISHED)

    assert (facts.mtus[0].chapter, facts.mtus[0].year) == ("Chronic Pain Treatment Guidelines", 2009)
    assert facts.mtus[0].pages == "46-47 of 127"
    assert facts.outside[0].links == ("https://www.odg.example/a(b)/c.html",)
    assert facts.outside[0].years == (2015,)


def test_unknown_citation_is_kept_as_one_text() -> None:
    facts = block_facts("Decision based on MTUS some chapter that nobody knows", PUBLISHED)

    assert facts.mtus[0].text == facts.mtus[0].chapter == "some chapter that nobody knows"
    assert facts.mtus[0].year is None
