"""Files with applications as the operations take and give them."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from cases.enums import BatchGoal, BatchRowState, BatchState
from cases.forms.batch import BatchForm
from cases.models import Batch, BatchRow
from cases.selectors.batch import progress_of
from imr.core.api.serializers import FormField, StrictSerializer
from imr.core.paging import Page


class NewBatchSerializer(StrictSerializer):
    """A file and what is to become of its applications."""

    file = serializers.FileField(
        error_messages={"required": "Send the file as the field “file”.", "invalid": "Send the file as a file."},
        allow_empty_file=True,
    )
    goal = serializers.ChoiceField(
        choices=BatchGoal.choices, error_messages={"required": "Choose what should become of the applications."}
    )
    organization = serializers.CharField(
        required=False, help_text="The claims administrator's id, from the IMR organization's people alone."
    )
    is_lacking_accepted = FormField(BatchForm.base_fields["is_lacking_accepted"], checked=True)
    is_attested = FormField(BatchForm.base_fields["is_attested"], checked=True)
    attested_name = FormField(BatchForm.base_fields["attested_name"], checked=True)


class BatchQuerySerializer(StrictSerializer):
    """Which applications of a file, and which page of them."""

    state = serializers.ChoiceField(choices=BatchRowState.choices, required=False)
    after = serializers.CharField(required=False, max_length=500, help_text="Cursor; use `next` of the page before.")


class BatchCountsSerializer(serializers.Serializer[Any]):
    """How many applications are in each state."""

    total = serializers.IntegerField()
    waiting = serializers.IntegerField()
    checked = serializers.IntegerField(help_text="Without errors; nothing filed.")
    refused = serializers.IntegerField(help_text="With errors.")
    drafted = serializers.IntegerField()
    filed = serializers.IntegerField()


class BatchSerializer(serializers.Serializer[Any]):
    """A file. `problem` says why it could not be read as a whole."""

    id = serializers.IntegerField()
    url = serializers.URLField()
    rows_url = serializers.URLField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    goal = serializers.ChoiceField(choices=BatchGoal.choices)
    state = serializers.ChoiceField(choices=BatchState.choices)
    problem = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    counts = BatchCountsSerializer()


class RowProblemSerializer(serializers.Serializer[Any]):
    """What is wrong, with the row and the column as in the file."""

    row = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class BatchRowSerializer(serializers.Serializer[Any]):
    """An application of a file; `row` is its first row."""

    row = serializers.IntegerField()
    reference = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=BatchRowState.choices)
    case_url = serializers.URLField(allow_null=True)
    case_number = serializers.CharField(allow_null=True)
    problems = RowProblemSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())


class BatchRowPageSerializer(serializers.Serializer[Any]):
    """A page of at most 200 applications in the order of their rows."""

    next = serializers.URLField(allow_null=True)
    results = BatchRowSerializer(many=True)


def batch_payload(request: Request, batch: Batch) -> dict[str, Any]:
    """The file with its counts."""
    progress = progress_of(batch)
    return {
        "id": batch.pk,
        "url": _url(request, "bulk-detail", batch.pk),
        "rows_url": _url(request, "bulk-rows", batch.pk),
        "file_name": batch.original_name,
        "sha256": batch.sha256,
        "goal": batch.goal,
        "state": batch.state,
        "problem": batch.problem,
        "created_at": batch.created_at,
        "finished_at": batch.finished_at,
        "counts": {
            "total": progress.total,
            "waiting": progress.total - progress.done,
            "checked": progress.checked,
            "refused": progress.refused,
            "drafted": progress.drafted,
            "filed": progress.filed,
        },
    }


def rows_payload(request: Request, page: Page[BatchRow]) -> dict[str, Any]:
    """A page of applications."""
    following = None
    if page.after:
        query = request.query_params.copy()
        query["after"] = page.after
        following = str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
    return {"next": following, "results": [_row(request, row) for row in page.rows]}


def _row(request: Request, row: BatchRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "reference": row.reference,
        "state": row.state,
        "case_url": _url(request, "case-detail", row.case.pk) if row.case else None,
        "case_number": row.case.number if row.case else None,
        "problems": row.problems,
        "notes": row.notes,
    }


def _url(request: Request, name: str, pk: int) -> str:
    return str(request.build_absolute_uri(reverse(f"api:{name}", args=[pk])))
