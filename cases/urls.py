from django.urls import URLPattern, URLResolver, path

from cases.views import case, eligibility, intake

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
    path("<int:case_id>/records-complete/", eligibility.records_complete, name="records-complete"),
]
