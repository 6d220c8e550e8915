"""The final determination letter: its words and figures, and nothing that names a reviewer.

`FinalDeterminationLetter` is the only source of the letter. The PDF, the preview, the stored snapshot and every
export are functions of it. The texts are kept as written: chapters, years and sections are not taken apart again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from cases.enums import CaseOutcome, GuidelineBasis, Outcome
from cases.rules.outcome import case_outcome
from reviews.enums import CitationSide
from reviews.letters.phrases import ItemShape, TextPiece, linked, paragraphs_of


@dataclass(frozen=True, slots=True)
class GuidelineBlock:
    """What one side based its decision on. `text` holds the citations as printed; it is empty for `none`.

    `lead` is the fixed sentence before the citations, in the wording of the letter's time (`LetterWording.lead`); it
    is empty when the MTUS is cited, and in a published letter that was read back, whose `text` holds all its words.
    `basis` is None only in a draft, while the question is open.
    """

    side: CitationSide
    basis: GuidelineBasis | None
    text: str = ""
    lead: str = ""

    @property
    def printed(self) -> str:
        """Lead and citations, as the letter says them after the label."""
        return " ".join(part for part in (self.lead, self.text) if part)

    @property
    def paragraphs(self) -> tuple[tuple[TextPiece, ...], ...]:
        return tuple(linked(part) for part in paragraphs_of(self.printed))


@dataclass(frozen=True, slots=True)
class LetterItem:
    """One disputed item as decided. `text` is the whole item text before the colon and the outcome.

    `outcome` is None only in a draft.
    """

    position: int
    shape: ItemShape
    is_retrospective: bool
    text: str
    outcome: Outcome | None
    claims_administrator: GuidelineBlock
    reviewer: GuidelineBlock
    rationale: str

    @property
    def rationale_paragraphs(self) -> tuple[str, ...]:
        return paragraphs_of(self.rationale)

    @property
    def is_decided(self) -> bool:
        """Whether outcome, rationale and both sides' bases are there."""
        has_bases = self.claims_administrator.basis is not None and self.reviewer.basis is not None
        return self.outcome is not None and has_bases and bool(self.rationale_paragraphs)


@dataclass(frozen=True, slots=True)
class FinalDeterminationLetter:
    """Everything the letter shows. There is no field for a reviewer's name (LC 4610.6(f)).

    Dates are calendar days in California. States and certifications keep the order in which they are printed.
    """

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
    items: tuple[LetterItem, ...]

    @property
    def title(self) -> str:
        return f"{self.case_number} Final Determination"

    @property
    def file_name(self) -> str:
        return f"{self.case_number}_final-determination.pdf"

    @property
    def outcome(self) -> CaseOutcome | None:
        """Of the whole case, derived from the items; None while an item is undecided."""
        return case_outcome(item.outcome or "" for item in self.items)

    @property
    def summary_paragraphs(self) -> tuple[str, ...]:
        return paragraphs_of(self.clinical_case_summary)

    @property
    def length(self) -> int:
        """Characters of all free text together."""
        return len(self.clinical_case_summary) + sum(
            len(item.text) + len(item.claims_administrator.text) + len(item.reviewer.text) + len(item.rationale)
            for item in self.items
        )

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text that a person wrote, with the words for where it stands, in the order of the letter."""
        parts = [
            ("State(s) of Licensure", ", ".join(self.states_of_licensure)),
            ("Certification(s)/Specialty", ", ".join(self.certifications)),
            ("Clinical case summary", self.clinical_case_summary),
        ]
        for item in self.items:
            parts += [
                (f"Item {item.position}, text", item.text),
                (f"Item {item.position}, claims administrator's guideline", item.claims_administrator.text),
                (f"Item {item.position}, reviewer's guideline", item.reviewer.text),
                (f"Item {item.position}, decision rationale", item.rationale),
            ]
        return tuple(parts)

    def gaps(self) -> tuple[str, ...]:
        """What a letter that is to be signed still lacks, a sentence each; empty when it can be."""
        missing = []
        if not self.states_of_licensure:
            missing.append("No valid license is on file for the reviewer.")
        if not self.certifications:
            missing.append("No valid certification or specialty is on file for the reviewer.")
        if not self.summary_paragraphs:
            missing.append("Write the clinical case summary.")
        if not self.items:
            missing.append("The case has no eligible item that is still open.")
        missing += [f"Item {item.position} is not decided yet." for item in self.items if not item.is_decided]
        return tuple(missing)

    def to_data(self) -> dict[str, Any]:
        """Plain values that JSON can hold; `from_data` reads them back without loss."""
        return {
            "template_version": self.template_version,
            "organization_name": self.organization_name,
            "reviewer_guideline_label": self.reviewer_guideline_label,
            "case_number": self.case_number,
            "date_assigned": self.date_assigned.isoformat(),
            "date_of_injury": self.date_of_injury.isoformat(),
            "decision_date": self.decision_date.isoformat(),
            "ur_denial_date": self.ur_denial_date.isoformat(),
            "priority": self.priority,
            "application_received": self.application_received.isoformat(),
            "states_of_licensure": list(self.states_of_licensure),
            "certifications": list(self.certifications),
            "clinical_case_summary": self.clinical_case_summary,
            "items": [_item_to_data(item) for item in self.items],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The letter of `to_data`; raises `KeyError` or `ValueError` for anything else."""
        return cls(
            template_version=data["template_version"],
            organization_name=data["organization_name"],
            reviewer_guideline_label=data["reviewer_guideline_label"],
            case_number=data["case_number"],
            date_assigned=date.fromisoformat(data["date_assigned"]),
            date_of_injury=date.fromisoformat(data["date_of_injury"]),
            decision_date=date.fromisoformat(data["decision_date"]),
            ur_denial_date=date.fromisoformat(data["ur_denial_date"]),
            priority=data["priority"],
            application_received=date.fromisoformat(data["application_received"]),
            states_of_licensure=tuple(data["states_of_licensure"]),
            certifications=tuple(data["certifications"]),
            clinical_case_summary=data["clinical_case_summary"],
            items=tuple(_item_from_data(item) for item in data["items"]),
        )


