"""Files with applications: the template, sending one, its progress and results, and going on with what was checked."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import BatchRowState, BatchState
from cases.forms.batch import BatchForm, GoOnForm, RowFilterForm
from cases.forms.bulk_columns import FILE_ANYWAY, REFERENCE, REMARKS, columns
from cases.forms.bulk_template import template_workbook
from cases.models import Batch
from cases.rules.documents import safe_file_name
from cases.selectors.batch import batches_of, is_at_work, lines_to_correct, progress_of, result_lines, rows_of
from cases.services.bulk import go_on_with_checked, take_batch
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import storage
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from imr.core.spreadsheet import MAX_BYTES, write_csv
from imr.core.uploads import takes_uploads

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE_KINDS = {
    BatchRowState.WAITING: "neutral",
    BatchRowState.CHECKED: "good",
    BatchRowState.REFUSED: "bad",
    BatchRowState.DRAFTED: "good",
    BatchRowState.FILED: "good",
    BatchRowState.FAILED: "bad",
}
BATCH_KINDS = {
    BatchState.READING: "progress",
    BatchState.WORKING: "progress",
    BatchState.DONE: "good",
    BatchState.REFUSED: "bad",
}


@require_http_methods(["GET", "POST"])
@takes_uploads
@requires(Action.CASE_CREATE)
def batch_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """The files sent so far, and the form to send one."""
    status = HTTPStatus.OK
    form = BatchForm(account=request.user)
    if request.method == "POST":
        form = BatchForm(request.POST, request.FILES, account=request.user)
        if form.is_valid():
            try:
                return redirect("cases:batch-detail", batch_id=_take(request, form).pk)
            except DomainError as error:
                form.add_error("file", error.message)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = keyset_page(
        batches_of(request.user),
        field="id",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "page": page,
        "lines": [(batch, progress_of(batch), BATCH_KINDS[BatchState(batch.state)]) for batch in page.rows],
    }
    return render(request, "cases/bulk/list.html", context, status=status)


@require_safe
@requires(Action.CASE_CREATE)
def template(request: AuthenticatedRequest) -> HttpResponse:
    """The workbook to fill in."""
    response = HttpResponse(template_workbook(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="imr-applications.xlsx"'
    return response


@require_safe
@requires(Action.CASE_CREATE)
def batch_detail(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    batch = find_batch(request, batch_id)
    record(action="batch.view", actor=request.user, object_type="batch", object_id=batch.pk)
    return _page(request, batch, GoOnForm(account=request.user))


@require_safe
@requires(Action.CASE_CREATE)
def batch_status(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """The part of the page that follows the work by itself."""
    batch = find_batch(request, batch_id)
    response = render(request, "cases/bulk/_status.html", _status(batch))
    if not is_at_work(batch):
        # Everything below has changed as well.
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires(Action.CASE_CREATE)
def batch_go_on(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Draft or submit the applications that were checked without errors."""
    batch = find_batch(request, batch_id)
    form = GoOnForm(request.POST, account=request.user)
    if not form.is_valid():
        return _page(request, batch, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        go_on_with_checked(batch_id=batch.pk, actor=request.user, **form.answers())
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, batch, form, status=HTTPStatus(error.status))
    return redirect("cases:batch-detail", batch_id=batch.pk)


@require_safe
@requires(Action.CASE_CREATE)
def batch_download(request: AuthenticatedRequest, batch_id: int, which: str) -> HttpResponseBase:
    """`to-correct`: the refused rows as they were sent, with what to correct; `results`: a line an application."""
    batch = find_batch(request, batch_id)
    if which not in {"to-correct", "results"}:
        raise Http404
    record(
        action="batch.download", actor=request.user, object_type="batch", object_id=batch.pk, detail={"which": which}
    )
    headings = (REFERENCE, *(column.heading for column in columns()), FILE_ANYWAY)
    lines = lines_to_correct(batch, headings, REMARKS) if which == "to-correct" else result_lines(batch)
    response = StreamingHttpResponse(_with_mark(write_csv(lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="applications-{batch.pk}-{which}.csv"'
    return response


def find_batch(request: AuthenticatedRequest, batch_id: int) -> Batch:
    """The file when it exists for this person; 404 otherwise."""
    found = batches_of(request.user).filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found


def _take(request: AuthenticatedRequest, form: BatchForm) -> Batch:
    file = form.cleaned_data["file"]
    if file.size > MAX_BYTES:
        raise DomainError("The file is larger than 20 MB. Divide it into several files.")
    return take_batch(
        actor=request.user,
        stored=storage.store(file.chunks()),
        name=safe_file_name(file.name or "applications"),
        organization=form.cleaned_data.get("organization"),
        **form.answers(),
    )


def _with_mark(lines: Any) -> Any:
    """With the mark by which spreadsheet programs recognize UTF-8."""
    yield "\ufeff"
    yield from lines


def _status(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch,
        "progress": progress_of(batch),
        "is_at_work": is_at_work(batch),
        "kind": BATCH_KINDS[BatchState(batch.state)],
    }


def _page(
    request: AuthenticatedRequest, batch: Batch, form: GoOnForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    filters = RowFilterForm(request.GET if "state" in request.GET else None)
    state = filters.cleaned_data["state"] if filters.is_bound and filters.is_valid() else ""
    page = keyset_page(
        rows_of(batch, state=state),
        field="number",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=50,
    )
    if filters.errors:
        status = HTTPStatus.BAD_REQUEST
    context = {
        **_status(batch),
        "form": form,
        "filters": filters,
        "page": page,
        "lines": [(row, STATE_KINDS[BatchRowState(row.state)]) for row in page.rows],
    }
    return render(request, "cases/bulk/detail.html", context, status=status)
