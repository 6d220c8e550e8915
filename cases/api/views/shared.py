"""What the operations on cases share."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header
from rest_framework.exceptions import ErrorDetail, ValidationError

from cases.api.payloads import LetterState
from cases.api.sections import pointer
from cases.enums import DraftStep
from cases.exceptions import IncompleteError
from cases.models import Case
from cases.selectors.case import visible_to
from imr.accounts.api.views import ApiView
from imr.accounts.enums import Action
from imr.audit.services import record
from imr.core import storage


def _no_letters(case: Case, user: Any) -> dict[str, Any]:
    return {"state": "none", "released_at": None, "has_letter": False}


class CaseView(ApiView):
    """An operation on one case. `letter_state` is given by the project, for letters stand above cases."""

    letter_state: LetterState = staticmethod(_no_letters)

    def find_case(self, case_id: int, action: Action) -> Case:
        """The case when it exists for the account under `action`; else 404, with the same words either way."""
        case = (
            visible_to(self.user, action=action)
            .select_related("organization", "created_by", "analyst")
            .filter(pk=case_id)
            .first()
        )
        if case is None:
            raise Http404
        return case

    def record(self, case: Case, action: str, **detail: Any) -> None:
        """The account looked at the case."""
        record(
            action=action,
            actor=self.user,
            object_type="case",
            object_id=case.pk,
            case_id=case.pk,
            detail={"via": "api", **detail},
        )


def incomplete(error: IncompleteError) -> ValidationError:
    """What keeps an application from being submitted, at its places in the JSON.

    A shortcoming that can be accepted stands under `confirmed` with its own code, which is what `confirmed` takes.
    """
    found: dict[str, list[ErrorDetail]] = {}
    for name, lines in error.fields.items():
        if name.startswith("confirm_"):
            place, code = "confirmed", name.removeprefix("confirm_")
        else:
            step, _, field = name.partition(".")
            place, code = pointer(DraftStep(step), field), error.code
        found.setdefault(place, []).extend(ErrorDetail(line, code=code) for line in lines)
    return ValidationError(found)


def pdf_response(sha256: str, size: int, name: str) -> FileResponse:
    """A stored PDF as a download, its digest checked first."""
    response = FileResponse(storage.open_verified(sha256), content_type="application/pdf")
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
