from django.urls import URLPattern, URLResolver, path

from reviews.views import (
    appeal,
    archive,
    assignment,
    calendar,
    colleague,
    correction,
    deadline,
    dispatch,
    document_request,
    draft,
    draft_key,
    history,
    jobs,
    ledger,
    letter,
    letter_check,
    message,
    note,
    own_file,
    page,
    panel,
    paragraph,
    precedent,
    print_pack,
    proposal,
    publication,
    quality,
    reading,
    returned,
    reviewer,
    sampling,
    scorecard,
    sign,
    statistics,
    template,
    worklist,
    workspace,
)

app_name = "reviews"

# The reviewer register
register_urls: list[URLPattern | URLResolver] = [
    path("reviewers/", reviewer.reviewer_list, name="reviewer-list"),
    path("reviewers/add/", reviewer.reviewer_create, name="reviewer-create"),
    path("reviewers/<int:pk>/", reviewer.reviewer_detail, name="reviewer-detail"),
    path("reviewers/<int:pk>/edit/", reviewer.reviewer_edit, name="reviewer-edit"),
    path("reviewers/<int:pk>/active/", reviewer.reviewer_active, name="reviewer-active"),
    path("reviewers/<int:pk>/cv/", reviewer.reviewer_cv, name="reviewer-cv"),
    path("reviewers/<int:pk>/cv/upload/", reviewer.reviewer_cv_upload, name="reviewer-cv-upload"),
    path("reviewers/<int:pk>/licenses/add/", reviewer.license_save, name="license-create"),
    path("reviewers/<int:pk>/licenses/<int:license_id>/", reviewer.license_save, name="license-edit"),
    path("reviewers/<int:pk>/certifications/add/", reviewer.certification_save, name="certification-create"),
    path(
        "reviewers/<int:pk>/certifications/<int:certification_id>/",
        reviewer.certification_save,
        name="certification-edit",
    ),
    path("reviewers/<int:pk>/affiliations/add/", reviewer.affiliation_save, name="affiliation-create"),
    path("reviewers/<int:pk>/affiliations/<int:affiliation_id>/", reviewer.affiliation_save, name="affiliation-edit"),
    path("reviewers/<int:pk>/verifications/add/", reviewer.verification_create, name="verification-create"),
]

# Changes that reviewers ask for, and a reviewer's own file
proposal_urls: list[URLPattern | URLResolver] = [
    path("reviewers/proposals/", proposal.proposal_list, name="proposal-list"),
    path("reviewers/proposals/<int:pk>/", proposal.proposal_detail, name="proposal-detail"),
    path("reviewers/proposals/<int:pk>/cv/", proposal.proposal_cv, name="proposal-cv"),
    path("reviews/file/", own_file.own_file, name="own-file"),
    path("reviews/file/cv/", own_file.own_cv, name="own-file-cv"),
    path("reviews/file/attest/", own_file.own_attest, name="own-file-attest"),
    path("reviews/file/propose/<slug:kind>/", own_file.own_propose, name="own-file-propose"),
    path("reviews/file/proposals/<int:pk>/take-back/", own_file.own_proposal_withdraw, name="own-file-withdraw"),
    path("reviews/statistics/", statistics.statistics, name="own-statistics"),
    path("reviews/calendar/", calendar.own_calendar, name="own-calendar"),
    path("reviews/calendar/revoke/", calendar.own_calendar_revoke, name="own-calendar-revoke"),
    path("reviews/calendar/due-dates.ics", calendar.calendar_feed, name="calendar-feed"),
    path("reviews/availability/", own_file.own_availability, name="own-availability"),
    path("reviews/availability/limit/", own_file.own_limit, name="own-limit"),
    path("reviews/availability/<int:pk>/end/", own_file.own_absence_end, name="own-absence-end"),
]

