"""One-time links of a case: make one, see how each stands, revoke one."""

from datetime import timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.enums import CaseStatus
from cases.forms.upload_link import UploadLinkForm
from cases.rules.documents import TAKES_DOCUMENTS
from cases.rules.upload_link import USUAL_DAYS
from cases.selectors.upload_link import links_of_case, told_link
from cases.services.upload_link import link_path, make_upload_link, revoke_upload_link
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import DomainError
from imr.core.forms import add_refusal

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.UPLOAD_LINK)
def upload_links(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The links of the case and the form that makes one; a new one is shown this one time."""
    case = find_case(request, case_id, Action.UPLOAD_LINK)
    if case.is_draft:
        return redirect("cases:filing-tasks", case_id=case.pk)
    initial = {"last_day": clock.today() + timedelta(days=USUAL_DAYS)}
    form = UploadLinkForm(request.POST if request.method == "POST" else None, initial=initial)
    made, status = None, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            made = make_upload_link(case_id=case.pk, actor=request.user, **form.answers())
        except DomainError as error:
            refused = HTTPStatus(add_refusal(form, error))
            status = refused if refused != HTTPStatus.BAD_REQUEST else status
        else:
            form, status = UploadLinkForm(initial=initial), HTTPStatus.OK
    record(action="upload_link.viewed", actor=request.user, object_type="case", object_id=case.pk, case_id=case.pk)
    rows = links_of_case(case).prefetch_related("files__document")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "form": form,
        "page": page,
        "links": [told_link(link, reader=request.user) for link in page],
        "made": made.link if made else None,
        "address": request.build_absolute_uri(link_path(made.secret)) if made else "",
        "takes_documents": CaseStatus(case.status) in TAKES_DOCUMENTS,
    }
    return render(request, "cases/upload_link/list.html", context, status=status)


@require_POST
@requires(Action.UPLOAD_LINK)
def upload_link_revoke(request: AuthenticatedRequest, case_id: int, link_id: int) -> HttpResponse:
    """The link does not work any more."""
    case = find_case(request, case_id, Action.UPLOAD_LINK)
    if not links_of_case(case).filter(pk=link_id).exists():
        raise Http404
    revoke_upload_link(link_id=link_id, actor=request.user)
    messages.success(request, "The link is revoked. Nobody can send anything through it any more.")
    return redirect("cases:upload-link-list", case_id=case.pk)
