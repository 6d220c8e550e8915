"""Drafts: nothing typed is lost, nothing is overwritten unseen."""

from datetime import date
from typing import Any

import pytest

from cases.enums import DraftStep, PartyRole, StepState, UROutcome
from cases.exceptions import GoneError, StaleVersionError, SubmittedError
from cases.models import Application, Case, DisputedItem, Party, TreatmentCategory
from cases.selectors.draft import draft_findings, read_draft, step_statuses
from cases.services.draft import create_draft, delete_draft, discard_typed, keep_typed, save_step, save_steps
from cases.services.item import add_item, edit_item, move_item, remove_item
from imr.accounts.models import Organization
from imr.audit.models import Event
from imr.core.errors import DomainError
from tests.factories.accounts import Cast
from tests.factories.cases import SEED_ITEM, make_case, make_draft, make_item

pytestmark = pytest.mark.django_db

CLAIM = {
    "claim_number": "WC-77",
    "date_of_injury": date(2025, 11, 1),
    "is_cumulative_injury": False,
    "date_of_injury_end": None,
    "wcis_number": "",
    "adj_number": "",
    "employer_firm_name": "Delta Orchards, Inc.",
}


def states(case: Case) -> dict[DraftStep, StepState]:
    draft = read_draft(case)
    return {one.step: one.state for one in step_statuses(draft, draft_findings(draft, today=date(2026, 11, 23)))}


def test_draft_begins_with_the_organization_prefilled_and_nothing_started(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.home.pk).update(city="Fresno", phone="(559) 555-0100")
    cast.claims.refresh_from_db()
    case = create_draft(actor=cast.claims)

    party = Party.objects.get(case=case)
    assert (party.role, party.firm_name, party.city) == (PartyRole.CLAIMS_ADMINISTRATOR, cast.home.name, "Fresno")
    assert set(states(case).values()) == {StepState.NOT_STARTED}
    assert case.organization == cast.home
    assert Event.objects.filter(case_id=case.pk, action="draft.create").count() == 1


def test_administrator_names_the_claims_administrator(cast: Cast) -> None:
    with pytest.raises(DomainError):
        create_draft(actor=cast.administrator)

    assert create_draft(actor=cast.administrator, organization=cast.away).organization == cast.away


def test_saved_step_stores_answers_and_parties_and_is_completed(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)

    saved = save_step(case_id=case.pk, actor=cast.claims, step=DraftStep.CLAIM, cleaned=CLAIM, version=1)

    assert (saved.claim_number, saved.date_of_injury) == ("WC-77", date(2025, 11, 1))
    assert Party.objects.get(case=case, role=PartyRole.EMPLOYER).firm_name == "Delta Orchards, Inc."
    assert states(case)[DraftStep.CLAIM] == StepState.COMPLETED