# Assignment and the reviewer's answer
assignment_urls: list[URLPattern | URLResolver] = [
    path("assignments/", assignment.assignment_queue, name="assignment-queue"),
    path("assignments/cases/<int:case_id>/", assignment.assignment_create, name="assignment-create"),
    path("assignments/cases/<int:case_id>/panel/", panel.panel_record, name="panel-record"),
    path("assignments/panels/<int:panel_id>/approval/", panel.panel_approval, name="panel-approval"),
    path("assignments/panels/<int:panel_id>/dissolve/", panel.panel_dissolve, name="panel-dissolve"),
    path("assignments/records-requests/", document_request.request_queue, name="request-queue"),
    path("assignments/records-requests/<int:pk>/", document_request.request_answer, name="request-answer"),
    path(
        "assignments/cases/<int:case_id>/documents-received/",
        document_request.documents_receive,
        name="documents-receive",
    ),
    path("assignments/messages/", message.thread_list, name="thread-list"),
    path("assignments/<int:pk>/messages/", message.staff_thread, name="staff-thread"),
    path("assignments/<int:pk>/recall/", assignment.assignment_recall, name="assignment-recall"),
    path("assignments/<int:pk>/offer/", assignment.assignment_offer, name="assignment-offer"),
    path("assignments/<int:pk>/return/", assignment.assignment_return, name="assignment-return"),
]

# The short opinion of a colleague on a signed determination
colleague_urls: list[URLPattern | URLResolver] = [
    path("determinations/<int:determination_id>/colleagues/", colleague.colleague_ask, name="colleague-ask"),
    path(
        "determinations/<int:determination_id>/colleagues/<int:opinion_id>/take-back/",
        colleague.colleague_withdraw,
        name="colleague-withdraw",
    ),
    path("reviews/opinions/<int:pk>/", colleague.colleague_opinion, name="colleague-opinion"),
    path("reviews/opinions/<int:pk>/records/<int:document_id>/", colleague.colleague_record, name="colleague-record"),
]

# Letters, the quality pass and background jobs
letter_urls: list[URLPattern | URLResolver] = [
    path("letters/", letter.letter_queue, name="letter-queue"),
    path("letters/issued/", letter.letter_issued, name="letter-issued"),
    path("letters/release/", letter.letter_release, name="letter-release"),
    path("letters/zip/", letter.letter_zip, name="letter-zip"),
    path("letters/<int:letter_id>/", letter.letter_download, name="letter-download"),
    path("letters/scheduled/", dispatch.dispatch_list, name="dispatch-list"),
    path("letters/scheduled/<int:dispatch_id>/take-back/", dispatch.dispatch_take_back, name="dispatch-take-back"),
    path("letters/deliveries/<int:delivery_id>/returned/", dispatch.delivery_failed, name="delivery-failed"),
    path("letters/parties/<int:party_id>/address/", dispatch.service_address, name="service-address"),
    path(
        "letters/determinations/<int:determination_id>/correct/",
        correction.correction_propose,
        name="correction-propose",
    ),
    path("letters/corrections/<int:correction_id>/", correction.correction_detail, name="correction-detail"),
    path("letters/cases/<int:case_id>/appeal/", appeal.appeal_record, name="appeal-record"),
    path("letters/cases/<int:case_id>/appeal/decision/", appeal.appeal_decide, name="appeal-decide"),
    path("letters/cases/<int:case_id>/new-review/", appeal.review_reopen, name="review-reopen"),
    path("letters/cases/<int:case_id>/status/", letter.letter_status_view, name="letter-status"),
    path("letters/assignments/<int:assignment_id>/preview/", letter.letter_preview, name="letter-preview"),
    path("quality/", quality.quality_list, name="quality-queue"),
    path("quality/sample/", sampling.quality_sample, name="quality-sample"),
    path("quality/scorecards/", scorecard.scorecard, name="scorecard"),
    path("quality/scorecards/csv/", scorecard.scorecard_csv, name="scorecard-csv"),
    path("quality/<int:determination_id>/", quality.quality_detail, name="quality-detail"),
    path("quality/<int:determination_id>/pass/", quality.quality_pass, name="quality-pass"),
    path("quality/<int:determination_id>/comments/", quality.quality_comment, name="quality-comment"),
    path(
        "quality/<int:determination_id>/comments/<int:comment_id>/remove/",
        quality.quality_comment_remove,
        name="quality-comment-remove",
    ),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<int:job_id>/retry/", jobs.job_retry, name="job-retry"),
]

