"""Errors of the domain: what a person may be told, and the HTTP status that goes with it."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A rule refused the request. Nothing was written.

    `message` is a sentence for the person; `code` is stable and machine-readable; `fields` maps a field name
    to its own sentences. Pages show them beside the form, the API as a problem document.
    """

    status = 400
    code = "invalid"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.fields: dict[str, list[str]] = {name: list(lines) for name, lines in (fields or {}).items()}


class ConflictError(DomainError):
    """Somebody else was faster, or the state no longer allows it (HTTP 409)."""

    status = 409
    code = "conflict"


class NotAllowedError(DomainError):
    """The object is visible but the act is not this person's to do (HTTP 403)."""

    status = 403
    code = "not_allowed"


class UnavailableError(DomainError):
    """A service the act needs is away; trying again later is the answer (HTTP 503)."""

    status = 503
    code = "unavailable"
