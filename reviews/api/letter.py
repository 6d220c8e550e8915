"""The final determination letter of a case, after its release."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import F
from django.http import FileResponse, Http404
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.models import Case
from imr.accounts.api.permissions import allow
from imr.accounts.api.views import ApiView
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.core import storage
from reviews.models import Letter
from reviews.selectors.letter import letter_status, visible_letters
from reviews.services.letter import record_letter_access


class LetterSerializer(serializers.Serializer[Any]):
    """A letter as a file; `sha256` in lower-case hexadecimal, `size` in bytes, `service_date` the day it bears."""

    file_name = serializers.CharField()
    version = serializers.IntegerField()
    size = serializers.IntegerField()
    page_count = serializers.IntegerField()
    sha256 = serializers.CharField()
    service_date = serializers.DateField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)
    pdf_url = serializers.URLField()


def letter_state(case: Case, user: User) -> Mapping[str, Any]:
    """How far the letter is, for the case's own JSON."""
    status = letter_status(case=case, user=user)
    return {
        "state": status.state.value,
        "released_at": status.letter.released_at if status.letter else None,
        "has_letter": status.letter is not None,
    }


class LetterDetail(ApiView):
    """The case's current letter."""

    permission_classes = [allow(GET=Action.LETTER_DOWNLOAD)]

    @extend_schema(
        operation_id="letter_get",
        summary="Look at the letter",
        description="404 until the letter was served on you. A corrected letter takes the place of the former one.",
        tags=["letter"],
        responses=LetterSerializer,
    )
    def get(self, request: Request, case_id: int) -> Response:
        letter = self.find_letter(case_id)
        payload = {
            "file_name": letter.file_name,
            "version": letter.version,
            "size": letter.size,
            "page_count": letter.page_count,
            "sha256": letter.sha256,
            "service_date": letter.service_date,
            "released_at": letter.released_at,
            "pdf_url": request.build_absolute_uri(reverse("api:letter-pdf", args=[case_id])),
        }
        return Response(LetterSerializer(payload).data)

    def find_letter(self, case_id: int) -> Letter:
        """The case's current letter when it exists for the account; else 404."""
        found = (
            visible_letters(self.user)
            .filter(case_id=case_id, superseded_at__isnull=True)
            .order_by(F("service_date").desc(nulls_last=True), "-pk")
            .first()
        )
        if found is None:
            raise Http404
        return found


class LetterPdf(LetterDetail):
    """The letter's bytes."""

    @extend_schema(
        operation_id="letter_pdf",
        summary="Download the letter",
        tags=["letter"],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The PDF.")},
    )
    def get(self, request: Request, case_id: int) -> FileResponse:  # type: ignore[override]
        letter = self.find_letter(case_id)
        note = partial(record_letter_access, letters=[letter], actor=self.user, how="api")
        response = FileResponse(storage.open_noted(letter.sha256, note), content_type="application/pdf")
        response["Content-Length"] = str(letter.size)
        response["Content-Disposition"] = content_disposition_header(True, letter.file_name) or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response


urlpatterns: list[URLPattern] = [
    path("cases/<int:case_id>/letter/", LetterDetail.as_view(), name="letter"),
    path("cases/<int:case_id>/letter/pdf/", LetterPdf.as_view(), name="letter-pdf"),
]
