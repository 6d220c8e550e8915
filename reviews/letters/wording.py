"""The fixed sentences of a letter, as one version of them says it. They are data with dates in force."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.enums import GuidelineBasis
from reviews.enums import CitationSide


class LetterPart(StrEnum):
    """Parts that a version may add to the body of the letter. Cover and plain summary precede it, the others follow."""

    COVER = "cover"
    DOCUMENTS = "documents"
    PLAIN_SUMMARY = "plain_summary"
    PROOF_OF_SERVICE = "proof_of_service"


class TextKey(StrEnum):
    """The fixed texts of a letter that a version words: those of the body, then those of each part."""

    TITLE = "title"
    HOW_HEADING = "how_heading"
    HOW = "how"
    CREDENTIALS_LEAD = "credentials_lead"
    SUMMARY_HEADING = "summary_heading"
    SUMMARY_LEAD = "summary_lead"
    ITEMS_HEADING = "items_heading"
    ITEMS_LEAD = "items_lead"
    CLAIMS_NONE = "claims_none"
    CLAIMS_NON_MTUS = "claims_non_mtus"
    REVIEWER_NONE = "reviewer_none"
    REVIEWER_NON_MTUS = "reviewer_non_mtus"
    CITES_MTUS = "cites_mtus"
    CITES_NON_MTUS = "cites_non_mtus"

    LETTERHEAD = "letterhead"
    PHONE = "phone"

    COVER_HEADING = "cover_heading"
    COVER_OPENING = "cover_opening"
    VERSION = "version"
    OUTCOME_HEADING = "outcome_heading"
    UPHOLD = "uphold"
    UPHOLD_MEANING = "uphold_meaning"
    UPHOLD_MEANING_ONE = "uphold_meaning_one"
    UPHOLD_EMPLOYEE = "uphold_employee"
    UPHOLD_CLAIMS_ADMINISTRATOR = "uphold_claims_administrator"
    OVERTURN = "overturn"
    OVERTURN_MEANING = "overturn_meaning"
    OVERTURN_MEANING_ONE = "overturn_meaning_one"
    OVERTURN_EMPLOYEE = "overturn_employee"
    OVERTURN_CLAIMS_ADMINISTRATOR = "overturn_claims_administrator"
    PARTIAL_OVERTURN = "partial_overturn"
    PARTIAL_OVERTURN_MEANING = "partial_overturn_meaning"
    PARTIAL_OVERTURN_EMPLOYEE = "partial_overturn_employee"
    PARTIAL_OVERTURN_CLAIMS_ADMINISTRATOR = "partial_overturn_claims_administrator"
    BINDING = "binding"
    APPEAL = "appeal"
    APPEAL_UNDATED = "appeal_undated"
    SIGN_OFF = "sign_off"
    CHECK = "check"

    CHANGES_HEADING = "changes_heading"
    CHANGES_LEAD = "changes_lead"

    PLAIN_HEADING = "plain_heading"
    PLAIN_LEAD = "plain_lead"
    PLAIN_DECIDED_HEADING = "plain_decided_heading"
    PLAIN_ASKED = "plain_asked"
    PLAIN_HAD = "plain_had"
    PLAIN_ASKED_REST = "plain_asked_rest"
    PLAIN_ASKED_INSTEAD = "plain_asked_instead"
    PLAIN_UPHELD = "plain_upheld"
    PLAIN_OVERTURNED = "plain_overturned"
    PLAIN_UPHELD_HAD = "plain_upheld_had"
    PLAIN_OVERTURNED_HAD = "plain_overturned_had"
    PLAIN_NEXT_HEADING = "plain_next_heading"
    PLAIN_NEXT_UPHELD = "plain_next_upheld"
    PLAIN_NEXT_OVERTURNED = "plain_next_overturned"
    PLAIN_NEXT_OVERTURNED_HAD = "plain_next_overturned_had"
    PLAIN_APPEAL_HEADING = "plain_appeal_heading"
    PLAIN_APPEAL = "plain_appeal"
    PLAIN_APPEAL_UNDATED = "plain_appeal_undated"
    PLAIN_HELP_HEADING = "plain_help_heading"
    PLAIN_HELP = "plain_help"
    PLAIN_CALL = "plain_call"

    DOCUMENTS_HEADING = "documents_heading"
    DOCUMENTS_LEAD = "documents_lead"
    DOCUMENTS_NONE = "documents_none"
    USE_CONSIDERED = "use_considered"
    USE_LATE = "use_late"
    USE_NOT_RELEVANT = "use_not_relevant"
    USE_UNREAD = "use_unread"

    PROOF_HEADING = "proof_heading"
    PROOF_LEAD = "proof_lead"
    PROOF_NONE = "proof_none"
    PROOF_DECLARATION = "proof_declaration"
    NO_ADDRESS = "no_address"


# The placeholders that a text may hold beside `{organization}`.
PLACEHOLDERS: Mapping[TextKey, frozenset[str]] = {
    TextKey.VERSION: frozenset({"version", "supersedes_date"}),
    TextKey.UPHOLD_MEANING: frozenset({"items"}),
    TextKey.OVERTURN_MEANING: frozenset({"items"}),
    TextKey.PARTIAL_OVERTURN_MEANING: frozenset({"items", "overturned", "upheld"}),
    TextKey.APPEAL: frozenset({"appeal_until", "appeal_citation"}),
    TextKey.CHECK: frozenset({"check_code", "check_url"}),
    TextKey.CHANGES_LEAD: frozenset({"version", "supersedes_date"}),
    TextKey.PLAIN_ASKED: frozenset({"request"}),
    TextKey.PLAIN_HAD: frozenset({"request"}),
    TextKey.PLAIN_ASKED_REST: frozenset({"request", "authorized", "rest"}),
    TextKey.PLAIN_ASKED_INSTEAD: frozenset({"request", "authorized"}),
    TextKey.PLAIN_APPEAL: frozenset({"appeal_until"}),
    TextKey.PLAIN_HELP: frozenset({"case_number"}),
    TextKey.PLAIN_CALL: frozenset({"phone", "case_number"}),
    TextKey.PROOF_LEAD: frozenset({"service_date", "case_number", "version"}),
}

# Texts that may be empty: what is not known is not printed.
_OPTIONAL = frozenset({TextKey.LETTERHEAD, TextKey.PHONE})
_OWN_HEADINGS = {
    LetterPart.COVER: TextKey.COVER_HEADING,
    LetterPart.PLAIN_SUMMARY: TextKey.PLAIN_HEADING,
    LetterPart.DOCUMENTS: TextKey.DOCUMENTS_HEADING,
    LetterPart.PROOF_OF_SERVICE: TextKey.PROOF_HEADING,
}
# The last text of the body and of each part, in the order of `TextKey`.
_LAST_TEXTS: tuple[tuple[LetterPart | None, TextKey], ...] = (
    (None, TextKey.CITES_NON_MTUS),
    (LetterPart.COVER, TextKey.CHECK),
    (None, TextKey.CHANGES_LEAD),
    (LetterPart.PLAIN_SUMMARY, TextKey.PLAIN_CALL),
    (LetterPart.DOCUMENTS, TextKey.USE_UNREAD),
    (LetterPart.PROOF_OF_SERVICE, TextKey.NO_ADDRESS),
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")

_LEADS = {
    (CitationSide.CLAIMS_ADMINISTRATOR, GuidelineBasis.NONE): TextKey.CLAIMS_NONE,
    (CitationSide.CLAIMS_ADMINISTRATOR, GuidelineBasis.NON_MTUS): TextKey.CLAIMS_NON_MTUS,
    (CitationSide.REVIEWER, GuidelineBasis.NONE): TextKey.REVIEWER_NONE,
    (CitationSide.REVIEWER, GuidelineBasis.NON_MTUS): TextKey.REVIEWER_NON_MTUS,
}


@dataclass(frozen=True, slots=True)
class LetterWording:
    """One version of the fixed sentences. `layout` names the page template and the style sheet.

    A text may hold `{organization}`, which stands for the name of the organization.
    """

    version: str
    layout: str
    organization_name: str
    reviewer_guideline_label: str
    texts: Mapping[str, str]
    parts: frozenset[LetterPart] = frozenset()

    def say(self, key: str, **values: str) -> str:
        """The text of `key` with its placeholders filled; empty when this version does not have it."""
        known = {"organization": self.organization_name, **values}
        # In one pass: what a value brings along, as a request with braces in it, is not filled again.
        return _PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), self.texts.get(key, ""))

    @property
    def said(self) -> dict[str, str]:
        """Every text of `TextKey` by its key, the placeholders filled."""
        return {key.value: self.say(key) for key in TextKey}

    def lead(self, side: CitationSide, basis: GuidelineBasis | None) -> str:
        """The sentence before the citations of one side; empty when the MTUS is cited or nothing is decided."""
        key = _LEADS.get((side, basis)) if basis else None
        return self.say(key) if key else ""

    @property
    def citation_phrases(self) -> tuple[str, str]:
        """What the sentence of MTUS citations and that of other citations begin with."""
        return self.say(TextKey.CITES_MTUS), self.say(TextKey.CITES_NON_MTUS)


def required_texts(parts: Iterable[LetterPart]) -> tuple[TextKey, ...]:
    """The texts that a version with these parts cannot do without."""
    wanted, keys, texts = {None, *parts}, [], iter(TextKey)
    for part, last in _LAST_TEXTS:
        for key in texts:
            if part in wanted and key not in _OPTIONAL:
                keys.append(key)
            if key == last:
                break
    return tuple(keys)


def own_part_headings(wording: LetterWording) -> tuple[str, ...]:
    """The headings of the pages around the body, as printed; each stands at the top of a page of its own, that of the
    cover under the letterhead. None but these pages holds text that is not of the published form."""
    parts = [key for part, key in _OWN_HEADINGS.items() if part in wording.parts]
    headings = [wording.say(key) for key in [*parts, TextKey.CHANGES_HEADING]]
    return tuple(heading for heading in headings if heading)
