"""What amending a filed application takes and gives."""

from collections.abc import Mapping
from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from cases.api.sections import NO_CATEGORY, ItemAnswersSerializer, category_ids
from cases.api.serializers import ApplicationSerializer, ReceiptSectionSerializer
from cases.forms.amendment import ReasonForm
from cases.forms.filing_items import ItemForm, item_answers
from cases.rules.items import MAX_ITEMS
from cases.selectors.draft import Draft
from cases.services.amendment import ItemChanges
from imr.core.api.serializers import FormField, StrictSerializer, form_errors

VERSION_MISSING: Final = "Give the application's version that you saw (application_version of the case)."


class ItemAmendmentSerializer(ItemAnswersSerializer):
    """An item of the application with the answers that change; those that are not named stay."""

    id = serializers.IntegerField(min_value=1)


class ItemAmendmentsSerializer(StrictSerializer):
    """Items to add, to change and to remove. Adding and removing ends when eligibility is found."""

    add = serializers.ListField(child=ItemAnswersSerializer(), required=False, max_length=MAX_ITEMS)
    change = serializers.ListField(child=ItemAmendmentSerializer(), required=False, max_length=MAX_ITEMS)
    remove = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=MAX_ITEMS, help_text="Ids of items."
    )


class AmendmentRequestSerializer(ApplicationSerializer):
    """What changes in a filed application, all at once, and why. Fields that are not named stay."""

    version = serializers.IntegerField(
        min_value=1,
        max_value=10**9,
        help_text=(
            "The application's version that you saw (`application_version` of the case). What somebody else amended "
            "since then is not overwritten: 409, with what is on file and what you sent."
        ),
    )
    reason = FormField(ReasonForm.base_fields["reason"], checked=True)
    items = ItemAmendmentsSerializer(required=False)


class ChangeSerializer(serializers.Serializer[Any]):
    """One answer that an amendment changed, in words."""

    step = serializers.CharField()
    section = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField()
    new = serializers.CharField()
    item = serializers.IntegerField(allow_null=True, help_text="The item's id where the answer is about one.")


class AmendmentSerializer(serializers.Serializer[Any]):
    """A version of the application. Number 1 is what was filed."""

    number = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    amended_by = serializers.CharField(help_text="Who filed it, for version 1.")
    reason = serializers.CharField()
    changes = ChangeSerializer(many=True)
    sections = ReceiptSectionSerializer(many=True)
    sections_sha256 = serializers.CharField(help_text="Of the answers as they are kept, in lower-case hexadecimal.")
    eligibility_to_be_looked_at = serializers.BooleanField(
        help_text="Eligibility was found before, and its checks amount to something else since."
    )


class AddedItemSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    counts_from = serializers.DateTimeField()


class AmendmentListSerializer(serializers.Serializer[Any]):
    """The versions of an application, the latest first, and the days that count for the time to file."""

    received_at = serializers.DateTimeField(help_text="Stays, whatever is amended.")
    complete_at = serializers.DateTimeField(
        allow_null=True, help_text="When an amendment brought the missing signature; null where it was complete."
    )
    added_items = AddedItemSerializer(many=True)
    results = AmendmentSerializer(many=True)


def read_item_changes(data: Mapping[str, Any], draft: Draft) -> ItemChanges:
    """The cleaned answers of the items. Raises `ValidationError` at the places of the JSON."""
    problems: dict[str, Any] = {}
    stored = {item.pk: item for item in draft.items}
    ids = category_ids()
    add: list[Mapping[str, Any]] = []
    change: dict[int, Mapping[str, Any]] = {}
    for index, row in enumerate(data.get("add", ())):
        form = ItemForm({**row, "category": ids.get(row.get("category", ""), NO_CATEGORY)}, draft=draft)
        if not form.is_valid():
            problems.setdefault("add", {})[str(index)] = form_errors(form)
        add.append(form.cleaned_data)
    for index, row in enumerate(data.get("change", ())):
        item = stored.get(row.get("id", 0))
        if item is None:
            words = "The application has no such item."
            problems.setdefault("change", {})[str(index)] = {"id": [ErrorDetail(words, code="unknown")]}
            continue
        typed = {name: value for name, value in row.items() if name != "id"}
        if "category" in typed:
            typed["category"] = ids.get(typed["category"], NO_CATEGORY)
        form = ItemForm({**item_answers(item), **typed}, draft=draft, item=item)
        if not form.is_valid():
            problems.setdefault("change", {})[str(index)] = form_errors(form)
        change[item.pk] = form.cleaned_data
    if problems:
        raise ValidationError({"items": problems})
    return ItemChanges(add, change, data.get("remove", ()))
