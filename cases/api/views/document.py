"""The documents of a case."""

from typing import Any, cast

from django.http import FileResponse, Http404
from django.http.request import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.payloads import document_payload, documents_payload
from cases.api.serializers import DocumentListSerializer, DocumentSerializer, UploadSerializer
from cases.api.views.shared import CaseView
from cases.enums import DocumentSource
from cases.models import Document
from cases.selectors.case import visible_to
from cases.services.document import add_document, remove_document
from cases.views.document import document_response
from imr.accounts.api.permissions import allow
from imr.accounts.enums import Action
from imr.audit.services import record
from imr.core.api.parsers import StrictMultiPartParser
from imr.core.pdf_intake import refused_file
from imr.core.uploads import MAX_REQUEST_BYTES, limit_uploads, oversized_files


class DocumentList(CaseView):
    """All documents of a case."""

    permission_classes = [allow(GET=Action.DOCUMENT_VIEW, POST=Action.DOCUMENT_UPLOAD)]
    parser_classes = [StrictMultiPartParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Files go to disk and are limited; this has to be said before the body is looked at."""
        if request.method == "POST":
            limit_uploads(request)
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        operation_id="document_list", summary="List documents", tags=["documents"], responses=DocumentListSerializer
    )
    def get(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.DOCUMENT_VIEW)
        self.record(case, "draft.view" if case.is_draft else "case.viewed", part="documents")
        found = Document.objects.filter(case=case, removed_at__isnull=True)
        return Response(DocumentListSerializer(documents_payload(request, found)).data)

    @extend_schema(
        operation_id="document_add",
        summary="Add a document",
        description="201 for a new document; 200 when the same bytes were on file in the case already.",
        tags=["documents"],
        request={"multipart/form-data": UploadSerializer},
        responses={201: DocumentSerializer, 200: DocumentSerializer},
    )
    def post(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.DOCUMENT_UPLOAD)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MAX_REQUEST_BYTES:
            raise refused_file("too_large")
        data = self._read_upload(request)
        added = add_document(
            case_id=case.pk,
            actor=self.user,
            file=data["file"],
            name=data["file"].name or "document.pdf",
            kind=data["kind"],
            source=DocumentSource.CLAIMS_ADMINISTRATOR if self.user.is_claims else DocumentSource.IMR_ORGANIZATION,
            title=data.get("title") or "",
            author=data.get("author") or "",
            dated_on=data.get("dated_on"),
            is_name_confirmed=bool(data.get("is_name_confirmed")),
        )
        payload = document_payload(request, added.document)
        return Response(DocumentSerializer(payload).data, status=201 if added.is_new else 200)

    def _read_upload(self, request: Request) -> Any:
        # Reading the data is what makes the upload arrive.
        files = request.data.getlist("file") if hasattr(request.data, "getlist") else []
        if oversized_files(cast("HttpRequest", request)):
            raise refused_file("too_large")
        if len(files) > 1:
            raise ValidationError({"file": [ErrorDetail("Send one file at a time.", code="repeated")]})
        return self.read_body(UploadSerializer)


class DocumentDetail(CaseView):
    """One document: what it is."""

    permission_classes = [allow(GET=Action.DOCUMENT_VIEW, DELETE=Action.DOCUMENT_REMOVE)]

    @extend_schema(
        operation_id="document_get", summary="Look at a document", tags=["documents"], responses=DocumentSerializer
    )
    def get(self, request: Request, case_id: int, document_id: int) -> Response:
        document = self._find(case_id, document_id, Action.DOCUMENT_VIEW)
        self.record(document.case, "case.viewed", part="document", document=document.pk)
        return Response(DocumentSerializer(document_payload(request, document)).data)

    @extend_schema(
        operation_id="document_remove",
        summary="Remove a document from a draft",
        tags=["documents"],
        responses={204: None},
    )
    def delete(self, request: Request, case_id: int, document_id: int) -> Response:
        document = self._find(case_id, document_id, Action.DOCUMENT_REMOVE)
        remove_document(document_id=document.pk, actor=self.user)
        return Response(status=204)

    def _find(self, case_id: int, document_id: int, action: Action) -> Document:
        found = (
            Document.objects.select_related("case")
            .filter(
                case__in=visible_to(self.user, action=action),
                case_id=case_id,
                pk=document_id,
                removed_at__isnull=True,
            )
            .first()
        )
        if found is None:
            raise Http404
        return found


class DocumentContent(DocumentDetail):
    """One document: its bytes."""

    permission_classes = [allow(GET=Action.DOCUMENT_VIEW)]
    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="document_content",
        summary="Download a document",
        tags=["documents"],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The PDF.")},
    )
    def get(self, request: Request, case_id: int, document_id: int) -> FileResponse:  # type: ignore[override]
        document = self._find(case_id, document_id, Action.DOCUMENT_VIEW)

        def note() -> None:
            record(
                action="document.download",
                actor=self.user,
                object_type="document",
                object_id=document.pk,
                case_id=document.case_id,
                detail={"sha256": document.sha256, "via": "api"},
            )

        return document_response(document, inline=False, note=note)
