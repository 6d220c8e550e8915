from django.urls import URLPattern, URLResolver, path

from cases.views import (
    case,
    deadline,
    document,
    eligibility,
    filing,
    filing_documents,
    filing_items,
    filing_submit,
    intake,
    page,
    records,
)

app_name = "cases"

urlpatterns: list[URLPattern | URLResolver] = [
    # Case page, intake, eligibility
    path("", case.case_list, name="case-list"),
    path("intake/", intake.intake_page, name="intake-queue"),
    path("intake/next/", intake.take_next, name="case-take-next"),
    path("<int:case_id>/", case.case_page, name="case-detail"),
    path("<int:case_id>/take/", intake.take, name="case-take"),
    path("<int:case_id>/give-back/", intake.give_back, name="case-give-back"),
    path("<int:case_id>/eligible/", eligibility.eligible, name="eligibility-find"),
    path("<int:case_id>/ineligible/", eligibility.ineligible, name="eligibility-refuse"),
    path("<int:case_id>/resume/", eligibility.resume, name="eligibility-resume"),
    path("<int:case_id>/notice/", eligibility.notice, name="notice-record"),
    path("<int:case_id>/records/add/", records.add_records, name="records-add"),
    path("<int:case_id>/records/search/", page.page_search, name="page-search"),
    path("<int:case_id>/records-complete/", eligibility.records_complete, name="records-complete"),
    # Due dates
    path("deadlines/", deadline.deadline_queue, name="deadline-queue"),
    path("<int:case_id>/deadlines/<slug:kind>/", deadline.deadline_page, name="deadline-detail"),
    path("<int:case_id>/deadlines/<slug:kind>/<slug:change>/", deadline.deadline_change, name="deadline-change"),
    path("calendar/", deadline.calendar_page, name="calendar-page"),
    path("calendar/revoke/", deadline.calendar_revoke, name="calendar-revoke"),
    path("calendar/due-dates.ics", deadline.calendar_feed, name="calendar-feed"),
    # Filing an application
    path("new/", filing.start, name="filing-start"),
    path("<int:case_id>/application/", filing.tasks, name="filing-tasks"),
    path("<int:case_id>/application/items/", filing_items.items, name="filing-items"),
    path("<int:case_id>/application/items/add/", filing_items.item, name="filing-item-add"),
    path("<int:case_id>/application/items/add/save/", filing_items.item_save, name="filing-item-add-save"),
    path("<int:case_id>/application/items/<int:item_id>/", filing_items.item, name="filing-item"),
    path("<int:case_id>/application/items/<int:item_id>/save/", filing_items.item_save, name="filing-item-save"),
    path("<int:case_id>/application/items/<int:item_id>/remove/", filing_items.item_remove, name="filing-item-remove"),
    path("<int:case_id>/application/items/<int:item_id>/move/", filing_items.item_move, name="filing-item-move"),
    path("<int:case_id>/application/documents/", filing_documents.documents, name="filing-documents"),
    path("<int:case_id>/application/documents/<int:document_id>/", filing_documents.document, name="filing-document"),
    path(
        "<int:case_id>/application/documents/<int:document_id>/remove/",
        filing_documents.document_remove,
        name="filing-document-remove",
    ),
    path("<int:case_id>/application/last-day/", deadline.filing_page, name="filing-last-day"),
    path("<int:case_id>/application/check/", filing_submit.check, name="filing-check"),
    path("<int:case_id>/application/delete/", filing.delete, name="filing-delete"),
    path("<int:case_id>/application/<slug:slug>/", filing.step, name="filing-step"),
    path("<int:case_id>/application/<slug:slug>/save/", filing.step_save, name="filing-step-save"),
    path("<int:case_id>/receipt/", filing_submit.receipt, name="filing-receipt"),
    path("<int:case_id>/receipt/status/", filing_submit.receipt_status, name="filing-receipt-status"),
    path("<int:case_id>/receipt/download/", filing_submit.receipt_download, name="filing-receipt-download"),
    path("<int:case_id>/documents/<int:document_id>/", document.download, name="document-download"),
    path("<int:case_id>/documents/<int:document_id>/view/", document.view, name="document-view"),
]
