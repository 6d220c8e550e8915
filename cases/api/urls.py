"""Addresses of cases and their parts under /api/v1/. The project adds how far a case's letter is."""

from django.urls import URLPattern, path

from cases.api.payloads import LetterState
from cases.api.views import amendment, batch, case, deadline, document, item, receipt


def urlpatterns(letter_state: LetterState) -> list[URLPattern]:
    """The operations on cases; `letter_state` tells about a case's letter."""
    return [
        path("cases/", case.CaseList.as_view(letter_state=letter_state), name="case-list"),
        path("cases/<int:case_id>/", case.CaseDetail.as_view(letter_state=letter_state), name="case-detail"),
        path("cases/<int:case_id>/submit/", case.CaseSubmit.as_view(letter_state=letter_state), name="case-submit"),
        path("cases/<int:case_id>/deadlines/", deadline.DeadlineList.as_view(), name="deadline-list"),
        path("cases/<int:case_id>/items/", item.ItemList.as_view(), name="item-list"),
        path("cases/<int:case_id>/items/<int:item_id>/", item.ItemDetail.as_view(), name="item-detail"),
        path("cases/<int:case_id>/documents/", document.DocumentList.as_view(), name="document-list"),
        path(
            "cases/<int:case_id>/documents/<int:document_id>/",
            document.DocumentDetail.as_view(),
            name="document-detail",
        ),
        path(
            "cases/<int:case_id>/documents/<int:document_id>/content/",
            document.DocumentContent.as_view(),
            name="document-content",
        ),
        path("cases/<int:case_id>/amendments/", amendment.AmendmentList.as_view(), name="amendment-list"),
        path("cases/<int:case_id>/receipt/", receipt.Receipt.as_view(), name="receipt"),
        path("cases/<int:case_id>/receipt/pdf/", receipt.ReceiptPdf.as_view(), name="receipt-pdf"),
        path("bulk/", batch.BatchList.as_view(), name="bulk-list"),
        path("bulk/<int:batch_id>/", batch.BatchDetail.as_view(), name="bulk-detail"),
        path("bulk/<int:batch_id>/rows/", batch.BatchRowList.as_view(), name="bulk-rows"),
        path("treatment-categories/", case.CategoryList.as_view(), name="category-list"),
    ]
