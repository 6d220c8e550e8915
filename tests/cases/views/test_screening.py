"""The analyst's page of checks."""

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import Application, CheckAnswer, ScreeningFacts
from cases.selectors.eligibility import case_checks
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

type ClientOf = Callable[[User], Client]


def test_page_shows_every_check_its_law_and_the_proposal(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, items=2)
    text = client_of(cast.administrator).get(reverse("cases:eligibility-checks", args=[case.pk])).content.decode()
    for check in case_checks(case, today=clock.today()).checks:
        assert check.result.title in text
        assert check.result.citation in text
    assert "nothing speaks against any item" in text
    assert "Checks of item 2" in text
    assert Event.objects.filter(action="eligibility.viewed", case_id=case.pk).count() == 1


def test_facts_are_recorded_and_shown_again(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    client, url = client_of(cast.administrator), reverse("cases:eligibility-facts", args=[case.pk])
    bad = client.post(url, {"form_service_method": "mail", "is_formulary": "unknown", "is_carve_out": "maybe"})
    assert bad.status_code == 422
    assert 'value="mail" selected' in bad.content.decode()
    good = {"is_formulary": "no", "is_carve_out": "unknown", "form_served_on": clock.today().isoformat()}
    assert client.post(url, good).status_code == 302
    facts = ScreeningFacts.objects.get(case=case)
    assert (facts.is_formulary, facts.is_carve_out, facts.form_served_on) == (False, None, clock.today())
    text = client.get(url).content.decode()
    assert 'value="no" selected' in text
    assert f'value="{clock.today():%m/%d/%Y}"' in text


def test_check_is_decided_on_its_page_and_an_unknown_one_is_not_there(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    Application.objects.filter(case=case).update(signed_on=None)
    client = client_of(cast.administrator)
    url = reverse("cases:eligibility-check", args=[case.pk, "signature"])
    check = case_checks(case, today=clock.today()).find("signature")
    assert check is not None
    typed = {"fingerprint": check.result.fingerprint, "verdict": "passed", "reason": ""}
    bad = client.post(url, typed)
    assert bad.status_code == 422
    assert "Write why, in a sentence." in bad.content.decode()
    assert client.post(url, {**typed, "reason": "Signed on page 2."}).status_code == 302
    assert CheckAnswer.objects.get(case=case).reason == "Signed on page 2."
    assert "Signed on page 2." in client.get(url).content.decode()
    for key in ("nothing", "duplicate:99", "%00"):
        assert client.get(f"/cases/{case.pk}/eligibility/check/{key}/").status_code == 404


def test_decision_pages_start_from_the_proposal(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    client = client_of(cast.administrator)
    text = client.get(reverse("cases:eligibility-find", args=[case.pk])).content.decode()
    assert re.search(r'value="eligible"[^>]* checked', text)
    late = make_case(CaseStatus.ELIGIBILITY_REVIEW, is_liability_disputed=True, liability_reason="Body part")
    text = client.get(reverse("cases:eligibility-refuse", args=[late.pk])).content.decode()
    assert '<option value="INE-LIAB" selected' in text
    text = client.get(reverse("cases:eligibility-find", args=[late.pk])).content.decode()
    assert "The checks amount to another decision" in text
    refused = client.post(
        reverse("cases:eligibility-find", args=[late.pk]),
        {f"item-{item.pk}": "eligible" for item in late.items.all()},
    )
    assert refused.status_code == 400
    assert "Write why you decide so." in refused.content.decode()
