"""The public page that says whether a letter is genuine and still holds. It names nobody and no case."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from imr.accounts.permissions import public
from imr.core import context, rate
from reviews.forms.letter_check import CheckCodeForm
from reviews.selectors.letter_check import letter_check, normal_code, shown_code


@public
@require_safe
def check_form(request: HttpRequest) -> HttpResponse:
    """Asks for the code and leads to its page."""
    form = CheckCodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("reviews:letter-check", code=form.cleaned_data["code"])
    return render(request, "reviews/check/form.html", {"form": form}, status=422 if form.is_bound else 200)


@public
@require_safe
def check_page(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of the code; 404 for one that no served letter has, 429 for whoever asks too often."""
    spent = rate.spend("check", context.current().address or "", limit=settings.IMR_CHECKS_PER_MINUTE)
    if not spent.allowed:
        answer = render(request, "reviews/check/busy.html", {"seconds": spent.seconds_left}, status=429)
        answer["Retry-After"] = str(spent.seconds_left)
        return answer
    code = normal_code(code)
    letter = letter_check(code)
    return render(
        request,
        "reviews/check/page.html",
        {"letter": letter, "code": shown_code(code[:40])},
        status=200 if letter else 404,
    )
