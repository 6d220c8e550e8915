"""Search in the guideline catalog."""

from dataclasses import asdict
from typing import Any, Final

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from guidelines.enums import SourceBody
from guidelines.forms import SearchForm
from guidelines.selectors.catalog import CatalogRow, sections_matching
from imr.accounts.api.permissions import allow
from imr.accounts.api.views import ApiView
from imr.accounts.enums import Action
from imr.core.api.serializers import FormField, StrictSerializer

MAX_RESULTS: Final = 100
_FIELDS: Final = SearchForm.base_fields


class GuidelineQuerySerializer(StrictSerializer):
    """What to look for."""

    q = FormField(
        _FIELDS["q"],
        checked=True,
        required=True,
        allow_null=False,
        error_messages={"required": "Say what to look for (q)."},
    )
    body = serializers.ChoiceField(choices=SourceBody.choices, required=False, help_text="Who publishes it.")
    on = FormField(_FIELDS["on"], checked=True, help_text="Editions in force on this day.")
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_RESULTS, default=25, required=False)


class GuidelineSectionSerializer(serializers.Serializer[Any]):
    """A citable place of the catalog. `citation` is what a letter prints."""

    section_id = serializers.IntegerField()
    source_code = serializers.CharField()
    body = serializers.ChoiceField(choices=SourceBody.choices)
    step = serializers.IntegerField(help_text="Place in the search order of 8 CCR 9792.21.1(a).")
    source = serializers.CharField()  # type: ignore[assignment]
    year = serializers.IntegerField()
    regulation = serializers.CharField()
    effective_on = serializers.DateField()
    in_force_from = serializers.DateField()
    in_force_until = serializers.DateField(allow_null=True)
    is_confirmed = serializers.BooleanField()
    chapter = serializers.CharField()
    title = serializers.CharField()
    pages = serializers.CharField()
    citation = serializers.CharField()


class GuidelineResultsSerializer(serializers.Serializer[Any]):
    """The best matches first."""

    results = GuidelineSectionSerializer(many=True)


class GuidelineSearch(ApiView):
    """The catalog of guidelines: names, editions and sections; no guideline text."""

    permission_classes = [allow(reviewers=True, GET=Action.GUIDELINE_VIEW)]

    @extend_schema(
        operation_id="guideline_search",
        summary="Search the guideline catalog",
        description="The start of each word is enough: `chron exer`.",
        tags=["guidelines"],
        parameters=[GuidelineQuerySerializer],
        responses=GuidelineResultsSerializer,
    )
    def get(self, request: Request) -> Response:
        query = self.read_query(GuidelineQuerySerializer)
        rows = sections_matching(query["q"], on=query.get("on"), body=query.get("body"), limit=query["page_size"])
        return Response(GuidelineResultsSerializer({"results": [_payload(row) for row in rows]}).data)


def _payload(row: CatalogRow) -> dict[str, Any]:
    return {**asdict(row), "citation": row.citation}


urlpatterns: list[URLPattern] = [path("guidelines/", GuidelineSearch.as_view(), name="guideline-search")]
