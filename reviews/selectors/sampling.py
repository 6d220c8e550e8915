"""Reading the sample: what is in force, what was drawn in a month, and drawing it again."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from reviews.models import Determination, SampleDraw, SampleMonth, SamplingRule
from reviews.rules.sampling import DrawFacts, SamplingFigures, allowance, draw, lot_of


@dataclass(frozen=True, slots=True)
class MonthOfSample:
    """A month's draws. `differing` are the cases whose draw does not come out the same when it is run again."""

    month: SampleMonth
    signed: int
    read: int
    by_lot: int
    cap: int | None
    allowed_today: int | None
    differing: tuple[str, ...]


def sampling_rule_on(day: date) -> SamplingRule | None:
    """The rule for determinations signed on that day, if there is one."""
    return SamplingRule.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=day), in_force_from__lte=day
    ).first()


def figures_of(rule: SamplingRule) -> SamplingFigures:
    """The rule as plain values."""
    return SamplingFigures(
        rate=rule.rate,
        monthly_cap=rule.monthly_cap,
        first_determinations=rule.first_determinations,
        always_panel=rule.always_panel,
        always_expedited=rule.always_expedited,
        always_overturned=rule.always_overturned,
    )


def draw_of(determination: Determination) -> SampleDraw | None:
    """What was drawn for the determination; None when no rule was in force at its signature."""
    return SampleDraw.objects.filter(determination=determination).first()


def draws_of(month: SampleMonth) -> QuerySet[SampleDraw]:
    """The draws of a month in the order in which they were made."""
    return SampleDraw.objects.filter(month=month).select_related("determination__case", "rule").order_by("pk")


def month_of_sample(month: SampleMonth, today: date) -> MonthOfSample:
    """The month counted, and every draw run again from what is on record."""
    draws = list(draws_of(month))
    rule = sampling_rule_on(today)
    return MonthOfSample(
        month=month,
        signed=len(draws),
        read=sum(one.is_read for one in draws),
        by_lot=sum(one.reason == "lot" for one in draws),
        cap=rule.monthly_cap if rule else None,
        allowed_today=allowance(rule.monthly_cap, today) if rule else None,
        differing=tuple(str(one.determination.case.number) for one in draws if not comes_out_again(one)),
    )


def comes_out_again(one: SampleDraw) -> bool:
    """Whether the seed, the rule and the facts on record lead to the same lot and the same answer."""
    lot = lot_of(one.month.seed, str(one.determination.case.number), one.determination.round)
    again = draw(figures_of(one.rule), DrawFacts(**one.facts), lot=lot, drawn_this_month=one.drawn_before, day=one.day)
    return lot == one.lot and again == one.reason
