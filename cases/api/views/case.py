"""Cases: list, file, look at, change as long as it is a draft, submit."""

from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.examples import NEW_CASE, SUBMISSION
from cases.api.payloads import case_payload, page_payload
from cases.api.sections import read_answers, read_items
from cases.api.serializers import (
    VERSION_MISSING,
    CasePageSerializer,
    CaseQuerySerializer,
    CaseSerializer,
    CategoryListSerializer,
    DraftChangeSerializer,
    NewCaseSerializer,
    SubmissionSerializer,
)
from cases.api.views.shared import CaseView, incomplete
from cases.exceptions import IncompleteError, SubmittedError
from cases.forms.filing_items import SubmitForm
from cases.models import Case, TreatmentCategory
from cases.selectors.case import visible_to
from cases.selectors.draft import blank_draft, read_draft
from cases.selectors.worklist import matching, with_summary
from cases.services.draft import delete_draft, save_steps
from cases.services.filing import Attestation, file_application
from cases.services.submission import submit_application
from imr.accounts.api.permissions import allow
from imr.accounts.api.views import ApiView
from imr.accounts.enums import Action, OrganizationKind
from imr.accounts.models import Organization, User
from imr.core.api.serializers import form_errors
from imr.core.clock import PACIFIC
from imr.core.paging import is_cursor, keyset_page

FAR: Final = datetime(9000, 1, 1, tzinfo=UTC)
SORT_KEYS: Final = {"received_at": "sort_received", "number": "sort_number", "due_at": "sort_due"}


class CaseList(CaseView):
    """The cases of the account's organization; for the IMR organization's people, all that were submitted."""

    permission_classes = [allow(GET=Action.CASE_LIST, POST=Action.CASE_CREATE)]

    @extend_schema(
        operation_id="case_list",
        summary="List cases",
        tags=["cases"],
        parameters=[CaseQuerySerializer],
        responses=CasePageSerializer,
    )
    def get(self, request: Request) -> Response:
        query = self.read_query(CaseQuerySerializer)
        for name in ("after", "before"):
            if name in query and not is_cursor(query[name]):
                raise ValidationError({name: [ErrorDetail("This is no cursor of this list.", code="cursor")]})
        key = query["ordering"].removeprefix("-")
        page = keyset_page(
            _filtered(visible_to(self.user, action=Action.CASE_LIST), query),
            field=SORT_KEYS[key],
            descending=query["ordering"].startswith("-"),
            after=query.get("after", ""),
            before=query.get("before", ""),
            size=query["page_size"],
        )
        return Response(CasePageSerializer(page_payload(request, self.user, page)).data)

    @extend_schema(
        operation_id="case_create",
        summary="File an application",
        description=(
            "Makes a draft from the whole application or from parts of it; with `submit` it is submitted at once. "
            "Nothing is kept when anything is refused."
        ),
        tags=["cases"],
        request=NewCaseSerializer,
        responses={201: CaseSerializer},
        examples=[NEW_CASE],
    )
    def post(self, request: Request) -> Response:
        data = self.read_body(NewCaseSerializer)
        if not data:
            raise ValidationError("Give at least one part of the application.", code="empty")
        draft = blank_draft()
        problems: dict[str, Any] = {}
        organization = _collect(problems, "", _organization, self.user, data)
        steps = _collect(problems, "", read_answers, data, draft)
        items = _collect(problems, "items", read_items, data.get("items", []), draft)
        attestation = (
            _collect(problems, "attestation", _attestation, data.get("attestation") or {})
            if data.get("submit")
            else None
        )
        if problems:
            raise ValidationError(problems)
        try:
            case = file_application(
                actor=self.user, organization=organization, steps=steps, items=items, attestation=attestation
            )
        except IncompleteError as error:
            raise incomplete(error) from error
        payload = case_payload(request, self.user, self.find_case(case.pk, Action.CASE_VIEW), self.letter_state)
        return Response(CaseSerializer(payload).data, status=201, headers={"Location": payload["url"]})


class CaseDetail(CaseView):
    """One case."""

    permission_classes = [
        allow(GET=Action.CASE_VIEW, PATCH=Action.CASE_EDIT_DRAFT, DELETE=Action.CASE_EDIT_DRAFT),
    ]

    @extend_schema(operation_id="case_get", summary="Look at a case", tags=["cases"], responses=CaseSerializer)
    def get(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_VIEW)
        self.record(case, "draft.view" if case.is_draft else "case.viewed")
        return Response(CaseSerializer(case_payload(request, self.user, case, self.letter_state)).data)

    @extend_schema(
        operation_id="case_change",
        summary="Change answers of a draft",
        tags=["cases"],
        request=DraftChangeSerializer,
        responses=CaseSerializer,
    )
    def patch(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_EDIT_DRAFT)
        data = self.read_body(DraftChangeSerializer, partial=True)
        if "version" not in data:
            raise ValidationError({"version": [ErrorDetail(VERSION_MISSING, code="required")]})
        if not case.is_draft:
            raise SubmittedError(f"This application was submitted as {case.number} and can no longer be changed here.")
        steps = read_answers(data, read_draft(case))
        if steps:
            save_steps(case_id=case.pk, actor=self.user, steps=steps, version=data["version"])
        return Response(CaseSerializer(case_payload(request, self.user, case, self.letter_state)).data)

    @extend_schema(operation_id="case_delete", summary="Delete a draft", tags=["cases"], responses={204: None})
    def delete(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_EDIT_DRAFT)
        delete_draft(case_id=case.pk, actor=self.user)
        return Response(status=204)


