"""Every error of the interface in one shape: `{"type", "errors": [{"code", "detail", "attr"}]}`."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http.request import UnreadablePostError
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ParseError
from rest_framework.response import Response

from imr.core.errors import DomainError


class DomainProblem(APIException):
    """An error of the domain on its way out; `status_code` is the error's own."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(error.message, error.code)
        self.error = error
        self.status_code = error.status
        if error.status == 503:
            self.wait = 60


class ApiExceptionHandler(ExceptionHandler):
    """The library's handler, told about errors of the domain and of Django's request parsing."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, DomainError):
            return DomainProblem(exc)
        if isinstance(exc, SuspiciousOperation | UnreadablePostError):
            return ParseError("The request could not be read.")
        found: Exception = super().convert_known_exceptions(exc)
        return found

    def format_exception(self, exc: APIException) -> dict[str, Any]:
        if isinstance(exc, DomainProblem):
            return domain_problem(exc.error)
        found: dict[str, Any] = super().format_exception(exc)
        return found


def domain_problem(error: DomainError) -> dict[str, Any]:
    """The document for an error of the domain: one entry a field, or one without a field."""
    entries: list[dict[str, Any]] = [
        {"code": error.code, "detail": line, "attr": name} for name, lines in error.fields.items() for line in lines
    ]
    if error.status >= 500:
        kind = "server_error"
    elif entries and error.status == 400:
        kind = "validation_error"
    else:
        kind = "client_error"
    return {"type": kind, "errors": entries or [{"code": error.code, "detail": error.message, "attr": None}]}


def exception_handler(exc: Exception, context: Any) -> Response | None:
    """For `REST_FRAMEWORK["EXCEPTION_HANDLER"]`."""
    response: Response | None = ApiExceptionHandler(exc, context).run()
    return response
