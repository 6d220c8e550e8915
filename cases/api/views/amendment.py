"""Amending a filed application, and its versions."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.amendment import (
    VERSION_MISSING,
    AmendmentListSerializer,
    AmendmentRequestSerializer,
    AmendmentSerializer,
    read_item_changes,
)
from cases.api.payloads import amendment_payload, amendments_payload
from cases.api.sections import pointer, read_answers
from cases.api.views.shared import CaseView
from cases.exceptions import StaleVersionError
from cases.forms.amendment import changed_by
from cases.models import Case
from cases.selectors.amendment import VersionRow, changes_of, counting_dates, versions_of
from cases.selectors.draft import read_draft
from cases.services.amendment import ItemChanges, amend_application, require_amendable
from imr.accounts.api.permissions import allow
from imr.accounts.enums import Action
from imr.core.errors import ConflictError

EXAMPLE = OpenApiExample(
    "Correct the claim number and a description",
    value={
        "version": 14,
        "reason": "The claim number had two digits reversed.",
        "claim": {"claim_number": "WC-2026-00851"},
        "items": {"change": [{"id": 7, "quantity": "6 sessions"}]},
    },
    request_only=True,
)


class AmendmentList(CaseView):
    """The versions of an application; a new one by amending it."""

    permission_classes = [allow(GET=Action.CASE_VIEW, POST=Action.CASE_AMEND)]

    @extend_schema(
        operation_id="amendment_list",
        summary="List the versions of an application",
        tags=["cases"],
        responses=AmendmentListSerializer,
    )
    def get(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_VIEW)
        self.record(case, "application_versions.viewed")
        payload = amendments_payload(versions_of(case), counting_dates(case), reader=self.user)
        return Response(AmendmentListSerializer(payload).data)

    @extend_schema(
        operation_id="amendment_file",
        summary="Amend a filed application",
        description=(
            "All changes together become the next version, with a reason; nothing is kept when anything is refused. "
            "The moment of receipt stays; an item that is added counts as filed now. Possible until the case is with "
            "a reviewer: 409 afterwards, and when somebody else amended the same part since `version`."
        ),
        tags=["cases"],
        request=AmendmentRequestSerializer,
        responses={201: AmendmentSerializer},
        examples=[EXAMPLE],
    )
    def post(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_AMEND)
        data = self.read_body(AmendmentRequestSerializer, partial=True)
        for name, words in (("version", VERSION_MISSING), ("reason", "Write why the application is amended.")):
            if name not in data:
                raise ValidationError({name: [ErrorDetail(words, code="required")]})
        if case.is_draft:
            raise ConflictError("The application is not submitted yet. Change the draft instead.", code="draft")
        require_amendable(case, self.user)
        draft = read_draft(case)
        items = read_item_changes(data.get("items", {}), draft)
        steps = read_answers(data, draft)
        try:
            made = amend_application(
                case_id=case.pk,
                actor=self.user,
                steps=steps,
                items=items,
                reason=data["reason"],
                version=data["version"],
            )
        except StaleVersionError as error:
            raise _with_both(error, case, steps, items) from error
        row = VersionRow(made, changes_of(made))
        return Response(AmendmentSerializer(amendment_payload(row, reader=self.user)).data, status=201)


def _with_both(error: StaleVersionError, case: Case, steps: Any, items: ItemChanges) -> StaleVersionError:
    """The error with what is on file now and what was sent, at the places of the JSON."""
    fields: dict[str, list[str]] = {}
    for change in changed_by(case, steps, items):
        words = f"{change.section}, {change.label}: on file now “{change.old}”, you sent “{change.new}”."
        place = pointer(change.draft_step, "") if change.item is None else "items"
        fields.setdefault(place, []).append(words)
    return StaleVersionError(error.message, fields=fields)
