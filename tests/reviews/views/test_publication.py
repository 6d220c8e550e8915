"""The pages of public copies: what they show, whom they refuse, and that typed words stay."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from reviews.enums import LetterKind, PublicationState
from reviews.models import Letter, PublicCopy
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable


def test_copy_goes_through_its_pages(db: None, client_of: Callable[[User], Client]) -> None:
    served = make_signable(summary="The worker is a 54-year-old male who met Dr. Tamsinwood.").served()
    editor, director = make_user(Role.ADMINISTRATOR), make_user(Role.MEDICAL_DIRECTOR)
    client = client_of(editor)

    def post(name: str, who: Client = client, *arguments: int, **data: str) -> Any:
        return who.post(reverse(f"reviews:publication-{name}", args=arguments), data)

    queue = client.get(reverse("reviews:publication-queue"))
    assert str(served.case.number) in queue.content.decode()
    answer = post("propose", client, served.pk)
    copy = PublicCopy.objects.get()
    detail = reverse("reviews:publication-detail", args=[copy.pk])
    assert (answer.status_code, answer["Location"]) == (302, detail)
    assert post("propose", client, served.pk).status_code == 409
    assert "A person named with a title" in client.get(detail).content.decode()
    assert "Only one active reviewer fits" in client.get(detail).content.decode()
    assert str(served.case.number) in client.get(reverse("reviews:publication-queue") + "?show=work").content.decode()

    answer = post("redact", client, copy.pk, text="")
    assert answer.status_code == 422
    answer = post("redact", client, copy.pk, text="Nobody of that name", place="")
    assert answer.status_code == 400
    assert "do not stand in the public copy" in answer.content.decode()
    assert 'value="Nobody of that name"' in answer.content.decode()
    assert (
        post("keep", client, copy.pk, key="a person named with a title: dr. tamsinwood", reason="").status_code == 422
    )
    assert post("keep", client, copy.pk, key="no such", reason="It is.").status_code == 409
    assert post("redact-certain", client, copy.pk).status_code == 409
    assert post("redact", client, copy.pk, text="Dr. Tamsinwood", place="").status_code == 302
    assert "[redacted]" in client.get(detail).content.decode()
    assert post("undo", client, copy.pk, 7).status_code == 409

    copy.refresh_from_db()
    pdf = client.get(reverse("reviews:publication-pdf", args=[copy.pk]))
    assert b"".join(pdf).startswith(b"%PDF-")
    assert post("approve", client, copy.pk, sha256=copy.sha256).status_code == 403
    second = client_of(director)
    assert post("approve", second, copy.pk, sha256="").status_code == 409
    assert post("approve", second, copy.pk, sha256=copy.sha256).status_code == 302
    assert (
        str(served.case.number) in client.get(reverse("reviews:publication-queue") + "?show=published").content.decode()
    )

    assert post("withdraw", client, copy.pk, reason="").status_code == 422
    assert post("withdraw", client, copy.pk, reason="Asked for.").status_code == 302
    answer = post("withdraw", client, copy.pk, reason="Asked for.")
    assert answer.status_code == 409
    copy.refresh_from_db()
    assert copy.state == PublicationState.WITHDRAWN
    assert "Asked for." in client.get(detail).content.decode()
    seen = set(Event.objects.filter(object_type="public_copy").values_list("action", flat=True))
    approved = Event.objects.get(action="publication.approve")
    assert "reviewer" in approved.detail["rare"]
    assert seen == {f"publication.{act}" for act in ("propose", "edit", "view", "download", "approve", "withdraw")}


def test_parties_and_reviewers_get_neither_the_pages_nor_the_public_letter_as_theirs(
    db: None, client_of: Callable[[User], Client]
) -> None:
    signable = make_signable()
    served = signable.served()
    editor, director = make_user(Role.ADMINISTRATOR), make_user(Role.MEDICAL_DIRECTOR)
    client_of(editor).post(reverse("reviews:publication-propose", args=[served.pk]))
    copy = PublicCopy.objects.get()
    client_of(director).post(reverse("reviews:publication-approve", args=[copy.pk]), {"sha256": copy.sha256})
    public = Letter.objects.get(kind=LetterKind.PUBLIC)
    claims = make_user(Role.CLAIMS_STAFF, organization=signable.case.organization)

    for person in (claims, signable.user):
        assert client_of(person).get(reverse("reviews:publication-detail", args=[copy.pk])).status_code == 403
        assert client_of(person).get(reverse("reviews:letter-download", args=[public.pk])).status_code == 404
    auditor = client_of(make_user(Role.AUDITOR))
    page = auditor.get(reverse("reviews:publication-detail", args=[copy.pk])).content.decode()
    assert "Withdraw…" not in page
    assert "Make and test" not in auditor.get(reverse("reviews:publication-queue")).content.decode()
    # The letter that holds is still the served one, for everybody.
    issued = client_of(director).get(reverse("reviews:letter-issued")).content.decode()
    assert issued.count(f"/letters/{served.pk}/") >= 1
    assert f"/letters/{public.pk}/" not in issued
