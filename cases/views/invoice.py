"""Invoices and credit notes: the list, one of them, its PDF and file, and issuing them."""

from datetime import date

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.forms.fee import CreditForm
from cases.models import Invoice
from cases.selectors.fee import creditable_lines, invoices_visible_to, line_rows, lines_of, open_months
from cases.services.invoice import credit_lines, issue_case_invoice, issue_month_invoice
from cases.views.case import find_case
from cases.views.fee import csv_response
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.accounts.selectors.person import claims_administrators
from imr.audit.services import record
from imr.core import storage
from imr.core.act import act_page
from imr.core.paging import keyset_page
from imr.core.spreadsheet import write_csv


@require_safe
@requires(Action.FEE_VIEW)
def invoice_list(request: AuthenticatedRequest) -> HttpResponse:
    may_manage = request.user.can(Action.FEE_MANAGE)
    page = keyset_page(
        invoices_visible_to(request.user),
        field="pk",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"page": page, "may_manage": may_manage, "open_months": open_months() if may_manage else []}
    return render(request, "cases/invoice/list.html", context)


@require_safe
@requires(Action.FEE_VIEW)
def invoice_detail(request: AuthenticatedRequest, invoice_id: int) -> HttpResponse:
    return _detail(request, _find(request, invoice_id))


@require_safe
@requires(Action.FEE_VIEW)
def invoice_pdf(request: AuthenticatedRequest, invoice_id: int) -> FileResponse | HttpResponse:
    """The invoice as a PDF; back to its page while it is being made."""
    invoice = _find(request, invoice_id)
    if invoice.rendered_at is None:
        return redirect("cases:invoice-detail", invoice_id=invoice.pk)
    record(action="invoice.download", actor=request.user, object_type="invoice", object_id=invoice.pk)
    response = FileResponse(storage.open_verified(invoice.pdf_sha256), content_type="application/pdf")
    response["Content-Length"] = str(invoice.pdf_size)
    name = f"{invoice.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@requires(Action.FEE_VIEW)
def invoice_export(request: AuthenticatedRequest, invoice_id: int) -> HttpResponseBase:
    invoice = _find(request, invoice_id)
    record(action="invoice.export", actor=request.user, object_type="invoice", object_id=invoice.pk)
    return csv_response(write_csv(line_rows(invoice)), f"{invoice.number}.csv")


@require_POST
@requires(Action.FEE_MANAGE)
def invoice_month(request: AuthenticatedRequest, organization_id: int, year: int, month: int) -> HttpResponse:
    """Issue the invoice of one claims administrator and month."""
    organization = get_object_or_404(claims_administrators(), pk=organization_id)
    if not 1 <= month <= 12 or not 2013 <= year <= 2100:
        raise Http404
    invoice = issue_month_invoice(organization_id=organization.pk, month=date(year, month, 1), actor=request.user)
    return _issued(request, invoice)


@require_POST
@requires(Action.FEE_MANAGE)
def invoice_case(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """Issue an invoice for one case."""
    case = find_case(request, case_id, Action.FEE_MANAGE)
    return _issued(request, issue_case_invoice(case_id=case.pk, actor=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.FEE_MANAGE)
def invoice_credit(request: AuthenticatedRequest, invoice_id: int) -> HttpResponse:
    """Take lines of an invoice back with a credit note."""
    invoice = _find(request, invoice_id)
    lines = creditable_lines(invoice)
    if not lines and request.method != "POST":
        messages.info(request, "Nothing on it can be credited any more.")
        return redirect("cases:invoice-detail", invoice_id=invoice.pk)
    form = CreditForm(lines, request.POST if request.method == "POST" else None)
    return act_page(
        request,
        form,
        lambda: credit_lines(
            invoice_id=invoice.pk,
            line_ids=form.cleaned_data["lines"],
            actor=request.user,
            reason=form.cleaned_data["reason"],
        ),
        template="cases/invoice/credit.html",
        back_url=reverse("cases:invoice-detail", args=[invoice.pk]),
        done="The credit note is issued; its PDF is being made.",
        context={"invoice": invoice},
    )


def _find(request: AuthenticatedRequest, invoice_id: int) -> Invoice:
    return get_object_or_404(invoices_visible_to(request.user), pk=invoice_id)


def _issued(request: AuthenticatedRequest, invoice: Invoice) -> HttpResponse:
    messages.success(request, f"{invoice.get_kind_display()} {invoice.number} is issued; its PDF is being made.")
    return redirect("cases:invoice-detail", invoice_id=invoice.pk)


def _detail(request: AuthenticatedRequest, invoice: Invoice) -> HttpResponse:
    context = {
        "invoice": invoice,
        "lines": lines_of(invoice).select_related("entry"),
        "credit_notes": invoice.credit_notes.order_by("pk"),
        "may_credit": request.user.can(Action.FEE_MANAGE) and bool(creditable_lines(invoice)),
    }
    return render(request, "cases/invoice/detail.html", context)
