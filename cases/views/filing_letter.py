"""Before submission: what the UR decision letter says, and whether the application would be eligible."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CheckVerdict
from cases.forms.filing import STEP_FORMS
from cases.forms.ur_letter import LetterForm
from cases.selectors.draft import Draft
from cases.selectors.eligibility import draft_checks
from cases.selectors.ur_letter import letter_of, letter_reading
from cases.services.ur_letter import take_over
from cases.views.filing_shared import on_draft, record_view
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def read_letter(request: AuthenticatedRequest, draft: Draft, document_id: int) -> HttpResponseBase:
    """Dates, names and treatments found in the letter, each with its place, to be taken over or left."""
    letter = letter_of(draft, document_id)
    if letter is None:
        raise Http404
    reading = letter_reading(letter)
    if request.method == "GET":
        record_view(request, draft, step="letter")
    if reading is None:
        return render(
            request, "cases/filing/letter.html", {"draft": draft, "letter": letter, "form": None, "is_waiting": True}
        )
    form = LetterForm(reading, draft, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = {
            step: STEP_FORMS[step](draft=draft, typed=draft.typed(step.value)).as_typed() | values
            for step, values in form.chosen().items()
        }
        added = take_over(
            case_id=draft.case.pk, actor=request.user, document_id=letter.pk, typed=typed, items=form.chosen_items()
        )
        words = f" {added} treatment{'' if added == 1 else 's'} added to the list." if added else ""
        messages.success(
            request,
            f"Taken over into {len(typed)} step{'' if len(typed) == 1 else 's'}.{words} "
            "Open each step, check it and save it: until then nothing counts as answered.",
        )
        return redirect("cases:filing-tasks", case_id=draft.case.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"draft": draft, "letter": letter, "form": form, "rows": form.rows()}
    if form.treatments:
        context["items_field"] = form["items"]
    return render(request, "cases/filing/letter.html", context, status=status)


@require_safe
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def precheck(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    """Every check of eligibility as it stands now, what is wrong first."""
    record_view(request, draft, step="checks")
    results = draft_checks(draft, today=clock.today())
    order = {CheckVerdict.FAILED: 0, CheckVerdict.NEEDS_PERSON: 1, CheckVerdict.PASSED: 2}
    groups = [
        (verdict, [result for result in results if result.verdict == verdict])
        for verdict in sorted(order, key=lambda one: order[one])
    ]
    return render(request, "cases/filing/precheck.html", {"draft": draft, "groups": groups})
