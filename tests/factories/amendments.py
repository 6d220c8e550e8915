"""Amendments for tests."""

from typing import Any

from cases.enums import DraftStep
from cases.forms.filing import STEP_FORMS
from cases.forms.filing_items import item_answers
from cases.models import Application, ApplicationVersion, Case
from cases.selectors.draft import read_draft
from cases.services.amendment import ItemChanges, amend_application
from imr.accounts.models import User


def version_of_application(case: Case) -> int:
    return Application.objects.values_list("version", flat=True).get(case=case)


def amend(
    case: Case,
    actor: User,
    step: DraftStep | None = DraftStep.CLAIM,
    *,
    items: ItemChanges | None = None,
    version: int | None = None,
    reason: str = "It was mistyped.",
    **cleaned: Any,
) -> ApplicationVersion:
    """The application of `case` with these cleaned answers of `step`, and these changes of items."""
    return amend_application(
        case_id=case.pk,
        actor=actor,
        steps={step: cleaned} if step else {},
        items=items,
        reason=reason,
        version=version_of_application(case) if version is None else version,
    )


def part_form(case: Case, step: DraftStep, **typed: str) -> dict[str, str]:
    """What a browser sends for a step of the application as it is on file, with these fields typed anew."""
    form = STEP_FORMS[step](draft=read_draft(case))
    sent = {**form.as_typed(), **typed}
    return {**sent, "version": "1", "editor": "page", "on_file": str(version_of_application(case))}


def cleaned_item(case: Case, position: int = 1, **changed: Any) -> dict[str, Any]:
    """The cleaned answers of a stored item, some of them changed."""
    item = case.items.get(position=position)
    return {**item_answers(item), "category": item.category, **changed}
