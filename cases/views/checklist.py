"""Which records a case needs, which are on file, and what to do about the others."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.enums import RecordState
from cases.rules.documents import TAKES_DOCUMENTS
from cases.selectors.checklist import record_checklist
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import clock

KINDS = {
    RecordState.HERE: "good",
    RecordState.MISSING: "bad",
    RecordState.QUESTION: "waiting",
    RecordState.WAITING: "progress",
}


@require_safe
@requires(Action.RECORDS_CHECKLIST)
def checklist(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The checklist of 8 CCR 9792.10.5, before and after the application is filed. Nothing in it blocks."""
    case = find_case(request, case_id, Action.RECORDS_CHECKLIST)
    lines = record_checklist(case, today=clock.today())
    counts = Counter(line.state for line in lines)
    add_to = "cases:filing-documents" if case.is_draft else "cases:records-add"
    may_add = request.user.can(Action.DOCUMENT_UPLOAD) and case.status in TAKES_DOCUMENTS
    record(action="checklist.viewed", actor=request.user, object_type="case", object_id=case.pk, case_id=case.pk)
    context = {
        "case": case,
        "lines": [(line, KINDS[line.state]) for line in lines],
        "missing": counts[RecordState.MISSING],
        "questions": counts[RecordState.QUESTION],
        "add_url": reverse(add_to, args=[case.pk]) if may_add else "",
        "back_url": reverse("cases:filing-documents" if case.is_draft else "cases:case-detail", args=[case.pk]),
    }
    return render(request, "cases/checklist.html", context)
