"""Fees: the list, its file, and the amount of one that no figure gives."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.forms.fee import AmountForm, FeeFilterForm
from cases.selectors.fee import fee_rows, fees_found, fees_visible_to, figures_on, total_of
from cases.services.fees import price_entries, set_amount
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core.act import act_page
from imr.core.paging import keyset_page
from imr.core.spreadsheet import write_csv

BYTE_ORDER_MARK = "\ufeff"


@require_safe
@requires(Action.FEE_VIEW)
def fee_list(request: AuthenticatedRequest) -> HttpResponse:
    form = FeeFilterForm(request.user, request.GET)
    rows = fees_found(request.user, form.wanted())
    page = keyset_page(
        rows, field="pk", descending=True, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "form": form,
        "page": page,
        "total": total_of(rows),
        "may_manage": request.user.can(Action.FEE_MANAGE),
    }
    return render(request, "cases/fee/list.html", context, status=200 if form.is_valid() else 422)


@require_safe
@requires(Action.FEE_VIEW)
def fee_export(request: AuthenticatedRequest) -> HttpResponseBase:
    """What the list shows, as a file; no cell of it is a formula."""
    form = FeeFilterForm(request.user, request.GET)
    if not form.is_valid():
        return fee_list(request)
    rows = fees_found(request.user, form.wanted())
    record(action="fee.export", actor=request.user, object_type="feeentry", detail={"rows": rows.count()})
    return csv_response(write_csv(fee_rows(rows)), "fees.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.FEE_MANAGE)
def fee_amount(request: AuthenticatedRequest, entry_id: int) -> HttpResponseBase:
    entry = get_object_or_404(fees_visible_to(request.user), pk=entry_id)
    form = AmountForm(entry, figures_on(entry.received_on), request.POST if request.method == "POST" else None)
    return act_page(
        request,
        form,
        lambda: set_amount(
            entry_id=entry.pk,
            actor=request.user,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
        ),
        template="cases/fee/amount.html",
        back_url=reverse("cases:fee-list"),
        done=f"The fee of case {entry.case.number} is set.",
        context={"entry": entry},
    )


@require_POST
@requires(Action.FEE_MANAGE)
def fee_price(request: AuthenticatedRequest) -> HttpResponse:
    """Look again for figures of fees that have none."""
    count = price_entries(actor=request.user)
    words = f"{count} fee{'' if count == 1 else 's'} got an amount." if count else "No figure is in force for them yet."
    messages.success(request, words)
    return redirect("cases:fee-list")


def csv_response(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """A file for a spreadsheet program, in pieces."""

    def pieces() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from lines

    response = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response
