"""Amending an application that was filed: what is prepared, its parts, filing it, and the versions so far."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.exceptions import IncompleteError
from cases.forms.amendment import (
    ITEM,
    PARTS,
    LookForm,
    Prepared,
    ReasonForm,
    find_part,
    free_item_slug,
    read_prepared,
)
from cases.models import AmendmentDraft, Case
from cases.rules.amendment import why_items_stay
from cases.selectors.amendment import counting_dates, frozen_sections, version_of, versions_of, working_copy
from cases.selectors.draft import Draft, read_draft
from cases.services.amendment import amend_application, confirm_finding, require_amendable, why_closed
from cases.services.amendment_draft import discard_amendment, drop_part, keep_reason, keep_removal
from cases.views.act import act_page
from cases.views.case import find_case
from cases.views.closed import closed_page
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_AMEND)
def amend(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """What is prepared, beside what is on file; the button that files it."""
    case = find_amended(request, case_id)
    if request.method == "GET":
        if why := why_closed(case, request.user):
            return closed_page(request, case, title="Amend the application", why=why)
        record_view(request, case)
        copy = working_copy(case, request.user)
        return _overview(request, case, copy, ReasonForm(initial={"reason": copy.reason}))
    form = ReasonForm(request.POST)
    copy = keep_reason(case_id=case.pk, actor=request.user, reason=request.POST.get("reason", ""))
    prepared = _prepared(case, copy)[1]
    if not form.is_valid() or not prepared.is_ready:
        status = HTTPStatus.CONFLICT if prepared.stale else HTTPStatus.UNPROCESSABLE_ENTITY
        return _overview(request, case, copy, form, status=status)
    try:
        made = amend_application(
            case_id=case.pk,
            actor=request.user,
            steps=prepared.steps,
            items=prepared.items,
            reason=form.cleaned_data["reason"],
            version=prepared.versions,
        )
    except (ConflictError, IncompleteError, DomainError) as error:
        status = HTTPStatus(error.status) if error.status != 400 else HTTPStatus.UNPROCESSABLE_ENTITY
        return _overview(request, case, copy, form, status=status, refused=error.message)
    messages.success(request, f"The amendment is filed. It is version {made.number} of the application.")
    return redirect("cases:amendment-list", case_id=case.pk)


@require_POST
@requires(Action.CASE_AMEND)
def amend_reason_save(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """Autosave of the reason."""
    case = find_amended(request, case_id)
    keep_reason(case_id=case.pk, actor=request.user, reason=request.POST.get("reason", ""))
    return HttpResponse("Kept.")


@require_POST
@requires(Action.CASE_AMEND)
def amend_remove(request: AuthenticatedRequest, case_id: int, part: str) -> HttpResponseBase:
    """The item is to go when the amendment is filed."""
    case = find_amended(request, case_id)
    require_amendable(case, request.user)
    found = find_part(part, read_draft(case))
    if found is None or found.item is None:
        raise Http404
    if why := why_items_stay(case.status):
        raise ConflictError(why)
    keep_removal(case_id=case.pk, actor=request.user, part=part)
    messages.success(request, f"{found.title} will be removed when you file the amendment.")
    return redirect("cases:amend", case_id=case.pk)


@require_POST
@requires(Action.CASE_AMEND)
def amend_undo(request: AuthenticatedRequest, case_id: int, part: str) -> HttpResponseBase:
    """The part stays as it is on file."""
    case = find_amended(request, case_id)
    drop_part(case_id=case.pk, actor=request.user, part=part)
    messages.success(request, "That part stays as it is on file.")
    return redirect("cases:amend", case_id=case.pk)


@require_POST
@requires(Action.CASE_AMEND)
def amend_discard(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """Nothing is prepared any more."""
    case = find_amended(request, case_id)
    discard_amendment(case_id=case.pk, actor=request.user)
    messages.success(request, "What you had prepared is discarded. The application stays as it is on file.")
    return redirect("cases:case-detail", case_id=case.pk)


@require_safe
@requires(Action.CASE_VIEW)
def version_list(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """The versions of the application, what changed in each, and which days count."""
    case = find_case(request, case_id)
    if case.is_draft:
        raise Http404
    record(action="application_versions.viewed", actor=request.user, **_about(case))
    context = {
        "case": case,
        "rows": versions_of(case),
        "dates": counting_dates(case),
        "sections": frozen_sections(read_draft(case)),
        "may_amend": request.user.can(Action.CASE_AMEND) and not why_closed(case, request.user),
        "may_look": request.user.can(Action.ELIGIBILITY_DECIDE),
        "back_url": reverse("cases:case-detail", args=[case.pk]),
    }
    return render(request, "cases/amendment/versions.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def version_look(request: AuthenticatedRequest, case_id: int, number: int) -> HttpResponseBase:
    """After an amendment that the checks of eligibility answer differently: the finding stands, and why."""
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    row = version_of(case, number)
    if row is None:
        raise Http404
    form = LookForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: confirm_finding(case_id=case.pk, number=number, actor=request.user, note=form.cleaned_data["note"]),
        done="It is on record that the finding of eligibility stands.",
        context={
            "title": f"Eligibility after version {number} of the application",
            "lead": (
                "Eligibility was found before this amendment, and its checks amount to something else now. "
                "Look at them."
            ),
            "submit": "The finding stands",
            "row": row,
        },
        template="cases/amendment/look.html",
        then="cases:amendment-list",
        closed="" if row.is_open else "Nobody has to look at the eligibility after this amendment.",
    )


def find_amended(request: AuthenticatedRequest, case_id: int) -> Case:
    """The filed case when this person may amend cases and it exists for them; 404 otherwise."""
    case = find_case(request, case_id, Action.CASE_AMEND)
    if case.is_draft:
        raise Http404
    return case


def record_view(request: AuthenticatedRequest, case: Case, **detail: str) -> None:
    """The application was looked at, to amend it."""
    record(action="amendment.viewed", actor=request.user, detail=dict(detail), **_about(case))


def _about(case: Case) -> dict[str, Any]:
    return {"object_type": "case", "object_id": case.pk, "case_id": case.pk}


def _prepared(case: Case, copy: AmendmentDraft) -> tuple[Draft, Prepared]:
    stored = read_draft(case)
    return stored, read_prepared(copy, stored=stored, overlay=read_draft(case))


def _overview(
    request: AuthenticatedRequest,
    case: Case,
    copy: AmendmentDraft,
    form: ReasonForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    refused: str = "",
) -> HttpResponse:
    stored, prepared = _prepared(case, copy)
    versions = versions_of(case) if prepared.stale or prepared.gone else []
    items = [(f"{ITEM}{item.pk}", item) for item in stored.items]
    context = {
        "case": case,
        "form": form,
        "prepared": prepared,
        "refused": refused,
        "meanwhile": versions[0] if versions else None,
        "dates": counting_dates(case),
        "steps": [(step, step.value in prepared.parts) for step in PARTS],
        "items": [
            (slug, item, slug in prepared.parts, bool(copy.steps.get(slug, {}).get("removed"))) for slug, item in items
        ],
        "new_items": [part for part in prepared.parts.values() if part.item is None and part.slug.startswith(ITEM)],
        "why_items_stay": why_items_stay(case.status),
        "free_slug": free_item_slug(copy),
        "back_url": reverse("cases:case-detail", args=[case.pk]),
    }
    return render(request, "cases/amendment/amend.html", context, status=status)
