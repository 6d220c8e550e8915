"""The site plus one page that draws every component; for tests only."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from imr.accounts.permissions import public
from imr.core import clock
from imr.core.forms import CleanCharField, CleanEmailField, PacificDateField, PhoneField, StateField, ZipField
from imr.urls import urlpatterns as site_urlpatterns

TEMPLATE = Path(__file__).with_name("styleguide.html")
KINDS = ["neutral", "progress", "waiting", "good", "bad", "ended"]


class EveryFieldForm(forms.Form):
    claim_number = CleanCharField(label="Claim number", max_length=20, help_text="As on the UR decision.")
    injured_on = PacificDateField(label="Date of injury")
    served_by = forms.ChoiceField(
        label="How was the decision served?",
        choices=[("mail", "Mail"), ("fax", "Fax"), ("electronic", "Electronic")],
        widget=forms.RadioSelect,
        help_text="Mail lengthens the period.",
        error_messages={"required": "Select how the decision was served."},
    )
    attached = forms.MultipleChoiceField(
        label="What is attached?",
        choices=[("ur", "UR decision"), ("form", "Signed form")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    state = StateField()
    zip_code = ZipField(label="ZIP code")
    phone = PhoneField(label="Phone", required=False)
    email = CleanEmailField(label="E-mail address", required=False)
    reason = CleanCharField(label="Reason", max_length=50, multiline=True)
    paper = forms.FileField(label="UR decision", help_text="PDF, at most 50 MB.", required=False)
    consent = forms.BooleanField(
        label="The injured worker consents to the release of records",
        help_text="Labor Code 4610.5.",
        error_messages={"required": "Confirm the consent."},
    )


class FilterForm(forms.Form):
    mark_optional = False
    q = CleanCharField(label="Search", max_length=200, required=False)
    status = forms.ChoiceField(label="Status", choices=[("", "Any"), ("open", "Open")], required=False)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, with short and long words; posted, with every error."""
    now = clock.now()
    form = EveryFieldForm(request.POST, request.FILES) if request.method == "POST" else EveryFieldForm()
    if "message" in request.GET:
        messages.success(request, "The application was submitted.")
        messages.error(request, "The letter could not be released.")
    context: dict[str, Any] = {
        "form": form,
        "filter_form": FilterForm(),
        "autosave": "autosave" in request.GET,
        "confirm": "Submit the application?" if "confirm" in request.GET else "",
        "day": clock.today(),
        "instant": now,
        "soon": now + timedelta(hours=30),
        "size": 3_500_000,
        "rows": [
            {
                "number": f"CM26-000{n:04}",
                "due": now + timedelta(days=n * 2 - 3),
                "status": kind,
                "kind": kind,
                "items": n,
            }
            for n, kind in enumerate(KINDS)
        ],
        "page": Paginator(range(100), 10).page(3),
        "events": [
            SimpleNamespace(at=now, text="Found eligible", by="Dana Whitfield", detail="2 of 2 items"),
            SimpleNamespace(at=now - timedelta(days=2), text="Application received", by="Marco Lindqvist", detail=""),
        ],
        "tasks": [
            {
                "title": "Injured worker",
                "url": "#form",
                "hint": "Name and address",
                "state": "Completed",
                "kind": "good",
            },
            {"title": "UR decision", "url": "#form", "hint": "", "state": "In progress", "kind": "progress"},
            {"title": "Documents", "url": "", "hint": "", "state": "Not started", "kind": "neutral"},
        ],
    }
    body = engines["django"].from_string(TEMPLATE.read_text()).render(context, request)
    return HttpResponse(body, status=422 if form.is_bound and not form.is_valid() else 200)


def save(request: HttpRequest) -> HttpResponse:
    """An autosave that meets a conflict, a fault or nothing, as the words of the claim number ask."""
    wish = request.POST.get("claim_number", "")
    if wish == "conflict":
        return HttpResponse("Somebody else saved meanwhile.", status=409)
    if wish == "fault":
        return HttpResponse(status=503)
    version = int(request.POST["version"]) + 1
    swap = f'<input type="hidden" name="version" id="version" value="{version}" hx-swap-oob="true">'
    return HttpResponse(f"Saved version {version}{swap}")


urlpatterns = [
    path("styleguide/", public(styleguide)),
    path("styleguide/save", public(save)),
    *site_urlpatterns,
]
handler404 = "imr.core.views.not_found"
