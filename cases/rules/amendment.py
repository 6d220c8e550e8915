"""Amending an application after it was filed: when, by whom, what counts as filed when, what changed. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Self

from cases.enums import CaseStatus, DraftStep, ReviewType, SignerKind
from imr.accounts.enums import CLAIMS_ROLES, Role

# While eligibility is open, an application may also gain and lose items.
BEFORE_FINDING: Final = frozenset(
    {CaseStatus.RECEIVED, CaseStatus.ELIGIBILITY_REVIEW, CaseStatus.INFO_REQUESTED, CaseStatus.DEFERRED}
)
BEFORE_REVIEW: Final = BEFORE_FINDING | {
    CaseStatus.ELIGIBLE,
    CaseStatus.AWAITING_RECORDS,
    CaseStatus.INSUFFICIENT_RECORDS,
    CaseStatus.READY_FOR_REVIEW,
}
WITH_REVIEWER: Final = frozenset({CaseStatus.IN_REVIEW, CaseStatus.DOCS_REQUESTED})
# A remanded case is reviewed again on the application as it was decided, so a signature ends it for good.
SIGNED: Final = frozenset(
    {
        CaseStatus.QA,
        CaseStatus.DETERMINED,
        CaseStatus.ISSUED,
        CaseStatus.IMPLEMENTATION,
        CaseStatus.APPEALED,
        CaseStatus.REMANDED,
        CaseStatus.CLOSED,
        CaseStatus.PUBLISHED,
    }
)
# What a reviewer sees of an application, by the title and the label of the answer; every answer about an item too.
REVIEWER_ANSWERS: Final = frozenset(
    {
        (DraftStep.REVIEW_TYPE.value, "Type of review"),
        (DraftStep.EMPLOYEE.value, "Name"),
        (DraftStep.EMPLOYEE.value, "Date of birth"),
        (DraftStep.EMPLOYEE.value, "Sex"),
        (DraftStep.CLAIM.value, "Employer"),
        (DraftStep.CLAIM.value, "Date of injury"),
        (DraftStep.PHYSICIAN.value, "Name"),
        (DraftStep.PHYSICIAN.value, "Practice"),
        (DraftStep.CLAIMS_ADMINISTRATOR.value, "Company"),
        (DraftStep.UR_DECISION.value, "Date of the UR decision letter"),
        (DraftStep.UR_DECISION.value, "Primary diagnosis"),
        (DraftStep.UR_DECISION.value, "ICD code"),
        (DraftStep.REPRESENTATIVE.value, "Attorney: name"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One answer that an amendment changed; `item` is the item's id where the answer is about one."""

    step: str
    section: str
    label: str
    old: str
    new: str
    item: int | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it back to an equal change."""
        return asdict(self)

    @property
    def draft_step(self) -> DraftStep:
        return DraftStep(self.step)

    @property
    def is_for_reviewer(self) -> bool:
        """Whether it is a fact that the reviewer sees."""
        return self.step == DraftStep.ITEMS or (self.step, self.label) in REVIEWER_ANSWERS


def why_not_amendable(status: str, *, role: str, is_paper: bool) -> str:
    """Why a person of `role` may not amend an application whose case is in `status`; "" when it is possible.

    Before a case is with a reviewer whoever filed it amends it: claims people their own, administrators what came on
    paper. Once it is with a reviewer, only an administrator does. After the determination is signed, nobody.
    """
    at = CaseStatus(status)
    if at in SIGNED:
        return "The determination is signed, so the application stays as it was reviewed."
    if at not in BEFORE_REVIEW | WITH_REVIEWER:
        return f"The case is “{at.label}”, so its application can no longer be amended."
    if at in WITH_REVIEWER:
        words = "The case is with an expert reviewer. An administrator of the IMR organization can still correct it."
        return "" if role == Role.ADMINISTRATOR else words
    if role == Role.ADMINISTRATOR and not is_paper:
        return "The claims administrator filed it online and amends it itself until it is with a reviewer."
    return "" if role in CLAIMS_ROLES or role == Role.ADMINISTRATOR else "Your role does not amend applications."


def why_items_stay(status: str) -> str:
    """Why an amendment may neither add nor remove an item; "" while it may.

    Once eligibility is found, a further treatment is a request of its own, with its own time to file: it is filed
    anew and the cases are consolidated (8 CCR 9792.10.4(a)). An item that is no longer disputed is withdrawn.
    """
    if CaseStatus(status) in BEFORE_FINDING:
        return ""
    return (
        "Eligibility is found, so items are neither added nor removed by an amendment. File a further treatment as an "
        "application of its own; it can be consolidated with this case. Report an item that is no longer in dispute "
        "as withdrawn."
    )


def check_review_type(old: str, new: str) -> str:
    """Why an amendment may not make `new` of the type of review; "" when it may (8 CCR 9792.10.4(c))."""
    if old == new or ReviewType.EXPEDITED not in (old, new):
        return ""
    if new == ReviewType.EXPEDITED:
        return (
            "A review becomes an expedited one by the physician's certification: add it to the case as a document. "
            "The IMR organization then turns the review into an expedited one."
        )
    return "An expedited review stays one. Withdraw the case and file it again where it was asked for by mistake."


def is_signed(signer: str, *, designation_signed_on: date | None, decided_on: date | None) -> bool:
    """Whether the application is signed by somebody who may (LC 4610.5(j); 8 CCR 9792.10.1(b)(2))."""
    if signer in ("", SignerKind.UNSIGNED):
        return False
    if signer != SignerKind.DESIGNEE:
        return True
    return designation_signed_on is not None and (decided_on is None or designation_signed_on >= decided_on)


type Section = dict[str, Any]


def differences(before: Sequence[Section], after: Sequence[Section]) -> list[Change]:
    """What is another answer in `after`, field by field, in its order; what was removed comes last.

    Sections are those of `ApplicationVersion.sections`; those of one item belong together by its id.
    """
    earlier = {_key(section): section for section in before}
    found: list[Change] = []
    for section in after:
        former = earlier.pop(_key(section), None)
        found += _compared(section, _pairs(former), _pairs(section))
    for section in earlier.values():
        removed = {**section, "title": f"{section['title']} (removed)"}
        found += _compared(removed, _pairs(section), {})
    return found


def _key(section: Section) -> tuple[str, Any]:
    return section["step"], section["item"]


def _pairs(section: Section | None) -> dict[str, str]:
    return dict(section["answers"]) if section else {}


def _compared(section: Section, old: dict[str, str], new: dict[str, str]) -> Iterable[Change]:
    for label in [*new, *(label for label in old if label not in new)]:
        if old.get(label, "") != new.get(label, ""):
            yield Change(
                step=section["step"],
                section=section["title"],
                label=label,
                old=old.get(label, ""),
                new=new.get(label, ""),
                item=section["item"],
            )
