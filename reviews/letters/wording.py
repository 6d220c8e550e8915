"""The fixed sentences of a letter, as one version of them says it. They are data with dates in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.enums import GuidelineBasis
from reviews.enums import CitationSide


class LetterPart(StrEnum):
    """Parts that a version may add to the body of the letter, in their order."""

    COVER = "cover"
    DOCUMENTS = "documents"
    PLAIN_SUMMARY = "plain_summary"
    PROOF_OF_SERVICE = "proof_of_service"


class TextKey(StrEnum):
    """The fixed texts of a letter that a version words."""

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
        text = self.texts.get(key, "")
        for name, value in {"organization": self.organization_name, **values}.items():
            text = text.replace("{" + name + "}", value)
        return text

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