@dataclass(frozen=True, slots=True)
class ReviewedDocument:
    """A document as it stood when the determination was signed; `use` is what the reviewer said of it.

    `sender` is in words ("Claims administrator"); `dated_on` is a calendar day or None.
    """

    id: int
    sha256: str
    page_count: int
    use: str
    title: str = ""
    author: str = ""
    dated_on: date | None = None
    sender: str = ""

    def to_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "sha256": self.sha256,
            "page_count": self.page_count,
            "use": self.use,
            "title": self.title,
            "author": self.author,
            "dated_on": self.dated_on.isoformat() if self.dated_on else None,
            "sender": self.sender,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The document of `to_data`; what an earlier form of it did not hold stays empty."""
        values = dict(data)
        dated_on = values.pop("dated_on", None)
        return cls(**values, dated_on=date.fromisoformat(dated_on) if dated_on else None)


@dataclass(frozen=True, slots=True)
class PanelVoice:
    """How one seat of a panel decided: each item's position with the outcome; the digest is that of its opinion."""

    seat: int
    snapshot_sha256: str
    outcomes: tuple[tuple[int, Outcome], ...]

    def to_data(self) -> dict[str, Any]:
        return {
            "seat": self.seat,
            "snapshot_sha256": self.snapshot_sha256,
            "outcomes": [{"position": position, "outcome": outcome.value} for position, outcome in self.outcomes],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            seat=data["seat"],
            snapshot_sha256=data["snapshot_sha256"],
            outcomes=tuple((row["position"], Outcome(row["outcome"])) for row in data["outcomes"]),
        )


@dataclass(frozen=True, slots=True)
class SignedSnapshot:
    """What a signature freezes: the letter, and the documents that were before the reviewer (8 CCR 9792.10.6(d)).

    `panel` says how each of several reviewers decided; with one reviewer it is empty and leaves no trace.
    """

    letter: FinalDeterminationLetter
    documents: tuple[ReviewedDocument, ...] = ()
    panel: tuple[PanelVoice, ...] = ()

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "letter": self.letter.to_data(),
            "documents": [paper.to_data() for paper in self.documents],
        }
        if self.panel:
            data["panel"] = [voice.to_data() for voice in self.panel]
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            letter=FinalDeterminationLetter.from_data(data["letter"]),
            documents=tuple(ReviewedDocument.from_data(paper) for paper in data["documents"]),
            panel=tuple(PanelVoice.from_data(voice) for voice in data.get("panel", ())),
        )

    def to_json(self) -> str:
        """The canonical form: sorted keys, no blanks, UTF-8 characters as they are."""
        return canonical_json(self.to_data())

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls.from_data(json.loads(text))

    @property
    def sha256(self) -> str:
        """Digest of the canonical form; the same words have the same digest on every machine."""
        return digest_of(self.to_data())


def canonical_json(data: Mapping[str, Any]) -> str:
    """Sorted keys, no blanks, UTF-8 characters as they are: one text for one content."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form of `data`, in hexadecimal."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()


def _item_to_data(item: LetterItem) -> dict[str, Any]:
    return {
        "position": item.position,
        "shape": item.shape.value,
        "is_retrospective": item.is_retrospective,
        "text": item.text,
        "outcome": item.outcome.value if item.outcome else None,
        "claims_administrator": _block_to_data(item.claims_administrator),
        "reviewer": _block_to_data(item.reviewer),
        "rationale": item.rationale,
    }


def _item_from_data(data: Mapping[str, Any]) -> LetterItem:
    return LetterItem(
        position=data["position"],
        shape=ItemShape(data["shape"]),
        is_retrospective=data["is_retrospective"],
        text=data["text"],
        outcome=Outcome(data["outcome"]) if data["outcome"] else None,
        claims_administrator=_block_from_data(CitationSide.CLAIMS_ADMINISTRATOR, data["claims_administrator"]),
        reviewer=_block_from_data(CitationSide.REVIEWER, data["reviewer"]),
        rationale=data["rationale"],
    )


def _block_to_data(block: GuidelineBlock) -> dict[str, Any]:
    return {"basis": block.basis.value if block.basis else None, "lead": block.lead, "text": block.text}


def _block_from_data(side: CitationSide, data: Mapping[str, Any]) -> GuidelineBlock:
    basis = GuidelineBasis(data["basis"]) if data["basis"] else None
    return GuidelineBlock(side=side, basis=basis, text=data["text"], lead=data.get("lead", ""))
