"""The clocks of a case as JSON, each with how its date is found."""

from typing import Any

from rest_framework import serializers

from cases.enums import DeadlineKind
from cases.models import Deadline
from cases.selectors.deadline import explain


class DeadlineDaySerializer(serializers.Serializer[Any]):
    """One day of a period; `count` is its number, or null with the reason in `note`."""

    day = serializers.DateField()
    count = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()


class ExplainedDeadlineSerializer(serializers.Serializer[Any]):
    """A clock and the arithmetic of its date. `doubts` are the points that are still to be confirmed."""

    kind = serializers.ChoiceField(choices=DeadlineKind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    rule_id = serializers.CharField(help_text="`D1` to `D19` of docs/deadlines.md; empty for internal targets.")
    rule = serializers.CharField()
    citation = serializers.CharField()
    version = serializers.CharField()
    start_event = serializers.CharField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="The last instant that is still in time.")
    paused_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    duty = serializers.CharField(help_text="Who has to act.")
    steps = serializers.ListField(child=serializers.CharField())
    days = DeadlineDaySerializer(many=True)
    doubts = serializers.ListField(child=serializers.CharField())


class ExplainedDeadlineListSerializer(serializers.Serializer[Any]):
    results = ExplainedDeadlineSerializer(many=True)


def explained_payload(deadline: Deadline) -> dict[str, Any]:
    """`deadline`, whose `parameter` is at hand, with its arithmetic."""
    told = explain(deadline)
    return {
        "kind": deadline.kind,
        "label": deadline.get_kind_display(),
        "rule_id": told.rule_id,
        "rule": told.rule,
        "citation": told.citation,
        "version": told.version,
        "start_event": told.start_event,
        "started_at": deadline.started_at,
        "due_at": deadline.due_at,
        "paused_at": deadline.paused_at,
        "ended_at": deadline.ended_at,
        "duty": told.duty,
        "steps": told.steps,
        "days": [{"day": line.day, "count": line.count, "note": line.note} for line in told.days],
        "doubts": told.doubts,
    }