class CaseSubmit(CaseView):
    """Submission of a draft."""

    permission_classes = [allow(POST=Action.CASE_EDIT_DRAFT)]

    @extend_schema(
        operation_id="case_submit",
        summary="Submit a draft",
        description=(
            "The case has a number and a time of receipt afterwards. What is missing is named at its place in the "
            "application; a shortcoming that can be accepted stands under `confirmed` with the code to send back. "
            "Sending the same again answers the same case."
        ),
        tags=["cases"],
        request=SubmissionSerializer,
        responses=CaseSerializer,
        examples=[SUBMISSION],
    )
    def post(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_EDIT_DRAFT)
        data = self.read_body(SubmissionSerializer)
        attestation = _attestation(data)
        try:
            submit_application(
                case_id=case.pk,
                actor=self.user,
                attested_name=attestation.name,
                confirmed=attestation.confirmed,
                version=data.get("version"),
            )
        except IncompleteError as error:
            raise incomplete(error) from error
        case = self.find_case(case_id, Action.CASE_EDIT_DRAFT)
        return Response(CaseSerializer(case_payload(request, self.user, case, self.letter_state)).data)


class CategoryList(ApiView):
    """Kinds of treatment."""

    permission_classes = [allow(GET=Action.CASE_LIST)]

    @extend_schema(
        operation_id="treatment_category_list",
        summary="List kinds of treatment",
        tags=["cases"],
        responses=CategoryListSerializer,
    )
    def get(self, request: Request) -> Response:
        rows = list(TreatmentCategory.objects.filter(is_active=True).select_related("parent"))
        headings = {row.parent_id for row in rows}
        results = [
            {
                "code": row.code,
                "name": row.name,
                "parent": row.parent.code if row.parent else None,
                "is_selectable": row.pk not in headings,
            }
            for row in rows
        ]
        return Response(CategoryListSerializer({"results": results}).data)


def _filtered(cases: QuerySet[Case], query: dict[str, Any]) -> QuerySet[Case]:
    far = Value(FAR, output_field=DateTimeField())
    rows = with_summary(cases).annotate(
        sort_received=Coalesce("received_at", "created_at"),
        sort_number=Coalesce("number", Value("")),
        sort_due=Coalesce("due_at", far),
    )
    for name in ("status", "priority"):
        if name in query:
            rows = rows.filter(**{name: query[name]})
    if query.get("claim_number"):
        rows = rows.filter(application__claim_number__iexact=query["claim_number"])
    with_days = {"received_from": "gte", "received_until": "lte"}
    for name, relation in with_days.items():
        if query.get(name):
            moment = datetime.combine(
                query[name], datetime.min.time() if relation == "gte" else datetime.max.time(), tzinfo=PACIFIC
            )
            rows = rows.filter(**{f"received_at__{relation}": moment})
    return matching(rows, query.get("q") or "")


def _collect(problems: dict[str, Any], place: str, read: Any, *arguments: Any) -> Any:
    """What `read` finds; its errors are noted, so that all of a request are told at once."""
    try:
        return read(*arguments)
    except ValidationError as error:
        detail = error.detail
        if place:
            problems[place] = detail
        elif isinstance(detail, dict):
            problems.update(detail)
        return None


def _organization(user: User, data: dict[str, Any]) -> Organization | None:
    if user.is_claims:
        if "organization" in data:
            words = "This field is read only: an application is filed for your own organization."
            raise ValidationError({"organization": [ErrorDetail(words, code="read_only")]})
        return None
    found = Organization.objects.filter(
        pk=data.get("organization", 0), kind=OrganizationKind.CLAIMS_ADMINISTRATOR, is_active=True
    ).first()
    if found is None:
        words = "Select the claims administrator." if "organization" not in data else "There is no such organization."
        raise ValidationError({"organization": [ErrorDetail(words, code="required")]})
    return found


def _attestation(data: dict[str, Any]) -> Attestation:
    form = SubmitForm(data, to_confirm=[])
    if not form.is_valid():
        raise ValidationError(form_errors(form))
    return Attestation(name=form.cleaned_data["attested_name"], confirmed=data.get("confirmed", []))