# Versions of the letter's wording
template_urls: list[URLPattern | URLResolver] = [
    path("letters/templates/", template.template_list, name="template-list"),
    path("letters/templates/<int:pk>/", template.template_detail, name="template-detail"),
    path("letters/templates/<int:pk>/preview/", template.template_preview, name="template-preview"),
    path("letters/templates/<int:pk>/copy/", template.template_copy, name="template-copy"),
    path("letters/templates/<int:pk>/edit/", template.template_edit, name="template-edit"),
    path("letters/templates/<int:pk>/discard/", template.template_discard, name="template-discard"),
    path("letters/templates/<int:pk>/approve/", template.template_approve, name="template-approve"),
]

# Determinations that were published elsewhere
archive_urls: list[URLPattern | URLResolver] = [
    path("archive/", archive.archive_list, name="archive-list"),
    path("archive/<int:pk>/", archive.archive_detail, name="archive-detail"),
    path("archive/<int:pk>/exchange/", archive.archive_exchange, name="archive-exchange"),
    path("archive/<int:pk>/letter/", archive.archive_letter, name="archive-letter"),
]

# The reviewer's worklist and workspace
workspace_urls: list[URLPattern | URLResolver] = [
    path("reviews/", worklist.worklist_page, name="worklist"),
    path("reviews/<int:assignment_id>/", workspace.workspace, name="workspace"),
    path("reviews/draft-key/", draft_key.draft_key, name="draft-key"),
    path("reviews/<int:assignment_id>/due-date/", deadline.determination_deadline, name="assignment-deadline"),
    path("reviews/<int:assignment_id>/summary/", draft.save_summary, name="summary-save"),
    path("reviews/<int:assignment_id>/items/<int:item_id>/", draft.save_finding, name="finding-save"),
    path("reviews/<int:assignment_id>/summary/history/", history.summary_history, name="summary-history"),
    path("reviews/<int:assignment_id>/items/<int:item_id>/history/", history.finding_history, name="finding-history"),
    path(
        "reviews/<int:assignment_id>/revisions/<int:revision_id>/restore/",
        history.revision_restore,
        name="revision-restore",
    ),
    path(
        "reviews/<int:assignment_id>/items/<int:item_id>/paragraphs/", paragraph.paragraph_find, name="paragraph-find"
    ),
    path("reviews/<int:assignment_id>/items/<int:item_id>/find/", workspace.find_citation, name="citation-find"),
    path("reviews/<int:assignment_id>/items/<int:item_id>/earlier/", precedent.precedent_list, name="precedent-list"),
    path(
        "reviews/<int:assignment_id>/items/<int:item_id>/earlier/<int:precedent_id>/",
        precedent.precedent_detail,
        name="precedent-detail",
    ),
    path("reviews/<int:assignment_id>/documents/", draft.mark_documents, name="documents-mark"),
    path("reviews/<int:assignment_id>/documents/<int:document_id>/", workspace.document, name="document"),
    path(
        "reviews/<int:assignment_id>/documents/<int:document_id>/seen/", reading.pages_seen, name="document-pages-seen"
    ),
    path("reviews/settings/", reading.settings_save, name="reading-settings"),
    path("reviews/<int:assignment_id>/search/", page.page_search, name="page-search"),
    path("reviews/<int:assignment_id>/notes/", note.note_list, name="note-list"),
    path("reviews/<int:assignment_id>/notes/add/", note.note_add, name="note-add"),
    path("reviews/<int:assignment_id>/notes/<int:note_id>/", note.note_edit, name="note-edit"),
    path("reviews/<int:assignment_id>/notes/<int:note_id>/remove/", note.note_remove, name="note-remove"),
    path("reviews/<int:assignment_id>/messages/", message.own_thread, name="own-thread"),
    path("reviews/<int:assignment_id>/comments/<int:comment_id>/", returned.comment_answer, name="comment-answer"),
    path("reviews/<int:assignment_id>/print-pack/", print_pack.print_pack, name="print-pack"),
    path(
        "reviews/<int:assignment_id>/print-pack/<int:pack_id>/",
        print_pack.print_pack_download,
        name="print-pack-download",
    ),
    path("reviews/<int:assignment_id>/time/", statistics.assignment_time, name="assignment-time"),
    path("reviews/<int:assignment_id>/next/", worklist.next_case, name="next-case"),
    path("reviews/<int:assignment_id>/records-request/", document_request.request_ask, name="request-ask"),
    path("reviews/records-requests/<int:pk>/take-back/", document_request.request_withdraw, name="request-withdraw"),
    path("reviews/<int:assignment_id>/sign/", sign.sign, name="sign"),
    path("reviews/<int:assignment_id>/sign/advice/", sign.check_answer, name="check-answer"),
]

