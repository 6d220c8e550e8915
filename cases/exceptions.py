"""Errors of the case's life."""

from imr.core.errors import ConflictError, DomainError


class TransitionError(ConflictError):
    """The event is not possible in the case's present status (HTTP 409)."""

    code = "transition_refused"


class IncompleteError(DomainError):
    """Something required is missing; `fields` or `missing` say what."""

    code = "incomplete"


class StaleVersionError(ConflictError):
    """What is being saved was changed meanwhile, in another tab or by somebody else (HTTP 409). Nothing is lost:
    the page shows what is stored and what was typed."""

    code = "stale_version"


class SubmittedError(ConflictError):
    """The application was submitted and can no longer be changed here (HTTP 409)."""

    code = "already_submitted"


class TooLongError(DomainError):
    """More was typed than is kept unchecked. Nothing is lost: the page shows it again (HTTP 422)."""

    code = "too_long"
    status = 422


class GoneError(ConflictError):
    """What is being changed was removed meanwhile (HTTP 409)."""

    code = "gone"
