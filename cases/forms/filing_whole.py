"""The steps of an application checked together, as programs and spreadsheets send them."""

from collections.abc import Mapping
from typing import Any

from cases.enums import DraftStep
from cases.forms.filing import STEP_FORMS
from cases.forms.filing_step import StepForm, stored_answers
from cases.models import Party
from cases.selectors.draft import Draft
from cases.services.draft import APPLICATION_FIELDS, DECISION_FIELDS, PARTY_FIELDS, PARTY_SWITCH, STEP_PARTIES


def clean_steps(sent: Mapping[DraftStep, Mapping[str, Any]], draft: Draft) -> dict[DraftStep, StepForm]:
    """The bound forms of the steps in `sent`, each checked with the answers of the others.

    Answers that `sent` does not name stay as in `draft`, which is changed in memory and must not be saved.
    """
    stored = {step: stored_answers(draft, step) for step in sent}
    forms: dict[DraftStep, StepForm] = {}
    # Steps look at each other's dates: the first round makes them known, the second one judges.
    for _ in range(2):
        for step, typed in sent.items():
            form = STEP_FORMS[step]({**stored[step], **typed}, draft=draft)
            form.is_valid()
            forms[step] = form
            remember(draft, step, form.cleaned_data)
    return forms


def remember(draft: Draft, step: DraftStep, cleaned: Mapping[str, Any]) -> None:
    """The cleaned answers of `step` are those of `draft` in memory, which must not be saved."""
    for name in APPLICATION_FIELDS.get(step, ()):
        if name in cleaned:
            setattr(draft.application, name, cleaned[name])
    if step == DraftStep.UR_DECISION:
        for name in DECISION_FIELDS:
            if name in cleaned:
                setattr(draft.ur_decision, name, cleaned[name])
    for role, prefix in STEP_PARTIES.get(step, ()):
        switch = PARTY_SWITCH.get(role)
        party: Party = draft.parties[role]
        for name in PARTY_FIELDS:
            if prefix + name in cleaned and not (switch and cleaned.get(switch) is False):
                setattr(party, name, cleaned[prefix + name])