# Paragraphs that are used again
paragraph_urls: list[URLPattern | URLResolver] = [
    path("paragraphs/", paragraph.paragraph_list, name="paragraph-list"),
    path("paragraphs/add/", paragraph.paragraph_create, name="paragraph-create"),
    path("paragraphs/<int:pk>/", paragraph.paragraph_edit, name="paragraph-edit"),
    path("paragraphs/<int:pk>/propose/", paragraph.paragraph_propose, name="paragraph-propose"),
    path("paragraphs/<int:pk>/remove/", paragraph.paragraph_remove, name="paragraph-remove"),
    path("paragraphs/versions/<int:version_id>/decide/", paragraph.paragraph_decide, name="paragraph-decide"),
]

# Public copies of served letters
publication_urls: list[URLPattern | URLResolver] = [
    path("publication/", publication.publication_queue, name="publication-queue"),
    path("publication/letters/<int:letter_id>/", publication.publication_propose, name="publication-propose"),
    path("publication/<int:copy_id>/", publication.publication_detail, name="publication-detail"),
    path("publication/<int:copy_id>/pdf/", publication.publication_pdf, name="publication-pdf"),
    path("publication/<int:copy_id>/redact/", publication.publication_redact, name="publication-redact"),
    path(
        "publication/<int:copy_id>/redact/certain/",
        publication.publication_redact_certain,
        name="publication-redact-certain",
    ),
    path("publication/<int:copy_id>/undo/<int:position>/", publication.publication_undo, name="publication-undo"),
    path("publication/<int:copy_id>/keep/", publication.publication_keep, name="publication-keep"),
    path("publication/<int:copy_id>/approve/", publication.publication_approve, name="publication-approve"),
    path("publication/<int:copy_id>/withdraw/", publication.publication_withdraw, name="publication-withdraw"),
]

# What anybody who holds a letter may ask
check_urls: list[URLPattern | URLResolver] = [
    path("check/", letter_check.check_form, name="letter-check-form"),
    path("check/<str:code>/", letter_check.check_page, name="letter-check"),
]

# What reviewers earn
ledger_urls: list[URLPattern | URLResolver] = [
    path("ledger/", ledger.own_ledger, name="own-ledger"),
    path("reviewer-fees/", ledger.ledger_month, name="ledger-month"),
    path("reviewer-fees/export/", ledger.ledger_export, name="ledger-export"),
    path("reviewer-fees/rates/", ledger.ledger_rates, name="ledger-rates"),
    path("reviewer-fees/entries/<int:entry_id>/reverse/", ledger.ledger_reverse, name="ledger-reverse"),
    path("reviewer-fees/<int:reviewer_id>/", ledger.ledger_reviewer, name="ledger-reviewer"),
    path("reviewer-fees/<int:reviewer_id>/adjust/", ledger.ledger_adjust, name="ledger-adjust"),
    path(
        "reviewer-fees/<int:reviewer_id>/approve/<int:year>/<int:month>/", ledger.ledger_approve, name="ledger-approve"
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *ledger_urls,
    *register_urls,
    *proposal_urls,
    *assignment_urls,
    *workspace_urls,
    *colleague_urls,
    *letter_urls,
    *archive_urls,
    *template_urls,
    *paragraph_urls,
    *publication_urls,
    *check_urls,
]
