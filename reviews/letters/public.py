"""The public copy of a letter: an allow-list of what a published determination shows (LC 4610.6(m)).

Every field is named here; whatever else a letter may ever hold stays out until somebody adds it to this list. The
worker, the employer, the claims administrator, the physician, the attorneys, the claim number, the cover page, the
documents and the proof of service have no field.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from cases.enums import GuidelineBasis, Outcome
from reviews.enums import CitationSide
from reviews.letters.final import FinalDeterminationLetter, GuidelineBlock, LetterItem
from reviews.letters.phrases import ItemShape
from reviews.rules.leaks import redact


@dataclass(frozen=True, slots=True)
class Redaction:
    """Words that the public copy does not show: every occurrence of `text` in `place`, or everywhere."""

    text: str
    place: str = ""

    def to_data(self) -> dict[str, str]:
        return {"text": self.text, "place": self.place}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(text=data["text"], place=data["place"])


@dataclass(frozen=True, slots=True)
class PublicItem:
    """A disputed item as it is published: what was asked for, how it was decided, on what, and why."""

    position: int
    shape: ItemShape
    is_retrospective: bool
    text: str
    outcome: Outcome | None
    claims_basis: GuidelineBasis | None
    claims_lead: str
    claims_guideline: str
    reviewer_basis: GuidelineBasis | None
    reviewer_lead: str
    reviewer_guideline: str
    rationale: str


@dataclass(frozen=True, slots=True)
class PublicLetter:
    """Everything that leaves the organization when a determination is published."""

    template_version: str
    organization_name: str
    reviewer_guideline_label: str
    case_number: str
    date_assigned: date
    date_of_injury: date
    decision_date: date
    ur_denial_date: date
    priority: str
    application_received: date
    states_of_licensure: tuple[str, ...]
    certifications: tuple[str, ...]
    clinical_case_summary: str
    items: tuple[PublicItem, ...]

    def as_letter(self) -> FinalDeterminationLetter:
        """The same in the shape that renderers and exports take; it holds nothing beside these fields."""
        return FinalDeterminationLetter(
            template_version=self.template_version,
            organization_name=self.organization_name,
            reviewer_guideline_label=self.reviewer_guideline_label,
            case_number=self.case_number,
            date_assigned=self.date_assigned,
            date_of_injury=self.date_of_injury,
            decision_date=self.decision_date,
            ur_denial_date=self.ur_denial_date,
            priority=self.priority,
            application_received=self.application_received,
            states_of_licensure=self.states_of_licensure,
            certifications=self.certifications,
            clinical_case_summary=self.clinical_case_summary,
            items=tuple(_letter_item(item) for item in self.items),
        )


def public_letter(letter: FinalDeterminationLetter, redactions: Iterable[Redaction] = ()) -> PublicLetter:
    """What may be published of `letter`, the redacted words replaced by `[redacted]`.

    The places of redactions are those of `FinalDeterminationLetter.texts`. The dates and the case number stay, as in
    published determinations.
    """
    rules = tuple(redactions)

    def shown(place: str, text: str) -> str:
        for rule in rules:
            if rule.place in {"", place}:
                text = redact(text, rule.text)
        return text

    return PublicLetter(
        template_version=letter.template_version,
        organization_name=letter.organization_name,
        reviewer_guideline_label=letter.reviewer_guideline_label,
        case_number=letter.case_number,
        date_assigned=letter.date_assigned,
        date_of_injury=letter.date_of_injury,
        decision_date=letter.decision_date,
        ur_denial_date=letter.ur_denial_date,
        priority=letter.priority,
        application_received=letter.application_received,
        states_of_licensure=tuple(shown("State(s) of Licensure", state) for state in letter.states_of_licensure),
        certifications=tuple(shown("Certification(s)/Specialty", name) for name in letter.certifications),
        clinical_case_summary=shown("Clinical case summary", letter.clinical_case_summary),
        items=tuple(
            PublicItem(
                position=item.position,
                shape=item.shape,
                is_retrospective=item.is_retrospective,
                text=shown(f"Item {item.position}, text", item.text),
                outcome=item.outcome,
                claims_basis=item.claims_administrator.basis,
                claims_lead=item.claims_administrator.lead,
                claims_guideline=shown(
                    f"Item {item.position}, claims administrator's guideline", item.claims_administrator.text
                ),
                reviewer_basis=item.reviewer.basis,
                reviewer_lead=item.reviewer.lead,
                reviewer_guideline=shown(f"Item {item.position}, reviewer's guideline", item.reviewer.text),
                rationale=shown(f"Item {item.position}, decision rationale", item.rationale),
            )
            for item in letter.items
        ),
    )


def _letter_item(item: PublicItem) -> LetterItem:
    return LetterItem(
        position=item.position,
        shape=item.shape,
        is_retrospective=item.is_retrospective,
        text=item.text,
        outcome=item.outcome,
        claims_administrator=GuidelineBlock(
            side=CitationSide.CLAIMS_ADMINISTRATOR,
            basis=item.claims_basis,
            text=item.claims_guideline,
            lead=item.claims_lead,
        ),
        reviewer=GuidelineBlock(
            side=CitationSide.REVIEWER,
            basis=item.reviewer_basis,
            text=item.reviewer_guideline,
            lead=item.reviewer_lead,
        ),
        rationale=item.rationale,
    )
