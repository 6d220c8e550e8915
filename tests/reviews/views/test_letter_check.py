"""The public check page: one answer, and nothing about whom the letter concerns."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from imr.accounts.enums import Role
from imr.core import clock
from imr.core.words import mmddyyyy
from reviews.models import Determination, Dispatch, Letter
from reviews.selectors.letter_check import LetterState, letter_check, normal_code, shown_code
from reviews.services.dispatch import new_check_code, release_letter
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable


def page(code: str) -> Any:
    return Client().get(reverse("reviews:letter-check", kwargs={"code": code}))


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def served(db: None) -> Letter:
    return make_signable().served()


def second_version(letter: Letter) -> Dispatch:
    """The same case's next letter, as a correction leaves it."""
    old = letter.dispatch
    corrected = Determination.objects.get(pk=letter.determination_id)
    corrected.pk = None
    Determination.objects.filter(pk=letter.determination_id).update(superseded_at=timezone.now())
    corrected.corrects_id = letter.determination_id
    corrected.save(force_insert=True)
    Letter.objects.filter(pk=letter.pk).update(superseded_at=timezone.now())
    fields = {
        name: getattr(letter, name)
        for name in ("case", "kind", "snapshot_sha256", "template_version", "size", "page_count", "service_date")
    }
    newer = Letter.objects.create(
        **fields,
        determination=corrected,
        version=2,
        sha256="ab" * 32,
        released_at=letter.released_at,
        released_by=letter.released_by,
    )
    return Dispatch.objects.create(
        case=letter.case,
        determination=corrected,
        round=old.round,
        version=2,
        service_on=old.service_on,
        was_passed=True,
        released_by=old.released_by,
        check_code=new_check_code(),
        context=old.context,
        context_sha256=old.context_sha256,
        mailed_on=old.mailed_on,
        letter=newer,
        served_at=timezone.now(),
    )


def test_valid_letter_says_version_day_and_digest_and_names_nobody(served: Letter) -> None:
    answer = page(served.dispatch.check_code)
    told = text_of(answer)

    assert answer.status_code == 200
    assert f"Valid This is the letter that holds: version 1, served on {mmddyyyy(clock.today())}" in told
    assert served.sha256 in told
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    html = answer.content.decode()
    context = served.dispatch.context or {}
    secrets = [context["parties"]["employee"], context["parties"]["claims_administrator"], served.case.number]
    assert all(secret not in html for secret in secrets if secret)


def test_superseded_letter_names_the_version_that_holds(served: Letter) -> None:
    newer = second_version(served)
    told = text_of(page(served.dispatch.check_code))

    assert f"Superseded by version 2 on {mmddyyyy(newer.service_on)}" in told
    assert served.sha256 in told
    assert "ab" * 32 in told
    assert "holds: version 2" in text_of(page(newer.check_code))
    Determination.objects.filter(pk=served.determination_id).update(set_aside_at=timezone.now())
    found = letter_check(served.dispatch.check_code)
    assert found is not None
    assert found.state == LetterState.SET_ASIDE
    assert f"Set aside on {mmddyyyy(clock.today())}" in text_of(page(served.dispatch.check_code))


def test_code_of_no_served_letter_is_unknown(db: None) -> None:
    letter = make_signable().letter()
    dispatch = release_letter(
        letter_id=letter.pk, actor=make_user(Role.ADMINISTRATOR), service_on=clock.today(), without_check=True
    )
    pages = [page(code) for code in (dispatch.check_code, "A" * 20, "short", "A" * 300, "..", "<b>x")]

    assert [answer.status_code for answer in pages] == [404] * 6
    for answer in pages:
        assert "Unknown No letter of" in text_of(answer)
        assert "<b>x" not in answer.content.decode()
    # What differs is the code alone: nothing tells a letter on its way from one that never was.
    bare = [re.sub(r'check-code">[^<]*<|nonce="[^"]*"|"X-CSRFToken": "[^"]*"', "", p.content.decode()) for p in pages]
    assert len(set(bare)) == 1


def test_typed_code_is_read_as_people_write_it(served: Letter) -> None:
    code = served.dispatch.check_code
    shown = shown_code(code)
    form = reverse("reviews:letter-check-form")

    assert len(shown) == 23
    assert normal_code(f" {shown.lower()} ") == code
    assert normal_code("0o1i8b") == "OOIIBB"
    answer = Client().get(form, {"code": shown.lower()})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("reviews:letter-check", kwargs={"code": code})
    assert Client().get(form).status_code == 200
    for typed, told in (("", "Enter the check code."), ("ABC", "this one has 3"), ("ü" * 20, "this one has 0")):
        answer = Client().get(form, {"code": typed})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()


def test_busy_visitor_is_told_to_wait(db: None, settings: Settings) -> None:
    settings.IMR_CHECKS_PER_MINUTE = 2
    address = reverse("reviews:letter-check", kwargs={"code": "A" * 20})
    answers = [Client(REMOTE_ADDR="203.0.113.9").get(address) for _ in range(6)]
    # A new minute may begin once meanwhile.
    assert [answer.status_code for answer in answers].count(429) >= 2
    late = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(late["Retry-After"]) <= 60
    assert Client(REMOTE_ADDR="203.0.113.10").get(address).status_code == 404
