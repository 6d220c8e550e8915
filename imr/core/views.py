"""Pages that belong to no app: health, errors, the crawler's file."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render

from imr.core import storage
from imr.core.models import Heartbeat

logger = logging.getLogger(__name__)

HEARTBEAT_LIMIT = timedelta(minutes=3)
FREE_BYTES_LIMIT = 200 * 1024 * 1024
# What a page sends along by itself.
NOT_TYPED = frozenset(
    {"version", "stored_version", "editor", "sequence", "typed_at"}
    | {"next", "action", "later", "another", "direction", "secret"}
)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when this process answers at all."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database, the broker, the disk and the background processes work; else 503 naming which do not."""
    checks = {"database": _database(), "broker": _broker(), "storage": _storage()}
    if checks["database"]:
        checks |= _heartbeats()
    ready = all(checks.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    from redis import Redis, RedisError  # half a second to import, for this page alone

    try:
        client = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        return bool(client.ping())
    except RedisError:
        return False


def _storage() -> bool:
    try:
        return storage.free_bytes() > FREE_BYTES_LIMIT
    except OSError:
        return False


def _heartbeats() -> dict[str, bool]:
    try:
        alive = set(Heartbeat.objects.filter(at__gte=Now() - HEARTBEAT_LIMIT).values_list("process", flat=True))
    except DatabaseError:
        return {"worker": False, "sweeper": False}
    return {process: process in alive for process in ("worker", "sweeper")}


def robots(request: HttpRequest) -> HttpResponse:
    """No page of this site is for crawlers."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same words for what does not exist and for what is not yours."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"type": "client_error", "errors": [{"code": "not_found", "detail": "Not found.", "attr": None}]},
            status=404,
        )
    return render(request, "errors/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(
            {
                "type": "server_error",
                "errors": [{"code": "error", "detail": "Something went wrong on our side.", "attr": None}],
            },
            status=500,
        )
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was out of date. What was typed is shown once more, so that it can be copied back."""
    return render(request, "errors/csrf.html", {"typed": typed_words(request)}, status=403)


def signed_out_while_typing(request: HttpRequest, sign_in_url: str) -> HttpResponse:
    """For a form that was sent after the session had ended: what was typed, and where to sign in."""
    context = {"typed": typed_words(request), "sign_in_url": sign_in_url}
    return render(request, "errors/signed_out.html", context, status=401)


def typed_words(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form of this site was sent with, name by name: no secrets, no files, nothing that was not typed.

    Nothing of a form that holds a password, and nothing that another site sent.
    """
    plain = request.content_type == "application/x-www-form-urlencoded"
    if request.method != "POST" or not plain or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    try:
        sent = request.POST
    except (UnreadablePostError, RequestDataTooBig, TooManyFieldsSent):
        return []
    if any("password" in name for name in sent):
        return []
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, values in sent.lists()
        if name not in NOT_TYPED and "token" not in name
        for value in values
        if value.strip()
    ]
