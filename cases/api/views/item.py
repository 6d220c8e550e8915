"""The disputed items of a case."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.payloads import draft_version, item_payload
from cases.api.sections import NO_CATEGORY, ItemAnswersSerializer, category_ids, read_items
from cases.api.serializers import VERSION_MISSING, ItemChangeSerializer, ItemListSerializer, ItemSerializer
from cases.api.views.shared import CaseView
from cases.exceptions import SubmittedError
from cases.forms.filing_items import ItemForm, item_answers
from cases.models import Case, DisputedItem
from cases.selectors.detail import case_detail
from cases.selectors.draft import Draft, read_draft
from cases.services.item import add_item, edit_item, remove_item
from imr.accounts.api.permissions import allow
from imr.accounts.enums import Action
from imr.core.api.serializers import form_errors


class ItemList(CaseView):
    """All items of a case."""

    permission_classes = [allow(GET=Action.CASE_VIEW, POST=Action.CASE_EDIT_DRAFT)]

    @extend_schema(operation_id="item_list", summary="List items", tags=["items"], responses=ItemListSerializer)
    def get(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_VIEW)
        self.record(case, "draft.view" if case.is_draft else "case.viewed", part="items")
        detail = case_detail(case, user=self.user)
        payload = {
            "draft_version": draft_version(case, detail),
            "results": [item_payload(item) for item in detail.items],
        }
        return Response(ItemListSerializer(payload).data)

    @extend_schema(
        operation_id="item_add",
        summary="Add an item to a draft",
        tags=["items"],
        request=ItemAnswersSerializer,
        responses={201: ItemSerializer},
    )
    def post(self, request: Request, case_id: int) -> Response:
        draft = _find_draft(self, case_id)
        data = self.read_body(ItemAnswersSerializer)
        try:
            cleaned = read_items([data], draft)[0]
        except ValidationError as error:
            raise _of_one(error) from error
        # Version 0: text that a colleague has typed into the page of a new item is never thrown away.
        item = add_item(case_id=case_id, actor=self.user, cleaned=cleaned, version=0)
        return Response(ItemSerializer(item_payload(item)).data, status=201)


class ItemDetail(CaseView):
    """One item."""

    permission_classes = [
        allow(GET=Action.CASE_VIEW, PATCH=Action.CASE_EDIT_DRAFT, DELETE=Action.CASE_EDIT_DRAFT),
    ]

    @extend_schema(operation_id="item_get", summary="Look at an item", tags=["items"], responses=ItemSerializer)
    def get(self, request: Request, case_id: int, item_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_VIEW)
        item = _find(case_detail(case, user=self.user).items, item_id)
        self.record(case, "draft.view" if case.is_draft else "case.viewed", part="items")
        return Response(ItemSerializer(item_payload(item)).data)

    @extend_schema(
        operation_id="item_change",
        summary="Change an item of a draft",
        tags=["items"],
        request=ItemChangeSerializer,
        responses=ItemSerializer,
    )
    def patch(self, request: Request, case_id: int, item_id: int) -> Response:
        draft = _find_draft(self, case_id)
        stored = _find(draft.items, item_id)
        data = self.read_body(ItemChangeSerializer, partial=True)
        version = data.pop("version", None)
        if version is None:
            raise ValidationError({"version": [ErrorDetail(VERSION_MISSING, code="required")]})
        typed = item_answers(stored)
        if "category" in data:
            data["category"] = category_ids().get(data["category"], NO_CATEGORY)
        form = ItemForm({**typed, **data}, draft=draft, item=stored)
        if not form.is_valid():
            raise ValidationError(form_errors(form))
        item = edit_item(case_id=case_id, item_id=item_id, actor=self.user, cleaned=form.cleaned_data, version=version)
        return Response(ItemSerializer(item_payload(item)).data)

    @extend_schema(
        operation_id="item_remove", summary="Remove an item from a draft", tags=["items"], responses={204: None}
    )
    def delete(self, request: Request, case_id: int, item_id: int) -> Response:
        _find(_find_draft(self, case_id).items, item_id)
        remove_item(case_id=case_id, item_id=item_id, actor=self.user)
        return Response(status=204)


def _find_draft(view: CaseView, case_id: int) -> Draft:
    case: Case = view.find_case(case_id, Action.CASE_EDIT_DRAFT)
    if not case.is_draft:
        raise SubmittedError(f"This application was submitted as {case.number} and can no longer be changed here.")
    return read_draft(case)


def _find(items: "list[DisputedItem] | tuple[DisputedItem, ...]", item_id: int) -> DisputedItem:
    for item in items:
        if item.pk == item_id:
            return item
    raise Http404


def _of_one(error: ValidationError) -> ValidationError:
    """The errors of a list of one item, as those of the item."""
    detail = error.detail
    return ValidationError(detail["0"]) if isinstance(detail, dict) and "0" in detail else error
