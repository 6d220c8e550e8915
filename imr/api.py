"""The programs' interface, under /api/: its first version, its description, and the description to read."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import IsAuthenticated

from cases.api.urls import urlpatterns as case_urls
from guidelines.api.search import urlpatterns as guideline_urls
from reviews.api.exchange import urlpatterns as exchange_urls
from reviews.api.letter import letter_state
from reviews.api.letter import urlpatterns as letter_urls

app_name = "api"


class Schema(SpectacularJSONAPIView):
    """OpenAPI 3, for everybody who has an account: it names no case and no person."""

    permission_classes = [IsAuthenticated]


class Docs(SpectacularSwaggerSplitView):
    """The description as a page; a browser that is not signed in is sent to do so."""

    permission_classes = [IsAuthenticated]
    url_name = "api:schema"
    template_name = "api/docs.html"

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, NotAuthenticated):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)


_v1: list[Any] = [*case_urls(letter_state), *letter_urls, *exchange_urls, *guideline_urls]

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(_v1)),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
]
