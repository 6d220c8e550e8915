"""The pages of the reference data."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import EndingReason, Holiday, LegalParameter, NoticeWording, ReferenceChange
from cases.selectors.reference_kind import KINDS
from imr.accounts.models import User
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

type ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def at(name: str, *args: object) -> str:
    return reverse(f"cases:reference-{name}", args=args)


def sent(answer: object) -> dict[str, str]:
    """What a browser sends back from the form of the page."""
    form = answer.context["form"]  # type: ignore[attr-defined]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: "on" if value is True else str(value) if not hasattr(value, "strftime") else f"{value:%m/%d/%Y}"
        for name, value in values.items()
        if value not in (None, "", False)
    }


def test_figure_is_found_proposed_and_approved_by_a_second_person(cast: Cast, client_of: ClientOf) -> None:
    first, second = client_of(cast.administrator), client_of(cast.medical_director)
    assert at("list", "figures") in first.get(at("home")).content.decode()
    row = LegalParameter.objects.get(name="authorize", in_force_until=None)
    listed = first.get(at("list", "figures"), {"q": "authorize"}).content.decode()
    assert at("row", "figures", row.pk) in listed
    page = first.get(at("row", "figures", row.pk)).content.decode()
    succeed = at("succeed", "figures", row.pk)
    assert succeed in page
    form = sent(first.get(succeed))
    assert "is_confirmed" not in form

    wrong = first.post(succeed, {**form, "value": "many", "citation": ""})
    assert wrong.status_code == 422
    for words in ("Enter a whole number", 'value="many"', "Enter the citation", "Write why it is changed"):
        assert words in wrong.content.decode()
    early = {**form, "value": "4", "in_force_from": "01/01/2013", "reason": "Stats. 2026, ch. 12."}
    assert "Enter a day after 01/01/2013" in first.post(succeed, early).content.decode()
    proposed = first.post(succeed, {**early, "in_force_from": "01/01/2027"})
    change = ReferenceChange.objects.get()
    assert proposed["Location"] == at("change", change.pk)
    assert "Approve the change" not in first.get(at("change", change.pk)).content.decode()
    assert "A change of this row waits" in first.get(at("row", "figures", row.pk)).content.decode()
    assert first.post(at("decide", change.pk), {"answer": "approve"}).status_code == 403
    assert change.title in second.get(at("home")).content.decode()
    assert second.post(at("decide", change.pk), {"answer": "perhaps"}).status_code == 422

    done = second.post(at("decide", change.pk), {"answer": "approve"}, follow=True).content.decode()

    assert "approved and in the table" in done
    assert "being counted again" in done
    new = LegalParameter.objects.get(name="authorize", in_force_until=None)
    history = first.get(at("row", "figures", new.pk)).content.decode()
    for words in ("To be confirmed", "Stats. 2026, ch. 12.", "from 01/01/2013 until before 01/01/2027", "→"):
        assert words in history
    assert second.post(at("decide", change.pk), {"answer": "refuse"}).status_code == 409


def test_own_proposal_that_is_taken_back_is_called_so(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    row = LegalParameter.objects.get(name="authorize", in_force_until=None)
    succeed = at("succeed", "figures", row.pk)
    form = {**sent(client.get(succeed)), "value": "4", "in_force_from": "01/01/2027", "reason": "Stats. 2026, ch. 12."}
    client.post(succeed, form)
    change = ReferenceChange.objects.get()
    shown = client.post(at("decide", change.pk), {"answer": "refuse"}, follow=True).content.decode()
    assert "The change is taken back." in shown
    assert "Taken back" in shown
    assert "Refused" not in shown


def test_holiday_is_added_and_its_list_goes_by_year(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    add = at("add", "holidays")
    assert add in client.get(at("list", "holidays")).content.decode()
    form = {"day": "07/05/2027", "name": "Day of the River", "closes_office": "on", "basis": "x", "reason": "y"}
    assert "There is such a row already" in client.post(add, form).content.decode()
    assert client.post(add, {**form, "day": "07/06/2027"}).status_code == 302
    listed = client.get(at("list", "holidays"), {"on": "03/01/2027"})
    assert len(listed.context["rows"]) == Holiday.objects.filter(day__year=2027).count()
    assert client.get(at("list", "holidays"), {"on": "03/01"}).status_code == 400
    assert client.get(at("add", "figures")).status_code == 404
    assert client.get(at("succeed", "holidays", Holiday.objects.first().pk)).status_code == 404  # type: ignore[union-attr]


def test_wording_shows_what_changes_word_by_word(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    row = NoticeWording.objects.get(kind="ineligible")
    shown = client.get(at("row", "wordings", row.pk)).content.decode()
    assert "To be confirmed" in shown
    assert "INE-ALT" in shown
    assert at("correct", "wordings", row.pk) in shown
    form = client.get(at("correct", "wordings", row.pk)).context["form"]
    assert list(form.fields) == ["citation", "is_confirmed", "note", "reason"]
    listed = client.get(at("list", "wordings"), {"state": "open"})
    assert {one.row.kind for one in listed.context["rows"]}.isdisjoint({"expedited", "insufficient_records"})
    page = at("succeed", "wordings", row.pk)
    form = {**sent(client.get(page)), "in_force_from": "01/01/2027", "reason": "Plainer words."}
    form["reasons_INE-DUP"] = "It was filed {before}."
    assert "no placeholder of notices" in client.post(page, form).content.decode()
    form |= {"reasons_INE-DUP": "It was filed before.", "closing": form["closing"].replace("verified", "signed")}
    done = client.post(page, form, follow=True).content.decode()
    assert "<ins>" in done
    assert "It was filed before." in done


def test_reason_of_an_end_is_added_ended_and_offered_by_its_days(cast: Cast, client_of: ClientOf) -> None:
    first, second = client_of(cast.administrator), client_of(cast.medical_director)
    add = at("add", "ending-reasons")
    assert add in first.get(at("list", "ending-reasons")).content.decode()
    today = f"{clock.today():%m/%d/%Y}"
    form = {
        "code": "stipulation",
        "kind": "settled",
        "label": "The parties signed a stipulation.",
        "explanation": "About this treatment.",
        "position": "5",
        "in_force_from": today,
        "citation": "LC 5702",
        "reason": "Asked for by intake.",
    }
    assert "Leave the period out" in first.post(add, form).content.decode()
    form["label"] = "The parties signed a stipulation"
    assert "Two rows would hold" in first.post(add, {**form, "code": "settled"}).content.decode()
    assert "Choose one of the list" in first.post(add, {**form, "kind": ""}).content.decode()
    assert first.post(add, {**form, "code": "a b"}).status_code == 422
    page = first.post(add, form, follow=True).content.decode()
    assert "What it does" in page
    assert "A settlement or an award resolves the dispute" in page
    change = ReferenceChange.objects.get(kind="ending-reasons")
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims)
    report = reverse("cases:ending-report", args=[case.pk])
    claims = client_of(cast.claims)
    assert "stipulation" not in claims.get(report).content.decode()
    decide = reverse("cases:reference-decide", args=[change.pk])
    assert second.post(decide, {"answer": "approve"}).status_code == 302
    offered = claims.get(report).content.decode()
    assert "The parties signed a stipulation" in offered
    assert "About this treatment." in offered
    EndingReason.objects.filter(code="stipulation").update(in_force_from=date(2020, 1, 1), in_force_until=clock.today())
    assert "stipulation" not in claims.get(report).content.decode()


def test_every_kind_shows_its_rows_to_those_who_only_read(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.auditor)
    for slug, kind in KINDS.items():
        assert client.get(at("list", slug)).status_code == 200
        row = kind.model._default_manager.first()
        page = client.get(at("row", slug, row.pk))  # type: ignore[union-attr]
        assert page.status_code == 200
        assert "Propose" not in page.content.decode()
        assert client.get(at("correct", slug, row.pk)).status_code == 403  # type: ignore[union-attr]
    assert client.get(at("list", "nonsense")).status_code == 404


def test_admin_site_only_shows_figures_and_holidays(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.operator)
    row = LegalParameter.objects.first()
    assert row is not None
    address = reverse("admin:cases_legalparameter_change", args=[row.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"value": "1"}).status_code == 403
    assert client.get(reverse("admin:cases_holiday_add")).status_code == 403
