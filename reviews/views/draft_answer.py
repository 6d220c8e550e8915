"""What a save of the draft answers: everything that it changed on the page, or what was typed with the reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from imr.accounts.permissions import AuthenticatedRequest
from imr.core import clock, words
from reviews.forms.review import VersionedForm
from reviews.models import Assignment, Review
from reviews.selectors.shared_rationale import Spread, last_spread
from reviews.selectors.workspace import relevant_day, workspace
from reviews.views.workspace_page import (
    ItemPanel,
    Picker,
    Typed,
    item_panel,
    picker_as_typed,
    render_workspace,
    shared_context,
    summary_context,
    wants_fragment,
    window_of,
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A field whose stored text is another than the one the page sent, because only another window changed it."""

    name: str
    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Linked:
    """Another item that shares the rationale: its panel, and what the page showed there when the text was its own."""

    panel: ItemPanel
    spread: Spread | None


def elsewhere_fields(form: VersionedForm, stored: Mapping[str, str]) -> tuple[Elsewhere, ...]:
    """The fields that another window changed and this one did not: what was sent, and what is stored."""
    return tuple(
        Elsewhere(name, str(form[name].label), str(form.data.get(name, "")).replace("\r\n", "\n"), text)
        for name, text in stored.items()
        if str(form.cleaned_data[name]) != text
    )


def saved(
    request: AuthenticatedRequest,
    assignment: Assignment,
    *,
    review: Review | None = None,
    item_id: int | None = None,
    picker: Picker | None = None,
    elsewhere: tuple[Elsewhere, ...] = (),
    share_changed: bool = False,
    share_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Everything that a save changes on the page; with `picker`, the citations too, with `share_changed`, which items
    share a rationale. Without htmx, back to the page."""
    if not wants_fragment(request):
        messages.success(request, f"Saved at {words.clock_time(clock.now())}.")
        if elsewhere:
            changed = ", ".join(one.label for one in elsewhere)
            messages.info(request, f"Changed in another window, and shown here as it is stored now: {changed}.")
        return back_to(assignment, f"item_{item_id}" if item_id else "summary")
    space = workspace(assignment)
    context = {**shared_context(assignment, space), "saved_at": clock.now(), "picker_changed": picker is not None}
    context["elsewhere"] = elsewhere
    context["is_followed"] = picker is not None
    if item_id is None:
        context["summary"] = summary_context(assignment, review or space.review)
    else:
        work = next(work for work in space.items if work.item.pk == item_id)
        typed = Typed(pickers={item_id: picker} if picker else {}, share_problems={item_id: share_problem})
        day = relevant_day(assignment.case_id)
        context["panel"] = item_panel(assignment, work, space.items, day, typed=typed)
        context["share_changed"] = share_changed
        context["linked"] = [
            Linked(item_panel(assignment, other, space.items, day), last_spread(other.finding))
            for other in space.items
            if other.item.position in work.shared_with or (share_changed and other is not work)
        ]
    return render(request, "reviews/workspace/_saved.html", context, status=status)


def saved_and_on(
    request: AuthenticatedRequest, assignment: Assignment, *, item_id: int, elsewhere: tuple[Elsewhere, ...] = ()
) -> HttpResponse:
    """As `saved`, and on to the next item that is not decided; after the last of them, to what is left."""
    works = workspace(assignment).items
    here = next((place for place, work in enumerate(works) if work.item.pk == item_id), 0)
    following = next((work for work in [*works[here + 1 :], *works[:here]] if not work.is_decided), None)
    place = f"item_{following.item.pk}" if following else "open"
    response = saved(request, assignment, item_id=item_id, elsewhere=elsewhere)
    if not wants_fragment(request):
        return back_to(assignment, place)
    response["HX-Trigger-After-Settle"] = json.dumps({"imr:go": {"place": place}})
    return response


def refused(
    request: AuthenticatedRequest, assignment: Assignment, form: VersionedForm, typed: Typed, item_id: int | None = None
) -> HttpResponse:
    """What was typed cannot be stored: 422 with the words beside the fields, 400 for a form that is not ours."""
    status = 400 if form.has_no_version else 422
    if not wants_fragment(request):
        if item_id is not None:
            typed.pickers[item_id] = picker_as_typed(request, item_id)
        return render_workspace(request, assignment, typed=typed, status=status)
    context = {"form": form, "item_id": item_id, "stale": form.has_no_version}
    return render(request, "reviews/workspace/_refused.html", context, status=status)


def conflicted(
    request: AuthenticatedRequest, assignment: Assignment, typed: Typed, item_id: int | None
) -> HttpResponse:
    """409 with both texts whole, and the choice."""
    if not wants_fragment(request):
        if item_id is not None:
            typed.pickers[item_id] = picker_as_typed(request, item_id)
        return render_workspace(request, assignment, typed=typed, status=409)
    key = Typed.SUMMARY if item_id is None else item_id
    url = (
        reverse("reviews:summary-save", args=[assignment.pk])
        if item_id is None
        else reverse("reviews:finding-save", args=[assignment.pk, item_id])
    )
    context = {
        "conflict": typed.conflicts[key],
        "place": "summary" if item_id is None else f"item_{item_id}",
        "save_url": url,
    }
    return render(request, "reviews/workspace/_conflict_answer.html", context, status=409)


def summary_again(request: AuthenticatedRequest, assignment: Assignment) -> HttpResponse:
    if not wants_fragment(request):
        return back_to(assignment, "summary")
    space = workspace(assignment)
    context = {
        **shared_context(assignment, space),
        "summary": summary_context(assignment, space.review, starter=space.facts.starter),
        "is_fragment": True,
        "editor": window_of(request).editor,
    }
    return _whole_section(render(request, "reviews/workspace/_summary.html", context), "summary")


def item_again(request: AuthenticatedRequest, assignment: Assignment, item_id: int) -> HttpResponse:
    if not wants_fragment(request):
        return back_to(assignment, f"item_{item_id}")
    space = workspace(assignment)
    work = next(work for work in space.items if work.item.pk == item_id)
    typed = Typed(pickers={item_id: picker_as_typed(request, item_id)})
    panel = item_panel(assignment, work, space.items, relevant_day(assignment.case_id), typed=typed)
    editor = window_of(request).editor
    context = {**shared_context(assignment, space), "panel": panel, "is_fragment": True, "editor": editor}
    return _whole_section(render(request, "reviews/workspace/_item.html", context), f"item_{item_id}")


def _whole_section(response: HttpResponse, place: str) -> HttpResponse:
    response["HX-Retarget"] = f"#{place}"
    response["HX-Reswap"] = "outerHTML"
    return response


def back_to(assignment: Assignment, place: str, **query: str | int) -> HttpResponseRedirect:
    address = reverse("reviews:workspace", args=[assignment.pk])
    return HttpResponseRedirect(f"{address}{'?' + urlencode(query) if query else ''}#{place}")
