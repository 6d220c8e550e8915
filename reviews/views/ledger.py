"""What reviewers earn: the own ledger, and the months that administrators approve."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.views.fee import csv_response
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core.act import act_page
from imr.core.paging import keyset_page
from imr.core.spreadsheet import write_csv
from reviews.forms.ledger import AdjustmentForm, LedgerMonthForm, RateForm, ReasonForm
from reviews.models import LedgerStatement, Reviewer
from reviews.selectors.ledger import (
    entries_of_month,
    entries_visible_to,
    own_months,
    own_statements,
    rates,
    reviewer_months,
    statement_rows,
    sum_of,
)
from reviews.services.ledger import add_rate, adjust, approve_month, reverse_entry


@require_safe
@requires(Action.LEDGER_OWN)
def own_ledger(request: AuthenticatedRequest) -> HttpResponse:
    """The own months, and the entries of one of them as a statement to print."""
    form = LedgerMonthForm(request.GET or None)
    months, statements = own_months(request.user), own_statements(request.user)
    asked = form.is_bound and form.is_valid() and form.cleaned_data["month"]
    month = form.chosen() if asked or not months else months[0].month
    entries = entries_of_month(request.user, month)
    context = {
        "form": form,
        "months": [(row, statements.get(row.month)) for row in months],
        "month": month,
        "entries": entries,
        "total": sum_of(entries),
        "statement": statements.get(month),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "reviews/ledger/own.html", context, status=status)


@require_safe
@requires(Action.LEDGER_VIEW)
def ledger_month(request: AuthenticatedRequest) -> HttpResponse:
    form = LedgerMonthForm(request.GET or None)
    month = form.chosen()
    context = {
        "form": form,
        "month": month,
        "rows": reviewer_months(month),
        "may_manage": request.user.can(Action.LEDGER_MANAGE),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "reviews/ledger/month.html", context, status=status)


@require_safe
@requires(Action.LEDGER_VIEW)
def ledger_export(request: AuthenticatedRequest) -> HttpResponseBase:
    """The approved statements of a month as a file."""
    form = LedgerMonthForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        return ledger_month(request)
    month = form.chosen()
    statements = LedgerStatement.objects.filter(month=month)
    record(
        action="ledger.export", actor=request.user, object_type="ledgerstatement", detail={"month": month.isoformat()}
    )
    return csv_response(write_csv(statement_rows(statements)), f"reviewer-fees_{month:%Y-%m}.csv")


@require_safe
@requires(Action.LEDGER_VIEW)
def ledger_reviewer(request: AuthenticatedRequest, reviewer_id: int) -> HttpResponse:
    reviewer = get_object_or_404(Reviewer, pk=reviewer_id)
    rows = entries_visible_to(request.user).filter(reviewer=reviewer)
    page = keyset_page(
        rows,
        field="earned_on",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "reviewer": reviewer,
        "page": page,
        "total": sum_of(rows),
        "may_manage": request.user.can(Action.LEDGER_MANAGE),
    }
    return render(request, "reviews/ledger/reviewer.html", context)


@require_POST
@requires(Action.LEDGER_MANAGE)
def ledger_approve(request: AuthenticatedRequest, reviewer_id: int, year: int, month: int) -> HttpResponse:
    reviewer = get_object_or_404(Reviewer, pk=reviewer_id)
    if not 1 <= month <= 12 or not 2013 <= year <= 2100:
        raise Http404
    first = date(year, month, 1)
    approve_month(reviewer_id=reviewer.pk, month=first, actor=request.user)
    messages.success(request, f"{first:%m/%Y} of {reviewer.code} is approved.")
    return redirect(f"{reverse('reviews:ledger-month')}?month={first:%m/%Y}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.LEDGER_MANAGE)
def ledger_reverse(request: AuthenticatedRequest, entry_id: int) -> HttpResponse:
    entry = get_object_or_404(entries_visible_to(request.user), pk=entry_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        form,
        lambda: reverse_entry(entry_id=entry.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        template="reviews/ledger/act.html",
        back_url=reverse("reviews:ledger-reviewer", args=[entry.reviewer_id]),
        done="The entry is taken back by one of its own.",
        context={
            "reviewer": entry.reviewer,
            "entry": entry,
            "title": f"Take back an entry of {entry.reviewer.code}",
            "submit": "Take it back",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.LEDGER_MANAGE)
def ledger_adjust(request: AuthenticatedRequest, reviewer_id: int) -> HttpResponse:
    reviewer = get_object_or_404(Reviewer, pk=reviewer_id)
    form = AdjustmentForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        form,
        lambda: adjust(
            reviewer_id=reviewer.pk,
            actor=request.user,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
        ),
        template="reviews/ledger/act.html",
        back_url=reverse("reviews:ledger-reviewer", args=[reviewer.pk]),
        done="The adjustment is in the ledger.",
        context={
            "reviewer": reviewer,
            "entry": None,
            "title": f"Adjustment for {reviewer.code}",
            "submit": "Add the entry",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.LEDGER_MANAGE)
def ledger_rates(request: AuthenticatedRequest) -> HttpResponse:
    """The rates with their days in force, and a form for a new one."""
    form = RateForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        form,
        lambda: add_rate(actor=request.user, **form.cleaned_data),
        template="reviews/ledger/rates.html",
        back_url=reverse("reviews:ledger-rates"),
        done="The rate is in force from that day on.",
        context={"rates": rates()},
    )
