"""What the checks of eligibility know of a case, filed or not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, Min, Prefetch, Q, QuerySet

from cases.enums import CaseStatus, CheckVerdict, DocumentKind, ItemStatus
from cases.models import (
    Case,
    CheckAnswer,
    DisputedItem,
    Document,
    DocumentPage,
    InformationRequest,
    ScreeningFacts,
)
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.engine import Proposal, propose, run_checks
from cases.rules.eligibility.facts import DisputedTreatment, EarlierDispute, EligibilityFacts, item_key
from cases.rules.eligibility.facts import InformationRequest as InformationAsked
from cases.rules.eligibility.result import CheckResult
from cases.rules.eligibility.timeliness import check_timeliness
from cases.selectors.completeness import late_letter
from cases.selectors.deadline import employee_place
from cases.selectors.draft import Draft, read_draft
from cases.selectors.law import law_book
from imr.core.clock import pacific_date

DRUGS = "pharmaceuticals"
MOST_PAGES, MOST_EARLIER = 20, 50
# Ended without a determination, so the dispute is not decided.
_ENDED = frozenset({CaseStatus.TERMINATED, CaseStatus.WITHDRAWN, CaseStatus.DISMISSED})
# The surviving case stands for these.
_JOINED = frozenset({CaseStatus.MERGED, CaseStatus.CONSOLIDATED})


def draft_checks(draft: Draft, *, today: date) -> list[CheckResult]:
    """What the checks say of an application that is not filed yet, as if it were received on `today`.

    Earlier cases are looked for in the filer's own organization alone: others' do not exist for it.
    """
    earlier = Case.objects.filter(organization_id=draft.case.organization_id)
    return run_checks(eligibility_facts(draft, earlier=earlier), figures(), today)


def figures() -> LawBook:
    """The figures of law; without reference data an empty book, under which a person decides everything."""
    return law_book() or LawBook([], {})


def eligibility_facts(draft: Draft, *, earlier: QuerySet[Case]) -> EligibilityFacts:
    """The application as the checks take it; `earlier` are the cases among which the same dispute is looked for."""
    case, application, decision = draft.case, draft.application, draft.ur_decision
    kinds = {document.kind for document in draft.documents}
    found = ScreeningFacts.objects.filter(case=case).first() or ScreeningFacts()
    letter = late_letter(case)
    return EligibilityFacts(
        received_on=pacific_date(case.received_at) if case.received_at else None,
        completed_on=pacific_date(application.completed_at) if application.completed_at else None,
        ur_arrived_on=letter.arrived_on if letter else None,
        counts_from_ur=letter.decision.is_moved if letter and letter.decision else None,
        date_of_injury=application.date_of_injury,
        decided_on=decision.decided_on,
        served_on=decision.served_on,
        service_method=decision.service_method,
        service_place=employee_place(case.pk),
        request_received_on=decision.request_received_on,
        is_ur_attached=DocumentKind.UR_DECISION in kinds,
        is_conditional=decision.is_conditional,
        ur_letter_text=_ur_letter_text(draft.documents),
        is_liability_disputed=application.is_liability_disputed,
        liability_reason=application.liability_reason,
        signer=application.signer,
        signer_name=application.signer_name,
        signed_on=application.signed_on,
        is_form_attached=DocumentKind.SIGNED_FORM in kinds,
        designation_signed_on=application.designation_signed_on,
        is_representation_attached=DocumentKind.REPRESENTATION in kinds,
        is_form_withheld=found.is_form_withheld,
        form_served_on=found.form_served_on,
        form_service_method=found.form_service_method,
        liability_resolved_on=found.liability_resolved_on,
        liability_notice_method=found.liability_notice_method,
        has_consent_to_review=found.has_consent_to_review,
        is_formulary=found.is_formulary,
        is_carve_out=found.is_carve_out,
        wcab_untimely_on=found.wcab_untimely_on,
        earlier=_earlier_disputes(draft, earlier),
        information=_information(case),
        items=tuple(_treatment(item) for item in draft.items),
    )


@dataclass(frozen=True, slots=True)
class JudgedCheck:
    """A check's answer with what a person decided about it; a stale answer was given on other facts."""

    result: CheckResult
    answer: CheckAnswer | None = None

    @property
    def is_stale(self) -> bool:
        return self.answer is not None and self.answer.fingerprint != self.result.fingerprint

    @property
    def verdict(self) -> CheckVerdict:
        """The person's answer while it holds, else the check's own."""
        if self.answer is None or self.is_stale:
            return self.result.verdict
        return CheckVerdict(self.answer.verdict)

    def as_json(self) -> dict[str, Any]:
        """What is kept with a decision on eligibility."""
        kept: dict[str, Any] = {**self.result.as_json(), "decided": self.verdict.value}
        if self.answer is not None and not self.is_stale:
            kept["reason"] = self.answer.reason
            kept["by"] = self.answer.answered_by_id
        return kept


