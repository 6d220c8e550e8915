"""Middleware of the project: context, session limits, caching, and errors of the domain as answers."""

import hashlib
import re
import time
import uuid
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render

from imr.core import context
from imr.core.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SIGNED_IN_AT = "imr_signed_in_at"
SEEN_AT = "imr_seen_at"
# Saving `seen` on every request would write the session each time; a minute is exact enough for an idle limit.
SEEN_STEP_SECONDS = 60


class KnownMethodsMiddleware:
    """Answers methods that no page takes with 405, and OPTIONS without running the page's view.

    The API, and the addresses of uploads that go on after a lost connection, say for themselves which they take.
    """

    PAGE_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
    UPLOADS = re.compile(r"^/cases/[0-9]+/uploads/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/api/") or self.UPLOADS.match(request.path):
            return self.get_response(request)
        if request.method not in self.PAGE_METHODS:
            return HttpResponseNotAllowed(self.PAGE_METHODS)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join(self.PAGE_METHODS)})
        return self.get_response(request)


class WorkContextMiddleware:
    """Gives the request an id and keeps who asks, for audit rows and log lines."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid.uuid4().hex
        key = request.session.session_key or ""
        context.use(
            context.WorkContext(
                request_id=request_id,
                session_hash=hashlib.sha256(key.encode()).hexdigest()[:32] if key else "",
                address=_address(request),
            )
        )
        try:
            response = self.get_response(request)
        finally:
            context.use(context.WorkContext())
        response["X-Request-ID"] = request_id
        return response


def _address(request: HttpRequest) -> str | None:
    """Where the request came from; None when what a proxy says is no address."""
    hops = settings.TRUSTED_PROXY_COUNT
    found = request.META.get("REMOTE_ADDR", "")
    if hops:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(chain) >= hops:
            found = chain[-hops]
    try:
        return str(ip_address(found))
    except ValueError:
        return None


class SessionLimitsMiddleware:
    """Ends a session after 30 idle minutes or 12 hours in all (ASVS 7.3; 45 CFR 164.312(a)(2)(iii)).

    A request with the header `X-Background: 1` (a page that asks whether the letter is there) is nobody's doing
    and keeps no session alive.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(SIGNED_IN_AT, now)
            seen = request.session.get(SEEN_AT, now)
            idle = now - seen > settings.IMR_SESSION_IDLE_SECONDS
            old = now - began > settings.IMR_SESSION_ABSOLUTE_SECONDS
            if idle or old:
                logout(request)
                request.session_ended = True  # type: ignore[attr-defined]
            elif SEEN_AT not in request.session or (
                now - seen >= SEEN_STEP_SECONDS and request.headers.get("X-Background") != "1"
            ):
                request.session[SEEN_AT] = now
        return self.get_response(request)


class PrivateResponsesMiddleware:
    """Signed-in answers are never cached or indexed (ASVS 14.3)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow, noarchive")
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        return response


class DomainErrorMiddleware:
    """An error of the domain that a view let through becomes a page (or a problem document) with its status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if request.path.startswith("/api/") or request.headers.get("Accept") == "application/json":
            return JsonResponse(
                {
                    "type": "client_error" if exception.status < 500 else "server_error",
                    "errors": [{"code": exception.code, "detail": exception.message, "attr": None}],
                },
                status=exception.status,
            )
        response = render(
            request,
            "errors/domain.html",
            {
                "message": exception.message,
                "status": exception.status,
                "fields": exception.fields,
                "case_id": request.resolver_match.kwargs.get("case_id") if request.resolver_match else None,
            },
            status=exception.status,
        )
        if exception.status == 503:
            response["Retry-After"] = "60"
        return response
