"""Invitations, from the form to the account."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client, override_settings

from imr.accounts.enums import Role
from imr.accounts.models import Invitation, User
from imr.accounts.services.invitation import invite_person
from imr.accounts.services.secret import secret_hash
from imr.core import clock, jobs
from imr.core.errors import NotAllowedError
from imr.core.models import OutboxJob
from tests.factories.accounts import Cast

type SignIn = Callable[[User], Client]
INVITE = "/people/invite/"
PHRASE = "a long enough phrase"


def _mailed() -> str:
    """Run the promised jobs; the path of the link in the last mail."""
    for pk in OutboxJob.objects.filter(state="pending").values_list("pk", flat=True):
        jobs.run(pk)
    found = re.search(r"https?://[^/]+(/\S*)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def _main(response: object) -> str:
    body: str = response.content.decode()  # type: ignore[attr-defined]
    return body[body.index("<main") : body.index("</main>")]


@override_settings(IMR_BASE_URL="https://imr.example.org")
def test_invited_colleague_opens_an_account_once(cast: Cast, client_of: SignIn) -> None:
    sent = client_of(cast.manager).post(INVITE, {"email": "New@Example.org", "role": Role.CLAIMS_STAFF})
    assert sent.status_code == 302
    path = _mailed()
    assert "https://imr.example.org/invitation/" in str(mail.outbox[-1].body)
    token = path.split("/")[2]
    assert len(token) == 43
    assert Invitation.objects.get().token_hash == secret_hash(token)

    stranger = Client()
    assert "new@example.org" in _main(stranger.get(path))
    bad = stranger.post(path, {"full_name": "Nell New", "new_password1": "short", "new_password2": "other"})
    assert bad.status_code == 422
    assert 'value="Nell New"' in bad.content.decode()
    fields = {"full_name": "Nell New", "new_password1": PHRASE, "new_password2": PHRASE}
    assert stranger.post(path, fields)["Location"] == "/sign-in/"
    user = User.objects.get(email="new@example.org")
    assert (user.full_name, user.role, user.organization) == ("Nell New", Role.CLAIMS_STAFF, cast.home)
    assert user.check_password(PHRASE)
    assert stranger.post(path, fields).status_code == 410
    assert stranger.post("/sign-in/", {"username": user.email, "password": PHRASE}).status_code == 302


def test_used_revoked_expired_replaced_and_unknown_links_get_one_page(cast: Cast, client_of: SignIn) -> None:
    manager = client_of(cast.manager)
    pages = {_main(Client().get("/invitation/" + "x" * 43 + "/"))}

    manager.post(INVITE, {"email": "revoked@example.org", "role": Role.CLAIMS_STAFF})
    revoked = _mailed()
    assert manager.post(f"/invitations/{Invitation.objects.get().pk}/revoke/").status_code == 302
    assert manager.post(f"/invitations/{Invitation.objects.get().pk}/resend/").status_code == 409
    pages.add(_main(Client().get(revoked)))

    manager.post(INVITE, {"email": "late@example.org", "role": Role.CLAIMS_STAFF})
    former = _mailed()
    late = Invitation.objects.get(email="late@example.org")
    manager.post(f"/invitations/{late.pk}/resend/")
    newest = _mailed()
    assert newest != former
    pages.add(_main(Client().get(former)))
    assert Client().get(newest).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
        response = Client().get(newest)
        pages.add(_main(response))
        assert response.status_code == 410
        assert "Expired" in client_of(cast.manager).get("/people/").content.decode()
    assert len(pages) == 1


def test_reviewer_gives_no_name(cast: Cast, client_of: SignIn) -> None:
    sent = client_of(cast.administrator).post(
        INVITE, {"email": "expert@example.org", "role": Role.REVIEWER, "organization": str(cast.imr.pk)}
    )
    assert sent.status_code == 302
    path = _mailed()
    assert "full_name" not in _main(Client().get(path))
    Client().post(path, {"full_name": "Canary Name", "new_password1": PHRASE, "new_password2": PHRASE})
    assert User.objects.get(email="expert@example.org").full_name == ""


@pytest.mark.parametrize(
    ("home", "role"), [(True, Role.ADMINISTRATOR), (True, Role.REVIEWER), (False, Role.CLAIMS_STAFF), (True, "king")]
)
def test_role_must_fit_the_organization(cast: Cast, client_of: SignIn, home: bool, role: str) -> None:
    organization = cast.home if home else cast.imr
    response = client_of(cast.administrator).post(
        INVITE, {"email": "x@example.org", "role": role, "organization": str(organization.pk)}
    )
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_manager_invites_to_the_own_organization_only(cast: Cast, client_of: SignIn) -> None:
    client_of(cast.manager).post(
        INVITE, {"email": "x@example.org", "role": Role.CLAIMS_STAFF, "organization": str(cast.away.pk)}
    )
    assert Invitation.objects.get().organization == cast.home
    with pytest.raises(NotAllowedError):
        invite_person(actor=cast.manager, email="y@example.org", role=Role.CLAIMS_STAFF, organization=cast.away)
    with pytest.raises(NotAllowedError):
        invite_person(actor=cast.operator, email="y@example.org", role=Role.ADMINISTRATOR, organization=cast.imr)


def test_inviter_does_not_learn_of_accounts_elsewhere(cast: Cast, client_of: SignIn) -> None:
    manager = client_of(cast.manager)
    answers = []
    for email in ("nobody@example.org", cast.away_claims.email, cast.reviewer.email):
        response = manager.post(INVITE, {"email": email, "role": Role.CLAIMS_STAFF}, follow=True)
        answers.append((response.status_code, _main(response).count(f"The invitation to {email} is on its way")))
    assert answers == [(200, 1)] * 3
    assert _mailed() == "/sign-in/"
    assert "/invitation/" not in str(mail.outbox[-1].body)
    known = manager.post(INVITE, {"email": cast.claims.email, "role": Role.CLAIMS_STAFF})
    assert known.status_code == 422


def test_same_address_is_invited_once_by_an_organization_but_by_two(cast: Cast, client_of: SignIn) -> None:
    fields = {"email": "both@example.org", "role": Role.CLAIMS_STAFF}
    assert client_of(cast.manager).post(INVITE, fields).status_code == 302
    assert client_of(cast.manager).post(INVITE, fields).status_code == 422
    assert client_of(cast.away_manager).post(INVITE, fields).status_code == 302
    paths = {invitation.organization_id: "" for invitation in Invitation.objects.all()}
    assert len(paths) == 2


def test_mail_job_run_twice_sends_the_same_link(cast: Cast) -> None:
    invitation = invite_person(
        actor=cast.manager, email="x@example.org", role=Role.CLAIMS_STAFF, organization=cast.home
    )
    for _ in range(2):
        jobs.handlers()["send_invitation"].run(invitation_id=invitation.pk)
    jobs.handlers()["send_invitation"].run(invitation_id=0)
    assert len({str(message.body) for message in mail.outbox}) == 1
    assert len(mail.outbox) == 2
