"""The site's addresses. Every one of them declares who may ask for it (`imr.accounts.permissions`)."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic.base import RedirectView

from imr.accounts.permissions import public
from imr.core import views

handler400 = "imr.core.views.bad_request"
handler403 = "imr.core.views.forbidden"
handler404 = "imr.core.views.not_found"
handler500 = "imr.core.views.server_error"

urlpatterns = [
    path("healthz", public(views.healthz), name="healthz"),
    path("readyz", public(views.readyz), name="readyz"),
    path("robots.txt", public(views.robots), name="robots"),
    path("favicon.ico", public(RedirectView.as_view(url="/static/img/favicon.svg")), name="favicon"),
    path("admin/", admin.site.urls),
    path("", include("imr.accounts.urls")),
    path("audit/", include("imr.audit.urls")),
    path("cases/", include("cases.urls")),
    path("", include("reviews.urls")),
    path("guidelines/", include("guidelines.urls")),
    path("api/", include("imr.api")),
]
