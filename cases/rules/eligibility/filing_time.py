"""The last day to file (LC 4610.5(h); 8 CCR 9792.10.1(b)(1)): which period runs, from when, and until when."""

from dataclasses import dataclass, replace
from datetime import date

from cases.rules.deadlines import DueDate, Extension, PeriodRule, compute_due
from cases.rules.deadlines_law import LawBook, NoRuleError, extension_keys
from cases.rules.eligibility.facts import EligibilityFacts
from imr.core.clock import noon

ORDINARY, FORMULARY, AFTER_LIABILITY, AFTER_FORM = "D1", "D2", "D3", "D4"


@dataclass(frozen=True, slots=True)
class FilingTime:
    """The period to file. `due` is None while the period has not begun; `words` then say why.

    `sure_until` is the last day without the extensions that are still to be confirmed.
    """

    words: str
    due: DueDate | None = None
    sure_until: date | None = None
    is_confirmed: bool = True

    @property
    def last_day(self) -> date | None:
        """The last day in time; None while the period has not begun."""
        return self.due.last_day if self.due else None


def filing_time(facts: EligibilityFacts, figures: LawBook, *, is_formulary: bool | None = None) -> FilingTime | None:
    """The time to file under `facts`; None when the day of service is not known.

    Raises `NoRuleError` when no figure of law was in force. `is_formulary` asks as if the dispute were one over the
    formulary, or were none.
    """
    if facts.is_liability_disputed and facts.liability_resolved_on is None:
        return FilingTime("the time begins when the employee is told that the dispute about liability is resolved")
    if facts.is_liability_disputed and facts.liability_resolved_on:
        return _counted(facts, figures, AFTER_LIABILITY, facts.liability_resolved_on, facts.liability_notice_method)
    if facts.is_form_withheld and facts.form_served_on is None:
        return FilingTime("the time begins when the claims administrator sends the notice and the form")
    if facts.form_served_on is not None and (facts.served_on is None or facts.form_served_on > facts.served_on):
        return _counted(facts, figures, AFTER_FORM, facts.form_served_on, facts.form_service_method)
    if facts.served_on is None:
        return None
    formulary = facts.is_formulary if is_formulary is None else is_formulary
    return _counted(facts, figures, FORMULARY if formulary else ORDINARY, facts.served_on, facts.service_method)


def curable_until(facts: EligibilityFacts, figures: LawBook, today: date) -> date | None:
    """The last day on which the same dispute can be filed anew; None when it has passed or is not known.

    What is missing does not stop the time (LC 4610.5(h)): a new application is in time only until then.
    """
    try:
        found = filing_time(facts, figures)
    except NoRuleError:
        return None
    last_day = found.last_day if found else None
    return last_day if last_day is not None and today <= last_day else None


def _counted(facts: EligibilityFacts, figures: LawBook, deadline_id: str, start: date, method: str) -> FilingTime:
    row = figures.governing(deadline_id, "", on=start)
    rule = figures.period(row, extension_keys(method or "personal", facts.service_place), on=start)
    due = _due(rule, rule.extensions, start, figures)
    sure = _due(rule, tuple(one for one in rule.extensions if one.is_confirmed), start, figures)
    return FilingTime("", due, sure.last_day, row.is_confirmed)


def _due(rule: PeriodRule, extensions: tuple[Extension, ...], start: date, figures: LawBook) -> DueDate:
    return compute_due(replace(rule, extensions=extensions), noon(start), rule.start_event, figures.closed)
