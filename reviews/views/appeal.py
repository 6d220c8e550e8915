"""Appeals: recorded, decided, and the new review after a reversal."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from cases.enums import CaseEvent
from cases.models import Case
from cases.views.closed import why_closed
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from reviews.forms.appeal import AppealDecisionForm, AppealForm, NewReviewForm
from reviews.services.appeal import decide_appeal, open_new_review, record_appeal
from reviews.views.act import act_page


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.APPEAL_RECORD)
def appeal_record(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case, form = _find(case_id), AppealForm(request.POST or None)
    return act_page(
        request,
        case,
        form,
        lambda: record_appeal(case_id=case.pk, actor=request.user, **form.cleaned_data),
        done=f"The appeal of case {case.number} is on record.",
        closed=why_closed(case, CaseEvent.APPEAL),
        context={
            "title": f"Record an appeal of {case.number}",
            "lead": "The letter stays in force until the appeals board decides (LC 4610.6(h)).",
            "submit": "Record appeal",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.APPEAL_RECORD)
def appeal_decide(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case, form = _find(case_id), AppealDecisionForm(request.POST or None)
    return act_page(
        request,
        case,
        form,
        lambda: decide_appeal(case_id=case.pk, actor=request.user, **form.cleaned_data),
        done=f"The decision on the appeal of case {case.number} is on record.",
        closed=why_closed(case, CaseEvent.DENY_APPEAL, CaseEvent.REVERSE_ON_APPEAL),
        context={
            "title": f"Decision on the appeal of {case.number}",
            "lead": (
                "Denied: the determination stands. Reversed: it is set aside, its letter is no longer in force, and a "
                "different reviewer decides again (LC 4610.6(i))."
            ),
            "submit": "Record decision",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.APPEAL_RECORD)
def review_reopen(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case, form = _find(case_id), NewReviewForm(request.POST or None)
    return act_page(
        request,
        case,
        form,
        lambda: open_new_review(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"Case {case.number} waits for a different reviewer.",
        closed=why_closed(case, CaseEvent.REOPEN_AFTER_REMAND),
        context={
            "title": f"Open a new review of {case.number}",
            "lead": "Every item that was decided is open again. Reviewers of an earlier round cannot be assigned.",
            "submit": "Open a new review",
        },
    )


def _find(case_id: int) -> Case:
    found = Case.objects.filter(pk=case_id, number__isnull=False).first()
    if found is None:
        raise Http404
    return found
