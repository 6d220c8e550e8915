"""All checks together, and what they amount to."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cases.enums import CheckVerdict, IneligibilityReason, ServiceMethod, SignerKind
from cases.rules.eligibility.engine import CHECKS, propose, run_checks
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import CheckResult
from tests.factories.eligibility import DAY, ITEM, LAST_DAY, SOUND, TODAY, facts, figures


def test_sound_application_passes_everything_and_is_proposed_eligible() -> None:
    results = run_checks(SOUND, figures(), TODAY)
    assert {result.verdict for result in results} == {CheckVerdict.PASSED}
    assert len({result.check for result in results}) == len(CHECKS) - 1  # no drug, no question about the formulary
    proposal = propose(results)
    assert (proposal.reason, dict(proposal.refused), proposal.is_settled) == (None, {}, True)


def test_every_result_names_its_law_and_its_inputs_and_survives_storage() -> None:
    for result in run_checks(SOUND, figures(), TODAY):
        assert result.citation
        assert result.inputs
        assert CheckResult.from_json(json.loads(json.dumps(result.as_json()))) == result


def test_first_failure_names_the_reason_and_liability_comes_last() -> None:
    late = facts(received_on=LAST_DAY + DAY, signer=SignerKind.UNSIGNED)
    assert propose(run_checks(late, figures(), TODAY)).reason == IneligibilityReason.SIGNATURE
    disputed = facts(is_liability_disputed=True, is_conditional=True)
    assert propose(run_checks(disputed, figures(), TODAY)).reason == IneligibilityReason.CONDITIONAL
    deferred = propose(run_checks(facts(is_liability_disputed=True), figures(), TODAY))
    assert deferred.reason == IneligibilityReason.LIABILITY
    assert deferred.is_deferral


def test_refused_items_make_it_eligible_in_part_and_all_of_them_ineligible() -> None:
    items = (ITEM, replace(ITEM, position=2, is_authorized=True))
    part = propose(run_checks(facts(items=items), figures(), TODAY))
    assert (part.reason, dict(part.refused)) == (None, {2: IneligibilityReason.NO_UR})
    both = tuple(replace(item, is_authorized=True) for item in items)
    assert propose(run_checks(facts(items=both), figures(), TODAY)).reason == IneligibilityReason.NO_UR


def test_what_a_person_decided_goes_before_what_the_check_answered() -> None:
    results = run_checks(facts(received_on=LAST_DAY + DAY), figures(), TODAY)
    assert propose(results).reason == IneligibilityReason.LATE
    assert propose(results, {"timeliness": CheckVerdict.PASSED}).reason is None
    unsure = run_checks(facts(served_on=None), figures(), TODAY)
    assert not propose(unsure).is_settled
    assert propose(unsure, {"timeliness": CheckVerdict.PASSED}).is_settled


@given(
    built=st.builds(
        EligibilityFacts,
        received_on=st.none() | st.dates(),
        date_of_injury=st.none() | st.dates(),
        decided_on=st.none() | st.dates(),
        served_on=st.none() | st.dates(),
        service_method=st.sampled_from(["", *ServiceMethod.values]),
        signer=st.sampled_from(["", *SignerKind.values]),
        items=st.sampled_from([(), (ITEM,), (replace(ITEM, is_drug=True),)]),
    ),
)
def test_any_answers_of_a_draft_are_judged_without_an_error(built: EligibilityFacts) -> None:
    results = run_checks(built, figures(), TODAY)
    assert len({result.key for result in results}) == len(results)