def test_typed_text_is_kept_as_it_is_and_saving_ends_it(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    keep_typed(
        case_id=case.pk,
        actor=cast.claims,
        key="claim",
        typed={"claim_number": "WC-", "date_of_injury": "13/4"},
        version=1,
        editor="page",
    )

    draft = read_draft(case)
    assert draft.typed("claim") == {"claim_number": "WC-", "date_of_injury": "13/4"}
    assert draft.application.date_of_injury is None
    assert states(case)[DraftStep.CLAIM] == StepState.IN_PROGRESS
    # The same page saves with the version it was opened with, whatever its own autosave did meanwhile.
    save_step(case_id=case.pk, actor=cast.claims, step=DraftStep.CLAIM, cleaned=CLAIM, version=1, editor="page")
    assert read_draft(case).typed("claim") is None


def test_slow_autosave_does_not_undo_a_later_one(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    for moment, words in ((200, "later"), (100, "earlier")):
        keep_typed(
            case_id=case.pk,
            actor=cast.claims,
            key="claim",
            typed={"claim_number": words},
            version=1,
            editor="page",
            typed_at=moment,
        )

    assert read_draft(case).typed("claim") == {"claim_number": "later"}


def test_autosave_that_arrives_after_the_save_is_refused(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    save_step(case_id=case.pk, actor=cast.claims, step=DraftStep.CLAIM, cleaned=CLAIM, version=1, editor="page")

    with pytest.raises(StaleVersionError):
        keep_typed(case_id=case.pk, actor=cast.claims, key="claim", typed={"a": "b"}, version=1, editor="page")


def test_second_window_on_the_same_step_is_refused_and_on_another_step_is_not(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    save_step(case_id=case.pk, actor=cast.claims, step=DraftStep.CLAIM, cleaned=CLAIM, version=1, editor="one")

    with pytest.raises(StaleVersionError):
        save_step(case_id=case.pk, actor=cast.colleague, step=DraftStep.CLAIM, cleaned=CLAIM, version=1, editor="two")
    with pytest.raises(StaleVersionError):
        keep_typed(case_id=case.pk, actor=cast.colleague, key="claim", typed={"a": "b"}, version=1, editor="two")
    save_step(
        case_id=case.pk,
        actor=cast.colleague,
        step=DraftStep.REVIEW_TYPE,
        cleaned={"review_type": "regular"},
        version=1,
        editor="two",
    )
    version = Application.objects.get(case=case).version
    save_step(case_id=case.pk, actor=cast.colleague, step=DraftStep.CLAIM, cleaned=CLAIM, version=version, editor="two")


def test_typed_text_of_another_window_is_not_thrown_away(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    keep_typed(case_id=case.pk, actor=cast.claims, key="claim", typed={"a": "b"}, version=1, editor="one")

    with pytest.raises(StaleVersionError):
        discard_typed(case_id=case.pk, actor=cast.colleague, key="claim", version=1, editor="two")
    discard_typed(case_id=case.pk, actor=cast.claims, key="claim", version=1, editor="one")
    assert read_draft(case).typed("claim") is None


def test_representative_that_is_not_there_any_more_is_removed(cast: Cast) -> None:
    case = make_draft(cast.claims)
    yes = {"has_attorney": True, "attorney_last_name": "Ruiz", "has_designee": False, "designation_signed_on": None}
    save_step(case_id=case.pk, actor=cast.claims, step=DraftStep.REPRESENTATIVE, cleaned=yes, version=9)
    assert Party.objects.filter(case=case, role=PartyRole.ATTORNEY, last_name="Ruiz").exists()

    no = {**yes, "has_attorney": False}
    save_step(case_id=case.pk, actor=cast.claims, step=DraftStep.REPRESENTATIVE, cleaned=no, version=9)

    assert not Party.objects.filter(case=case, role=PartyRole.ATTORNEY).exists()


def test_submitted_application_can_no_longer_be_changed(cast: Cast) -> None:
    case = make_case(user=cast.claims)

    for change in (
        lambda: save_step(case_id=case.pk, actor=cast.claims, step=DraftStep.CLAIM, cleaned=CLAIM, version=99),
        lambda: keep_typed(case_id=case.pk, actor=cast.claims, key="claim", typed={}, version=99),
        lambda: delete_draft(case_id=case.pk, actor=cast.claims),
        lambda: remove_item(case_id=case.pk, item_id=1, actor=cast.claims),
    ):
        with pytest.raises(SubmittedError):
            change()


def test_deleted_draft_is_gone_and_the_record_stays(cast: Cast) -> None:
    case = make_draft(cast.claims)

    delete_draft(case_id=case.pk, actor=cast.claims)

    assert not Case.objects.filter(pk=case.pk).exists()
    assert Event.objects.filter(case_id=case.pk, action="draft.delete").count() == 1


def item_answers(description: str) -> dict[str, object]:
    return {
        "description": description,
        "category": TreatmentCategory.objects.filter(parent__isnull=False).first(),
        "ur_outcome": UROutcome.DENIED,
    }


def listed(case: Case) -> list[tuple[int, str]]:
    return list(DisputedItem.objects.filter(case=case).values_list("position", "description"))


def test_items_are_added_moved_changed_and_removed_without_gaps(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    first, second, third = (
        add_item(case_id=case.pk, actor=cast.claims, cleaned=item_answers(words), version=99)
        for words in (SEED_ITEM, "MRI", "Brace")
    )

    move_item(case_id=case.pk, item_id=third.pk, actor=cast.claims, offset=-1)
    move_item(case_id=case.pk, item_id=first.pk, actor=cast.claims, offset=-1)
    assert listed(case) == [(1, SEED_ITEM), (2, "Brace"), (3, "MRI")]
    edit_item(case_id=case.pk, item_id=second.pk, actor=cast.claims, cleaned=item_answers("MRI 2"), version=99)
    remove_item(case_id=case.pk, item_id=first.pk, actor=cast.claims)

    assert listed(case) == [(1, "Brace"), (2, "MRI 2")]
    with pytest.raises(GoneError):
        remove_item(case_id=case.pk, item_id=first.pk, actor=cast.claims)


def test_repeated_item_and_the_sixty_first_are_refused(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    add_item(case_id=case.pk, actor=cast.claims, cleaned=item_answers("MRI of the knee"), version=99)
    with pytest.raises(DomainError) as raised:
        add_item(case_id=case.pk, actor=cast.claims, cleaned=item_answers("mri of  the Knee"), version=99)
    assert "description" in raised.value.fields

    for _ in range(59):
        make_item(case)
    with pytest.raises(DomainError, match="at most 60"):
        add_item(case_id=case.pk, actor=cast.claims, cleaned=item_answers("One more"), version=99)


def test_words_of_a_new_item_that_arrive_after_the_item_are_refused(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    who: dict[str, Any] = {"case_id": case.pk, "actor": cast.claims, "version": 1, "editor": "page"}
    late: dict[str, Any] = {**who, "key": "item:new", "typed": {"description": "MRI"}}
    keep_typed(**late)
    item = add_item(**who, cleaned=item_answers("MRI"))

    with pytest.raises(StaleVersionError, match="saved already"):
        keep_typed(**late, typed_at=5)
    assert read_draft(case).typed_steps == frozenset()
    # A colleague who began another item before goes on, and so does the same person's next page.
    keep_typed(**{**late, "actor": cast.colleague, "editor": "colleague"})
    add_item(case_id=case.pk, actor=cast.colleague, cleaned=item_answers("Brace"), version=1, editor="colleague")
    with pytest.raises(StaleVersionError):
        keep_typed(**late)
    version = Application.objects.get(case=case).version
    keep_typed(**{**late, "version": version, "editor": "next page"})
    assert read_draft(case).typed("item:new") == {"description": "MRI"}
    remove_item(case_id=case.pk, item_id=item.pk, actor=cast.claims)
    with pytest.raises(GoneError):
        keep_typed(**{**late, "key": f"item:{item.pk}"})


def test_item_edited_in_two_windows_is_refused_the_second_time(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    item = add_item(case_id=case.pk, actor=cast.claims, cleaned=item_answers("MRI"), version=1)
    version = Application.objects.get(case=case).version
    edit_item(case_id=case.pk, item_id=item.pk, actor=cast.claims, cleaned=item_answers("MRI 2"), version=version)

    with pytest.raises(StaleVersionError):
        edit_item(
            case_id=case.pk, item_id=item.pk, actor=cast.colleague, cleaned=item_answers("MRI 3"), version=version
        )


def test_several_steps_are_saved_together_or_not_at_all(cast: Cast) -> None:
    case = create_draft(actor=cast.claims)
    employee = {"first_name": "Iris", "last_name": "Vale"}
    saved = save_steps(
        case_id=case.pk,
        actor=cast.claims,
        steps={DraftStep.CLAIM: CLAIM, DraftStep.EMPLOYEE: employee},
        version=1,
    )
    assert saved.steps[DraftStep.CLAIM]["done"]
    assert saved.steps[DraftStep.EMPLOYEE]["version"] == saved.version == 3
    assert Event.objects.filter(action="draft.save_step", case_id=case.pk).count() == 1

    with pytest.raises(StaleVersionError):
        save_steps(
            case_id=case.pk,
            actor=cast.claims,
            steps={DraftStep.REPRESENTATIVE: {"has_attorney": False}, DraftStep.EMPLOYEE: {"first_name": "Other"}},
            version=2,
        )

    application = Application.objects.get(case=case)
    assert application.has_attorney is None
    assert DraftStep.REPRESENTATIVE not in application.steps
    party = Party.objects.get(case=case, role=PartyRole.EMPLOYEE)
    assert (party.first_name, party.last_name) == ("Iris", "Vale")