@dataclass(frozen=True, slots=True)
class CaseChecks:
    """All checks of a case as they stand now, and what they amount to."""

    checks: tuple[JudgedCheck, ...]
    proposal: Proposal

    @property
    def of_case(self) -> list[JudgedCheck]:
        return [check for check in self.checks if check.result.item is None]

    def of_item(self, position: int) -> list[JudgedCheck]:
        """Those about the item at `position`."""
        return [check for check in self.checks if check.result.item == position]

    def find(self, key: str) -> JudgedCheck | None:
        """The check of this key."""
        return next((check for check in self.checks if check.result.key == key), None)


def case_checks(case: Case, *, today: date) -> CaseChecks:
    """Every check of a filed case, run on what is on record now, with the answers of people."""
    results = run_checks(eligibility_facts(read_draft(case), earlier=Case.objects.all()), figures(), today)
    answers = {
        answer.key: answer
        for answer in CheckAnswer.objects.filter(case=case, superseded_at__isnull=True).select_related("answered_by")
    }
    checks = tuple(JudgedCheck(result, answers.get(result.key)) for result in results)
    return CaseChecks(checks, propose(results, {check.result.key: check.verdict for check in checks}))


def timeliness_if(case: Case, *, counts_from_ur: bool, today: date) -> CheckResult:
    """What the check of the time to file would answer if the application counted so; nothing is written."""
    known = eligibility_facts(read_draft(case), earlier=Case.objects.none())
    return check_timeliness(replace(known, counts_from_ur=counts_from_ur), figures(), today)[0]


def answer_history(case: Case, key: str) -> list[CheckAnswer]:
    """What people decided about a check before, the latest first."""
    rows = CheckAnswer.objects.filter(case=case, key=key).select_related("answered_by")
    return list(rows.order_by("-answered_at", "-pk"))


def _information(case: Case) -> tuple[InformationAsked, ...]:
    """What the parties were asked; an answer in full counts from its own day, whenever the request was closed."""
    rows = InformationRequest.objects.filter(case=case).annotate(
        answered_in_full_at=Min("answers__sent_at", filter=Q(answers__is_complete=True))
    )
    return tuple(
        InformationAsked(
            requested_on=pacific_date(row.requested_at),
            due_on=pacific_date(row.due_at),
            answered_on=pacific_date(answered) if (answered := row.answered_in_full_at or row.answered_at) else None,
        )
        for row in rows
    )


def _treatment(item: DisputedItem) -> DisputedTreatment:
    category = item.category
    root = (category.parent or category) if category else None
    return DisputedTreatment(
        position=item.position,
        description=item.description,
        ur_outcome=item.ur_outcome,
        remaining=item.remaining,
        is_retrospective=item.is_retrospective,
        is_drug=root is not None and root.code == DRUGS,
        is_authorized=item.status == ItemStatus.TERMINATED,
        added_on=pacific_date(item.added_at) if item.added_at else None,
    )


def _ur_letter_text(documents: Iterable[Document]) -> str:
    letters = [document.pk for document in documents if document.kind == DocumentKind.UR_DECISION]
    pages = DocumentPage.objects.filter(document__in=letters).values_list("text", flat=True)[:MOST_PAGES]
    return "\n".join(pages) if letters else ""


def _earlier_disputes(draft: Draft, among: QuerySet[Case]) -> tuple[EarlierDispute, ...]:
    case, application = draft.case, draft.application
    if not application.claim_number:
        return ()
    rows = among.filter(
        application__claim_number__iexact=application.claim_number,
        application__date_of_injury=application.date_of_injury,
        received_at__isnull=False,
    ).exclude(pk=case.pk)
    if case.received_at:
        rows = rows.filter(received_at__lt=case.received_at)
    rows = rows.exclude(status__in=_JOINED).annotate(ur_decided_on=F("ur_decision__decided_on"))
    rows = rows.prefetch_related(Prefetch("items", queryset=DisputedItem.objects.only("case", "description")))
    return tuple(_earlier_dispute(row) for row in rows.order_by("received_at", "pk")[:MOST_EARLIER])


def _earlier_dispute(row: Any) -> EarlierDispute:
    return EarlierDispute(
        number=row.number or "",
        received_on=pacific_date(row.received_at) if row.received_at else date.min,
        decided_on=row.ur_decided_on,
        items=frozenset(item_key(item.description) for item in row.items.all()),
        is_refused=row.status == CaseStatus.INELIGIBLE,
        is_ended=row.status in _ENDED,
    )
