"""The sample of determinations that are read a second time."""

import secrets
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from cases.enums import CaseOutcome, Priority
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import DomainError
from reviews.models import Determination, Opinion, SampleDraw, SampleMonth, SamplingRule
from reviews.permissions import may_check_quality
from reviews.rules.sampling import DrawFacts, DrawReason, draw, is_read, lot_of
from reviews.selectors.sampling import figures_of, sampling_rule_on
from reviews.services.reviewer_mail import tell_medical_directors


@transaction.atomic
def set_sampling(
    *,
    actor: User,
    in_force_from: date,
    rate: Decimal,
    monthly_cap: int,
    first_determinations: int,
    always_panel: bool,
    always_expedited: bool,
    always_overturned: bool,
    note: str,
) -> SamplingRule:
    """The rule holds from that day on, and the one before it until then.

    Raises `DomainError` for a day before today or not after the start of the last rule: what was drawn stays explained.
    """
    may_check_quality(actor).require()
    last = SamplingRule.objects.select_for_update().order_by("-in_force_from").first()
    if in_force_from < clock.today() or (last is not None and in_force_from <= last.in_force_from):
        problem = "Enter today or a later day, after the start of the rule before it."
        raise DomainError(problem, fields={"in_force_from": [problem]})
    if last is not None and (last.in_force_until is None or last.in_force_until > in_force_from):
        SamplingRule.objects.filter(pk=last.pk).update(in_force_until=in_force_from)
    rule = SamplingRule.objects.create(
        in_force_from=in_force_from,
        rate=rate,
        monthly_cap=monthly_cap,
        first_determinations=first_determinations,
        always_panel=always_panel,
        always_expedited=always_expedited,
        always_overturned=always_overturned,
        note=note,
        created_by=actor,
    )
    record(
        action="quality.sampling_set",
        actor=actor,
        object_type="samplingrule",
        object_id=rule.pk,
        detail={"rate": str(rate), "cap": monthly_cap, "from": in_force_from.isoformat()},
    )
    return rule


def draw_sample(determination: Determination) -> SampleDraw | None:
    """It is settled whether the determination, signed in this transaction, waits for a second read, and on record why.

    None when no rule is in force. The medical directors are told of one that waits. Draws of a month are made one after
    the other: the row of the month is locked until the transaction ends, after the case.
    """
    day = clock.today()
    rule = sampling_rule_on(day)
    if rule is None:
        tell_medical_directors(determination)
        return None
    month = _lock_month(day.replace(day=1))
    facts = _facts(determination)
    lot = lot_of(month.seed, str(determination.case.number), determination.round)
    before = SampleDraw.objects.filter(month=month, reason=DrawReason.LOT).count()
    reason = draw(figures_of(rule), facts, lot=lot, drawn_this_month=before, day=day)
    drawn = SampleDraw.objects.create(
        determination=determination,
        rule=rule,
        month=month,
        day=day,
        lot=lot,
        drawn_before=before,
        facts=asdict(facts),
        reason=reason,
        is_read=is_read(reason),
    )
    record(
        action="quality.draw",
        actor=None,
        object_type="determination",
        object_id=determination.pk,
        case_id=determination.case_id,
        detail={"reason": reason, "lot": lot, "month": month.month.isoformat()},
    )
    if drawn.is_read:
        tell_medical_directors(determination)
    return drawn


def _lock_month(first: date) -> SampleMonth:
    SampleMonth.objects.bulk_create([SampleMonth(month=first, seed=secrets.token_hex(16))], ignore_conflicts=True)
    return SampleMonth.objects.select_for_update().get(month=first)


def _facts(determination: Determination) -> DrawFacts:
    """Of a panel the reviewer with the fewest determinations counts."""
    opinions = Opinion.objects.filter(determination=determination).select_related("assignment")
    reviewers = [opinion.assignment.reviewer_id for opinion in opinions] or [determination.assignment.reviewer_id]
    others = Determination.objects.exclude(pk=determination.pk).filter(voided_at__isnull=True)
    returned = Determination.objects.filter(
        case_id=determination.case_id, round=determination.round, voided_at__isnull=False
    )
    return DrawFacts(
        was_returned=returned.exists(),
        earlier=min(
            others.filter(Q(assignment__reviewer=pk) | Q(opinions__assignment__reviewer=pk)).distinct().count()
            for pk in reviewers
        ),
        is_panel=len(reviewers) > 1,
        is_expedited=determination.case.priority == Priority.EXPEDITED,
        is_overturned=determination.outcome != CaseOutcome.UPHOLD,
    )
