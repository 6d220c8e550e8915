"""Errors of the case's life."""

from imr.core.errors import ConflictError, DomainError


class TransitionError(ConflictError):
    """The event is not possible in the case's present status (HTTP 409)."""

    code = "transition_refused"


class IncompleteError(DomainError):
    """Something required is missing; `fields` or `missing` say what."""

    code = "incomplete"
