"""Letters: how far one is, preview, download, release, many at once."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from cases.enums import CaseStatus
from imr.accounts.enums import Action, Scope
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock, storage
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from imr.core.words import mmddyyyy
from reviews.forms.letter import MOST_LETTERS, IssuedFilterForm, LetterChoiceForm, ReleaseForm
from reviews.models import Letter
from reviews.selectors.dispatch import address_problems, days_of_service, parties_served
from reviews.selectors.letter import (
    CORRECTABLE,
    RELEASABLE,
    assignments_for_preview,
    cases_with_letter_view,
    former_letter,
    issued_letters,
    letter_jobs,
    letter_status,
    release_queue,
    visible_letters,
)
from reviews.selectors.sampling import draw_of
from reviews.services.dispatch import release_letters
from reviews.services.letter import preview_pdf, record_letter_access
from reviews.services.letter_archive import zip_of_letters

# The browser's own viewer needs nothing but the file; our own pages may frame it.
PDF_POLICY = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"]}


@require_safe
@requires(Action.LETTER_DOWNLOAD)
def letter_status_view(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The fragment that the page asks for while the letter is being prepared; without htmx a small page."""
    case = cases_with_letter_view(request.user).filter(pk=case_id).first()
    if case is None:
        raise Http404
    status = letter_status(case=case, user=request.user)
    name = "reviews/letter/_status.html" if request.headers.get("HX-Request") else "reviews/letter/status.html"
    return render(request, name, {"status": status, "case": case})


