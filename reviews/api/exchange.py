"""A case's determination as data, in the form in which determinations are exchanged."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from imr.accounts.api.views import ApiView
from reviews.api.letter import LetterDetail
from reviews.letters.exchange_schema import EXCHANGE_SCHEMA
from reviews.selectors.exchange import exchange_of
from reviews.services.letter import record_letter_access


class ExchangedItemSerializer(serializers.Serializer[Any]):
    """A disputed item as the letter prints it."""

    item = serializers.CharField()
    decision = serializers.ChoiceField(choices=["Upheld", "Overturned"])
    claims_administrator_guideline = serializers.CharField()
    reviewer_guideline = serializers.CharField()
    decision_rationale = serializers.CharField()


class ExchangedDeterminationSerializer(serializers.Serializer[Any]):
    """What the letter says. Dates are MM/DD/YYYY; every run of white space is one blank."""

    case_number = serializers.CharField()
    priority = serializers.CharField()
    date_assigned = serializers.CharField()
    date_of_injury = serializers.CharField()
    decision_date = serializers.CharField()
    ur_denial_date = serializers.CharField()
    application_received = serializers.CharField()
    states_of_licensure = serializers.ListField(child=serializers.CharField())
    certifications = serializers.ListField(child=serializers.CharField())
    clinical_case_summary = serializers.CharField()
    items = ExchangedItemSerializer(many=True)


class DeterminationDetail(LetterDetail):
    """What the case's current letter says."""

    @extend_schema(
        operation_id="determination_get",
        summary="The determination as data",
        description=(
            "What the letter says, in the form of `/exchange-schema/`; it names no reviewer. "
            "404 until the letter was released to you."
        ),
        tags=["letter"],
        responses=ExchangedDeterminationSerializer,
    )
    def get(self, request: Request, case_id: int) -> Response:
        letter = self.find_letter(case_id)
        record_letter_access(letters=[letter], actor=self.user, how="data")
        return Response(exchange_of(letter.determination).to_data())


class ExchangeSchema(ApiView):
    """For everybody who has an account: it names no case and no person."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="exchange_schema",
        summary="The schema of exchanged determinations",
        description="JSON Schema (draft 2020-12) of a list of determinations, as exports print it and imports take it.",
        tags=["letter"],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        return Response(EXCHANGE_SCHEMA)


urlpatterns: list[URLPattern] = [
    path("cases/<int:case_id>/determination/", DeterminationDetail.as_view(), name="determination"),
    path("exchange-schema/", ExchangeSchema.as_view(), name="exchange-schema"),
]
