"""The page of the audit record. Reading it is recorded, too."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from imr.accounts.enums import Action, Role
from imr.accounts.permissions import AuthenticatedRequest, requires, shown_name
from imr.audit.forms.event import EventFilterForm
from imr.audit.selectors.event import case_numbers, events_found
from imr.audit.services import record
from imr.audit.words import action_words
from imr.core.paging import keyset_page


@requires(Action.AUDIT_READ)
@require_safe
def event_list(request: AuthenticatedRequest) -> HttpResponseBase:
    form = EventFilterForm(request.GET)
    page = keyset_page(
        events_found(form.wanted()),
        field="pk",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=50,
    )
    numbers = case_numbers(page.rows)
    rows = [
        {
            "event": event,
            "who": shown_name(request.user, event.actor) if event.actor else "System",
            "role": Role(event.actor_role).label if event.actor_role in Role.values else "",
            "action": action_words(event.action),
            "object": action_words(event.object_type),
            "case_number": numbers.get(event.case_id, "") if event.case_id else "",
            "detail": "; ".join(f"{name}: {value}" for name, value in event.detail.items()),
        }
        for event in page.rows
    ]
    used = sorted(name for name, value in request.GET.items() if value and name in form.fields)
    record(action="audit_read", actor=request.user, detail={"filters": used})
    return render(
        request,
        "audit/event_list.html",
        {"form": form, "page": page, "rows": rows, "is_filtered": bool(used)},
        status=422 if form.errors else 200,
    )
