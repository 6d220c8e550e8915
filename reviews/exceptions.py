"""Errors of reviewing and of letters."""

from imr.core.errors import ConflictError, DomainError


class StaleVersionError(ConflictError):
    """Somebody (perhaps another tab) saved first; both texts are kept.

    `current` is what is stored now, `base` what both began with, each by the name of the field.
    """

    code = "stale_version"

    def __init__(
        self, message: str, *, current_version: int, current: dict[str, str], base: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.current_version = current_version
        self.current = current
        self.base = base or {}


class AssignmentBlockedError(DomainError):
    """A lapsed credential, a conflict or another rule bars this reviewer from the case."""

    code = "assignment_blocked"


class NotCompleteError(ConflictError):
    """The determination cannot be signed yet; `missing` says what and where."""

    code = "not_complete"

    def __init__(self, message: str, *, missing: list[str]) -> None:
        super().__init__(message, fields={"missing": missing})
        self.missing = missing


class ReauthenticationError(DomainError):
    """Signing needs the password again (HTTP 403)."""

    status = 403
    code = "reauth_required"


class LetterTextError(DomainError):
    """The letter cannot be printed as it is written; `problems` says where and why."""

    code = "letter_text"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The letter cannot be printed yet. " + " ".join(problems), fields={"text": problems})
        self.problems = problems