@xframe_options_sameorigin
@csp_override(PDF_POLICY)
@require_safe
@requires(Action.LETTER_PREVIEW)
def letter_preview(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """The draft as the letter it would be today, in the browser's viewer."""
    assignment = assignments_for_preview(request.user).filter(pk=assignment_id).first()
    if assignment is None:
        raise Http404
    rendered, name = preview_pdf(assignment=assignment, actor=request.user)
    response = HttpResponse(rendered.data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


@require_safe
@requires(Action.LETTER_DOWNLOAD)
def letter_download(request: AuthenticatedRequest, letter_id: int) -> HttpResponseBase:
    """The stored bytes, checked against their digest. `?inline=1` shows them in the browser.

    Of a letter that is no longer in force the parties get a page that says so, with the one that is (410).
    """
    letter = visible_letters(request.user).filter(pk=letter_id).first()
    if letter is not None:
        return _letter_file(request, letter)
    former = former_letter(request.user, letter_id)
    if former is None:
        raise Http404
    status = letter_status(case=former.case, user=request.user)
    return render(request, "reviews/letter/former.html", {"letter": former, "status": status}, status=410)


# The policy of a file, which would take the page's own style away.
@xframe_options_sameorigin
@csp_override(PDF_POLICY)
def _letter_file(request: AuthenticatedRequest, letter: Letter) -> FileResponse:
    note = partial(record_letter_access, letters=[letter], actor=request.user, how="single")
    return FileResponse(
        storage.open_noted(letter.sha256, note),
        as_attachment=request.GET.get("inline") != "1",
        filename=letter.file_name,
        content_type="application/pdf",
    )


@require_safe
@requires(Action.LETTER_RELEASE)
def letter_queue(request: AuthenticatedRequest) -> HttpResponse:
    return _queue_page(request)


@require_POST
@requires(Action.LETTER_RELEASE)
def letter_release(request: AuthenticatedRequest) -> HttpResponse:
    """First asks, with the count and a tick for letters that have not passed the quality check; then releases each
    of the letters on its own.
    """
    letters = _chosen(request)
    form = LetterChoiceForm(request.POST, [letter.pk for letter in letters])
    if not form.is_valid():
        return _queue_page(request, problem=_problem(form), status=422)
    unchecked = [letter for letter in letters if _is_unchecked(letter)]
    numbers, days = [str(letter.case.number) for letter in unchecked], days_of_service()
    if form.cleaned_data["confirmed"] != len(letters):
        return _confirm_page(request, letters, ReleaseForm(numbers=numbers, days=days))
    told = ReleaseForm(request.POST, numbers=numbers, days=days)
    if not told.is_valid():
        return _confirm_page(request, letters, told, status=422)
    day = told.cleaned_data["service_on"]
    results = release_letters(
        letter_ids=[letter.pk for letter in letters],
        actor=request.user,
        service_on=day,
        without_check={letter.pk for letter in unchecked},
    )
    done = [result for result in results if not result.problem]
    if done:
        count = "1 letter" if len(done) == 1 else f"{len(done)} letters"
        they = "It leaves" if len(done) == 1 else "They leave"
        leave = f"{they} now" if day == days.today else f"{they} in the morning of that day"
        messages.success(request, f"{count} released, dated {mmddyyyy(day)}. {leave} and can be taken back until then.")
    for result in results:
        if result.problem:
            messages.error(request, result.problem)
    return redirect("reviews:letter-queue")


@require_POST
@requires(Action.LETTER_RELEASE)
def letter_zip(request: AuthenticatedRequest) -> HttpResponseBase:
    """The ticked letters in one file, at most 500; recorded before the first byte leaves."""
    letters = _chosen(request)
    form = LetterChoiceForm(request.POST, [letter.pk for letter in letters])
    if not form.is_valid():
        return _queue_page(request, problem=_problem(form), status=422)
    chunks = zip_of_letters(letters=letters, actor=request.user)
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    name = f"final-determinations_{clock.today():%Y-%m-%d}_{len(letters)}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_safe
@requires(Action.LETTER_RELEASE)
def letter_issued(request: AuthenticatedRequest) -> HttpResponse:
    form = IssuedFilterForm(request.GET or None)
    letters = issued_letters()
    if form.is_bound:
        letters = issued_letters(**form.cleaned_data) if form.is_valid() else letters.none()
    page = keyset_page(
        letters,
        field="released_at",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(
        request,
        "reviews/letter/issued.html",
        {"page": page, "form": form, "all_ticked": request.GET.get("tick") == "all"},
    )


def _queue_page(request: AuthenticatedRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    page = keyset_page(
        release_queue(), field="signed_at", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    waiting = [row.pk for row in page.rows if not row.current_letters]  # type: ignore[attr-defined]
    jobs = letter_jobs(waiting)
    rows = [(row, next(iter(row.current_letters), None), jobs.get(row.pk)) for row in page.rows]  # type: ignore[attr-defined]
    return render(
        request,
        "reviews/letter/queue.html",
        {
            "page": page,
            "rows": rows,
            "ready": sum(1 for _, letter, _ in rows if letter),
            "problem": problem,
            "all_ticked": request.GET.get("tick") == "all",
        },
        status=status,
    )


def _confirm_page(
    request: AuthenticatedRequest, letters: list[Letter], form: ReleaseForm, *, status: int = 200
) -> HttpResponse:
    """The letters that were ticked, each with what keeps it from being served."""
    rows = [(letter, address_problems(parties_served(letter.case))) for letter in letters]
    return render(request, "reviews/letter/confirm.html", {"rows": rows, "form": form}, status=status)


def _chosen(request: AuthenticatedRequest) -> list[Letter]:
    if request.user.scope(Action.LETTER_RELEASE) != Scope.ANY:
        return []
    asked = request.POST.getlist("letter")[: MOST_LETTERS + 1]
    ids = [int(value) for value in asked if value.isascii() and value.isdecimal() and len(value) <= 18]
    if len(ids) > MOST_LETTERS:
        raise DomainError(f"Choose at most {MOST_LETTERS} letters at a time.")
    chosen = visible_letters(request.user).filter(pk__in=ids).select_related("case__organization")
    return list(chosen.order_by("case__number", "pk"))


def _is_unchecked(letter: Letter) -> bool:
    """Whether it could be released now but for the quality check; others are refused with their own reason."""
    return (
        letter.superseded_at is None
        and not letter.is_served
        and CaseStatus(letter.case.status) in RELEASABLE | CORRECTABLE
        and letter.determination.passed_at is None
        and draw_of(letter.determination) is None
    )


def _problem(form: LetterChoiceForm) -> str:
    return " ".join(str(message) for messages_ in form.errors.values() for message in messages_)
