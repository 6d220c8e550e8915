"""Objects of the accounts' pages."""

from datetime import timedelta

from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import Invitation, Mail, Organization, User
from imr.accounts.services.api_token import issue_token
from imr.accounts.services.secret import new_secret, secret_hash
from imr.core import clock
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast

MISSING = {"pk": 9_999_999}


@objects_for(
    "accounts:person-detail", "accounts:person-role", "accounts:person-deactivate", "accounts:person-reactivate"
)
def person(cast: Cast) -> Objects:
    return Objects(
        kwargs={"pk": cast.colleague.pk},
        foreign={"pk": cast.away_claims.pk},
        missing=MISSING,
        reach={
            Role.CLAIMS_MANAGER: "own",
            Role.ADMINISTRATOR: "any",
            Role.OPERATOR: "any",
            Role.AUDITOR: "any",
        },
    )


@objects_for("accounts:invitation-resend", "accounts:invitation-revoke")
def invitation(cast: Cast) -> Objects:
    def make(organization: Organization) -> int:
        return Invitation.objects.create(
            email="new@example.org",
            role=Role.CLAIMS_STAFF,
            organization=organization,
            token_hash=secret_hash(new_secret()),
            invited_by=cast.administrator,
            expires_at=clock.now() + timedelta(days=1),
        ).pk

    return Objects(
        kwargs={"pk": make(cast.home)},
        foreign={"pk": make(cast.away)},
        missing=MISSING,
        reach={Role.CLAIMS_MANAGER: "own", Role.ADMINISTRATOR: "any"},
    )


@objects_for("accounts:mail-again")
def mail(cast: Cast) -> Objects:
    def make(user: User) -> int:
        return Mail.objects.create(recipient=user, event=MailEvent.NOTICE_ISSUED, key="1", path="/").pk

    return Objects(
        kwargs={"pk": make(cast.claims)},
        foreign={"pk": make(cast.away_claims)},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any", Role.OPERATOR: "any"},
    )


@objects_for("accounts:organization-edit")
def organization(cast: Cast) -> Objects:
    return Objects(
        kwargs={"pk": cast.home.pk},
        foreign={"pk": cast.away.pk},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any"},
    )


@objects_for("accounts:token-revoke")
def token(cast: Cast) -> Objects:
    return Objects(
        kwargs={"pk": issue_token(actor=cast.manager, name="Claims system").token.pk},
        foreign={"pk": issue_token(actor=cast.away_manager, name="Claims system").token.pk},
        missing=MISSING,
        reach={Role.CLAIMS_MANAGER: "own"},
    )
