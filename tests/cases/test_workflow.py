"""The whole product of statuses, events and roles, and the table's agreement with the database and the document."""

import itertools
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from cases.enums import CaseEvent, CaseStatus
from cases.exceptions import TransitionError
from cases.management.commands.export_workflow import workflow_document
from cases.models import Case
from cases.services.reference import load_holidays, load_legal_parameters
from cases.services.transitions import transition_case
from cases.workflow import TERMINAL, TRANSITIONS, events_for, status_pairs
from imr.accounts.enums import Role
from imr.accounts.models import Organization, User
from imr.core.clock import now
from imr.core.errors import NotAllowedError


def test_every_event_has_a_row() -> None:
    assert set(TRANSITIONS) == set(CaseEvent)


def test_every_status_but_the_first_is_reached_and_only_ends_are_terminal() -> None:
    reached = {row.target for row in TRANSITIONS.values()}
    assert set(CaseStatus) - reached == {CaseStatus.DRAFT}
    assert {
        CaseStatus.MERGED,
        CaseStatus.CONSOLIDATED,
        CaseStatus.TERMINATED,
        CaseStatus.WITHDRAWN,
        CaseStatus.DISMISSED,
        CaseStatus.PUBLISHED,
    } == TERMINAL


@pytest.mark.django_db
def test_transition_case_walks_the_whole_table() -> None:
    load_legal_parameters()
    load_holidays()
    organization = Organization.objects.create(name="Table Test Mutual", kind="claims_administrator")
    people = {
        role: User.objects.create_user(f"{role}@table.example", role=role, organization=organization) for role in Role
    }
    filer = people[Role.CLAIMS_STAFF]

    def case_in(status: CaseStatus, number: int) -> Case:
        submitted = status != CaseStatus.DRAFT
        return Case.objects.create(
            number=f"CM26-{number:07d}" if submitted else None,
            received_at=now() if submitted else None,
            received_by=filer if submitted else None,
            status=status,
            organization=organization,
            created_by=filer,
        )

    numbers = itertools.count(1)
    moved = 0
    for status in CaseStatus:
        case = case_in(status, next(numbers))
        for event, (role, person) in itertools.product(CaseEvent, people.items()):
            row = TRANSITIONS[event]
            if role not in row.roles:
                with pytest.raises(NotAllowedError), transaction.atomic():
                    transition_case(case_id=case.pk, event=event, actor=person)
            elif status not in row.sources:
                with pytest.raises(TransitionError), transaction.atomic():
                    transition_case(case_id=case.pk, event=event, actor=person)
            else:
                changes = {}
                if event == CaseEvent.SUBMIT:
                    changes = {"number": f"CM26-{next(numbers):07d}", "received_at": now(), "received_by": person}
                fresh = case_in(status, next(numbers))
                after = transition_case(case_id=fresh.pk, event=event, actor=person, changes=changes)
                assert after.status == row.target
                assert after.version == fresh.version + 1
                moved += 1
        case.refresh_from_db()
        assert case.status == status, "a refused event changed the case"
    expected = sum(len(row.sources) * len(row.roles) for row in TRANSITIONS.values())
    assert moved == expected


@pytest.mark.django_db
def test_database_refuses_what_the_table_does_not_hold() -> None:
    organization = Organization.objects.create(name="Trigger Test Mutual", kind="claims_administrator")
    filer = User.objects.create_user("t@trigger.example", role=Role.CLAIMS_STAFF, organization=organization)
    pairs = set(status_pairs())
    for number, (source, target) in enumerate(itertools.permutations(CaseStatus, 2), start=1):
        if CaseStatus.DRAFT in (source, target):
            continue
        case = Case.objects.create(
            number=f"CM26-{number:07d}",
            received_at=now(),
            received_by=filer,
            status=source,
            organization=organization,
            created_by=filer,
        )
        if (source.value, target.value) in pairs:
            assert Case.objects.filter(pk=case.pk).update(status=target) == 1
        else:
            with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
                Case.objects.filter(pk=case.pk).update(status=target)


def test_events_for_gives_the_buttons_of_a_role() -> None:
    assert events_for(CaseStatus.RECEIVED, Role.AUDITOR) == ()
    assert CaseEvent.START_SCREENING in events_for(CaseStatus.RECEIVED, Role.ADMINISTRATOR)
    assert CaseEvent.SIGN not in events_for(CaseStatus.IN_REVIEW, Role.ADMINISTRATOR)


def test_workflow_document_is_in_step() -> None:
    written = (Path(settings.BASE_DIR) / "docs" / "workflow.md").read_text(encoding="utf-8")
    assert written == workflow_document(), "run: manage.py export_workflow"
