"""The labels, headings and fixed sentences by which a letter is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reviews.letters.wording import LetterWording, TextKey, own_part_headings

HOW_HEADING = "HOW THE IMR FINAL DETERMINATION WAS MADE"
SUMMARY_HEADING = "CLINICAL CASE SUMMARY"
ITEMS_HEADING = "IMR ISSUES, DECISIONS AND RATIONALES"
CREDENTIALS_LEAD = "The Expert Reviewer has the following credentials:"
SUMMARY_LEAD = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, including "
    "all medical records:"
)
ITEMS_LEAD = "The Final Determination was based on decisions for the disputed items/services set forth below:"
PUBLISHED_LABEL = "MAXIMUS guideline"

# Parts that our own letters add around the body, each under a heading at the top of a page.
OWN_PART_HEADINGS = ("Documents considered", "Proof of service", "Summary in plain language", "Changes in this version")

CASE_NUMBER = re.compile(r"\bCM\d{2}-\d{7}\b")
STATES_LABEL = re.compile(r"State\(s\)\s+of\s+Licensure\s*:")
CERTIFICATIONS_LABEL = re.compile(r"Certification\(s\)\s*/\s*Specialty\s*:")
CLAIMS_LABEL = re.compile(r"Claims\s+Administrator\s+guideline\s*:")
RATIONALE_LABEL = re.compile(r"^Decision\s+rationale\s*:", re.MULTILINE)
DECIDED = re.compile(r":\s*(?P<outcome>Upheld|Overturned)\s+(?P<label>Claims\s+Administrator\s+guideline\s*:)")
ANY_GUIDELINE_LABEL = re.compile(r"^(?P<label>[A-Z][^\s:]*(?:[ ][^\s:]+){0,7}?\s+guideline)\s*:", re.MULTILINE)

CLAIMS_NONE = "The Claims Administrator did not cite any medical evidence for its decision."
CLAIMS_OUTSIDE = "The Claims Administrator based their decision on recommendation(s) outside of the MTUS Guidelines."
CLAIMS_OUTSIDE_2015 = "The Claims Administrator did not base their decision on the MTUS."
REVIEWER_NONE = "The Expert Reviewer did not cite any medical evidence for its decision."
REVIEWER_OUTSIDE = "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines."
REVIEWER_OUTSIDE_2015 = "The Expert Reviewer did not base their decision on the MTUS."


@dataclass(frozen=True, slots=True)
class Grammar:
    """What to look for: the published wording, and every wording of ours that is known."""

    how_headings: tuple[str, ...]
    summary_headings: tuple[str, ...]
    items_headings: tuple[str, ...]
    credentials_leads: tuple[str, ...]
    summary_leads: tuple[str, ...]
    items_leads: tuple[str, ...]
    reviewer_labels: tuple[str, ...]
    none_leads: tuple[str, ...]
    outside_leads: tuple[str, ...]
    mtus_phrases: tuple[str, ...]
    outside_phrases: tuple[str, ...]
    own_headings: tuple[str, ...]


def grammar_of(wordings: Iterable[LetterWording] = ()) -> Grammar:
    """The published wording together with `wordings`."""
    wordings = tuple(wordings)
    parts = [heading for wording in wordings for heading in own_part_headings(wording)]

    def known(key: TextKey, *published: str) -> tuple[str, ...]:
        said = (" ".join(wording.say(key).split()) for wording in wordings)
        return tuple(dict.fromkeys(words for words in (*published, *said) if words))

    labels = (PUBLISHED_LABEL, *(wording.reviewer_guideline_label.rstrip(" :") for wording in wordings))
    return Grammar(
        how_headings=known(TextKey.HOW_HEADING, HOW_HEADING),
        summary_headings=known(TextKey.SUMMARY_HEADING, SUMMARY_HEADING),
        items_headings=known(TextKey.ITEMS_HEADING, ITEMS_HEADING),
        credentials_leads=known(TextKey.CREDENTIALS_LEAD, CREDENTIALS_LEAD),
        summary_leads=known(TextKey.SUMMARY_LEAD, SUMMARY_LEAD),
        items_leads=known(TextKey.ITEMS_LEAD, ITEMS_LEAD),
        reviewer_labels=tuple(dict.fromkeys(label for label in labels if label)),
        none_leads=(*known(TextKey.CLAIMS_NONE, CLAIMS_NONE), *known(TextKey.REVIEWER_NONE, REVIEWER_NONE)),
        outside_leads=(
            *known(TextKey.CLAIMS_NON_MTUS, CLAIMS_OUTSIDE, CLAIMS_OUTSIDE_2015),
            *known(TextKey.REVIEWER_NON_MTUS, REVIEWER_OUTSIDE, REVIEWER_OUTSIDE_2015),
        ),
        mtus_phrases=known(TextKey.CITES_MTUS, "Decision based on MTUS"),
        outside_phrases=known(
            TextKey.CITES_NON_MTUS, "Decision based on Non-MTUS Citation", "Decision based on Non-MTUS"
        ),
        own_headings=tuple(dict.fromkeys((*OWN_PART_HEADINGS, *parts))),
    )


def phrase(words: str) -> str:
    """A pattern for `words` with any white space between them, also after a hyphen or a slash at a line's end."""
    return r"\s+".join(
        re.sub(r"(?<=[-/])(?=[A-Za-z])", r"\\s*", re.escape(word).replace(r"\-", "-")) for word in words.split()
    )


def heading_line(headings: Iterable[str]) -> re.Pattern[str]:
    """One of the headings alone on its lines."""
    return re.compile(r"^(?:" + "|".join(phrase(words) for words in headings) + r")\s*$", re.MULTILINE)
