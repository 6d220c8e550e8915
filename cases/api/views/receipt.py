"""The receipt of a filing."""

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.payloads import receipt_payload
from cases.api.serializers import ReceiptSerializer
from cases.api.views.shared import CaseView, pdf_response
from cases.models import FilingReceipt
from cases.selectors.case import visible_to
from imr.accounts.api.permissions import allow
from imr.accounts.enums import Action
from imr.audit.services import record
from imr.core.api.serializers import ProblemSerializer
from imr.core.errors import ConflictError


class Receipt(CaseView):
    """What was filed, and when."""

    permission_classes = [allow(GET=Action.RECEIPT_VIEW)]

    @extend_schema(
        operation_id="receipt_get", summary="Look at the receipt", tags=["receipt"], responses=ReceiptSerializer
    )
    def get(self, request: Request, case_id: int) -> Response:
        receipt = self.find_receipt(case_id)
        self.record_receipt(receipt, "receipt.view")
        return Response(ReceiptSerializer(receipt_payload(request, receipt)).data)

    def find_receipt(self, case_id: int) -> FilingReceipt:
        """The receipt when it exists for the account; else 404."""
        found = (
            FilingReceipt.objects.filter(case__in=visible_to(self.user, action=Action.RECEIPT_VIEW), case_id=case_id)
            .select_related("case")
            .first()
        )
        if found is None:
            raise Http404
        return found

    def record_receipt(self, receipt: FilingReceipt, action: str) -> None:
        """The account looked at the receipt."""
        record(
            action=action,
            actor=self.user,
            object_type="receipt",
            object_id=receipt.pk,
            case_id=receipt.case_id,
            detail={"via": "api"},
        )


class ReceiptPdf(Receipt):
    """The receipt as a PDF."""

    @extend_schema(
        operation_id="receipt_pdf",
        summary="Download the receipt",
        description="409 with the code `preparing` while the PDF is being made; it takes seconds.",
        tags=["receipt"],
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The PDF."),
            (409, "application/json"): ProblemSerializer,
        },
    )
    def get(self, request: Request, case_id: int) -> FileResponse:  # type: ignore[override]
        receipt = self.find_receipt(case_id)
        if receipt.rendered_at is None:
            raise ConflictError("The receipt's PDF is being made. Ask again in a few seconds.", code="preparing")
        self.record_receipt(receipt, "receipt.download")
        return pdf_response(receipt.pdf_sha256, receipt.pdf_size, f"{receipt.case.number}_filing-receipt.pdf")
