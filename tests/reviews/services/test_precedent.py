"""The index of earlier determinations, and the gate before it."""

from typing import Any

import pytest

from cases.enums import Outcome
from cases.models import Case
from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core import jobs
from imr.core.errors import ConflictError
from imr.core.models import OutboxJob
from reviews.models import Finding, Precedent, PrecedentReveal
from reviews.rules.precedent import likeness_of
from reviews.selectors.precedent import (
    PrecedentFilters,
    precedent_lines,
    precedents_like,
    reveals_of,
    split_of,
    standing_precedents,
)
from reviews.services.precedent import index_missing_archived, reveal_precedents
from tests.factories.accounts import make_user
from tests.factories.letters import Signable, make_signable
from tests.reviews.letters.test_exchange import DATA
from tests.reviews.services.test_archive import take

pytestmark = pytest.mark.django_db


def archived(number: int, item: str, decision: str = "Upheld", **fields: Any) -> dict[str, Any]:
    written = DATA["items"][0] | {"item": item, "decision": decision} | fields
    return DATA | {"case_number": f"CM16-{number:07d}", "items": [written]}


def _reveal(made: Signable) -> PrecedentReveal:
    finding = Finding.objects.get(review__assignment=made.assignment)
    return reveal_precedents(assignment_id=made.assignment.pk, item_id=finding.item_id, actor=made.user)


def test_nothing_is_shown_before_an_outcome_is_chosen() -> None:
    made = make_signable()
    Finding.objects.update(outcome="")
    with pytest.raises(ConflictError, match="Choose Upheld or Overturned"):
        _reveal(made)
    assert not PrecedentReveal.objects.exists()


def test_the_first_look_keeps_what_was_chosen_and_quality_sees_the_change() -> None:
    made = make_signable()
    reveal = _reveal(made)
    Finding.objects.update(outcome=Outcome.OVERTURNED)
    assert _reveal(made) == reveal

    (line,) = reveals_of([made.assignment])

    assert (line.before, line.now, line.has_changed) == ("Upheld", "Overturned", True)
    event = Event.objects.get(action="precedent.reveal")
    assert event.detail == {"item": reveal.item_id, "outcome": "upheld"}


def test_only_the_reviewer_of_the_case_reveals() -> None:
    made = make_signable()
    made_by_other = make_signable()
    finding = Finding.objects.get(review__assignment=made.assignment)
    with pytest.raises(ConflictError):
        reveal_precedents(
            assignment_id=made.assignment.pk, item_id=finding.item_id, actor=make_user(Role.MEDICAL_DIRECTOR)
        )
    with pytest.raises(Finding.DoesNotExist):
        reveal_precedents(assignment_id=made_by_other.assignment.pk, item_id=finding.item_id, actor=made_by_other.user)


def test_imported_items_are_found_by_treatment_part_and_guideline_with_the_split() -> None:
    back = "Decision based on MTUS Low Back Complaints 2004, Section(s): Special Studies."
    take(
        archived(1, "MRI of the lumbar spine"),
        archived(2, "MRI lumbar spine without contrast", "Overturned", reviewer_guideline=back),
        archived(3, "MRI of the left knee"),
        archived(4, "Physical therapy for the lumbar spine, 12 visits"),
    )
    like = likeness_of("MRI of the low back")
    case = make_signable().case

    part = precedents_like(like, PrecedentFilters(), without=case)
    assert set(part.values_list("case_number", flat=True)) == {"CM16-0000001", "CM16-0000002"}
    assert split_of(part).words == "1 of 2 upheld (50%), 1 overturned"
    assert precedents_like(like, PrecedentFilters(like="treatment"), without=case).count() == 3
    assert precedents_like(like, PrecedentFilters(like="treatment", since=2018), without=case).count() == 0
    assert precedents_like(like, PrecedentFilters(source="own"), without=case).count() == 0
    cited = next(key for key in Precedent.objects.get(case_number="CM16-0000002").keys if key.startswith("c:"))
    assert cited == "c:low back complaints"


def test_a_case_is_no_precedent_for_itself_and_half_a_treatment_is_better_than_none() -> None:
    take(archived(1, "Acupuncture for the low back"))
    like = likeness_of("Acupuncture and massage for the low back")
    case = make_signable().case
    assert precedents_like(like, PrecedentFilters(), without=case).count() == 1
    own = Case(number="CM16-0000001")
    assert precedents_like(like, PrecedentFilters(), without=own).count() == 0


def test_the_index_can_be_made_again() -> None:
    take(archived(1, "MRI of the lumbar spine"), archived(2, "MRI of the left knee"))
    before = sorted(Precedent.objects.values_list("case_number", "outcome", "keys"))
    Precedent.objects.all().delete()
    assert index_missing_archived() == 2
    assert sorted(Precedent.objects.values_list("case_number", "outcome", "keys")) == before
    assert index_missing_archived() == 0


def test_a_served_determination_is_indexed_and_its_words_wait_for_the_public_copy() -> None:
    letter = make_signable().served()
    job = OutboxJob.objects.get(name="reviews.index_determination")
    jobs.run(job.pk)
    (line,) = precedent_lines(list(standing_precedents()))
    assert (line.text, line.snippet, line.is_withheld) == ("MRI, low back", "", True)
    assert line.precedent.outcome == Outcome.UPHELD

    letter.determination.set_aside_at = letter.released_at
    letter.determination.save(update_fields=["set_aside_at"])
    assert not standing_precedents().exists()
