"""The jobs page: what waits, what failed, who is alive."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.selectors.document import unscanned_documents
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.models import OutboxJob
from imr.core.virus import scanner_state
from reviews.selectors.job import failed_jobs, heartbeats, oldest_open_job, open_jobs, state_counts
from reviews.services.job import retry_job

SHOWN = 50


@require_safe
@requires(Action.JOBS_VIEW)
def job_list(request: AuthenticatedRequest) -> HttpResponse:
    return render(
        request,
        "reviews/jobs/list.html",
        {
            "counts": state_counts(),
            "failed": failed_jobs()[:SHOWN],
            "open": open_jobs()[:SHOWN],
            "oldest": oldest_open_job(),
            "heartbeats": heartbeats(),
            "scanner": scanner_state(),
            "unscanned": unscanned_documents().count(),
            "unscanned_since": unscanned_documents().values_list("received_at", flat=True).first(),
            "may_retry": request.user.can(Action.JOBS_RETRY),
        },
    )


@require_POST
@requires(Action.JOBS_RETRY)
def job_retry(request: AuthenticatedRequest, job_id: int) -> HttpResponse:
    retry_job(job_id=get_object_or_404(OutboxJob, pk=job_id).pk, actor=request.user)
    messages.success(request, "The job will be tried again in a moment.")
    if request.POST.get("from") == "letters" and request.user.can(Action.LETTER_RELEASE):
        return redirect("reviews:letter-queue")
    return redirect("reviews:job-list")
