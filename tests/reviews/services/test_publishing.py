"""A case is published when it is closed and a public copy of its letter is approved, in whatever order."""

import pytest

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from reviews.models import PublicCopy
from reviews.services.publication import approve_copy, propose_copy, withdraw_copy
from reviews.services.publishing import publish_closed_cases
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable

pytestmark = pytest.mark.django_db


def proposed() -> tuple[Case, PublicCopy, User]:
    editor = make_user(Role.ADMINISTRATOR)
    letter = make_signable().served(editor)
    return letter.case, propose_copy(letter_id=letter.pk, actor=editor), make_user(Role.MEDICAL_DIRECTOR)


def close(case: Case) -> None:
    transition_case(case_id=case.pk, event=CaseEvent.CLOSE, actor=None)


def test_closing_after_the_approval_publishes_by_the_schedule_once() -> None:
    case, copy, director = proposed()
    approve_copy(copy_id=copy.pk, actor=director, sha256=copy.sha256)
    assert publish_closed_cases() == 0
    close(case)
    assert (publish_closed_cases(), publish_closed_cases()) == (1, 0)
    assert Case.objects.get(pk=case.pk).status == CaseStatus.PUBLISHED


def test_approval_after_closing_publishes_at_once() -> None:
    case, copy, director = proposed()
    close(case)
    assert publish_closed_cases() == 0
    approve_copy(copy_id=copy.pk, actor=director, sha256=copy.sha256)
    assert Case.objects.get(pk=case.pk).status == CaseStatus.PUBLISHED
    assert Event.objects.get(action="case.publish", case_id=case.pk).actor == director


def test_withdrawn_copy_publishes_nothing() -> None:
    case, copy, director = proposed()
    approve_copy(copy_id=copy.pk, actor=director, sha256=copy.sha256)
    withdraw_copy(copy_id=copy.pk, actor=director, reason="A name was found.")
    close(case)
    assert publish_closed_cases() == 0
