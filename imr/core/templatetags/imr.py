"""Template tags and filters of every page: dates in words, and the components that need arguments."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.template import Context
from django.utils.html import strip_tags

from imr.core import clock, words

register = template.Library()

# Lazy: Django's form sets cannot be subscripted at run time.
type AnyForm = BaseForm | BaseFormSet[Any] | None

TAG_KINDS = frozenset({"neutral", "progress", "waiting", "good", "bad", "ended"})


@register.filter
def mmddyyyy(day: date | None) -> str:
    """`11/23/2026`, of an instant its Pacific day; nothing for None."""
    return words.mmddyyyy(day) if day else ""


@register.filter
def pacific(instant: datetime | None) -> str:
    """`11/23/2026, 5:00 PM PT`; nothing for None."""
    return words.pacific(instant) if instant else ""


@register.filter
def money(amount: Decimal | int | None) -> str:
    """`$1,234.50`; nothing for None."""
    return words.money(Decimal(amount)) if amount is not None else ""


@register.filter
def lower_first(label: str) -> str:
    """The label inside a sentence: `In California` becomes `in California`."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@register.filter
def due_words(deadline: datetime | date | None) -> str:
    """`due in 3 days, Thu Nov 26, 5:00 PM PT`; nothing for None."""
    return words.due_words(deadline, clock.now()) if deadline else ""


@register.filter
def filesize(size: int | None) -> str:
    """`3.4 MB`; nothing for None."""
    return words.file_size(size) if size is not None else ""


@register.inclusion_tag("components/due_chip.html")
def due_chip(deadline: datetime | date | None, label: str = "", url: str = "") -> dict[str, Any]:
    """A deadline as a chip: sign, distance and moment; `label` says what is due, `url` leads to how it is found.

    Nothing for None.
    """
    return {"due": words.due(deadline, clock.now()) if deadline else None, "label": label, "url": url}


@register.inclusion_tag("components/status_tag.html")
def status_tag(label: str, kind: str = "neutral") -> dict[str, Any]:
    """A status: its words, and a look that repeats them (`TAG_KINDS`)."""
    if kind not in TAG_KINDS:
        raise template.TemplateSyntaxError(f"status_tag has no kind {kind!r}; there are {sorted(TAG_KINDS)}.")
    return {"label": label, "kind": kind}


@register.simple_tag
def error_prefix(*forms: AnyForm) -> str:
    """`Error: ` for the page's title when a form is shown again with errors, else nothing."""
    return "Error: " if _problems(forms) else ""


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: AnyForm) -> dict[str, Any]:
    """What is wrong in all `forms` and form sets, each with a link to its field; nothing when all is well.

    A sentence that holds of several fields begins with the field's label, or what the form has for it in
    `summary_labels`.
    """
    problems = _problems(forms)
    said = Counter(problem["message"] for problem in problems)
    for problem in problems:
        if said[problem["message"]] > 1 and problem["label"]:
            problem["message"] = f"{problem['label']}: {problem['message']}"
    return {"problems": problems}


def _problems(forms: Iterable[AnyForm]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            found += [{"message": str(message), "focus_id": "", "label": ""} for message in form.non_form_errors()]
            found += _problems(member for member in form.forms if not getattr(member, "cleaned_data", {}).get("DELETE"))
            continue
        found += [{"message": str(message), "focus_id": "", "label": ""} for message in form.non_field_errors()]
        found += [
            {
                "message": str(message),
                "focus_id": "" if field.is_hidden else getattr(field, "focus_id", field.auto_id),
                "label": getattr(form, "summary_labels", {}).get(field.name) or strip_tags(str(field.label)),
            }
            for field in form
            for message in field.errors
        ]
    return found


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], label: str = "Pages") -> dict[str, Any]:
    """Links to the neighbors of a paginator's page; the other filters of the address are kept."""
    return {"page": page, "label": label, "request": context["request"]}


@register.inclusion_tag("components/keyset_pagination.html", takes_context=True)
def keyset_pagination(
    context: Context, previous: str | None, following: str | None, label: str = "Pages"
) -> dict[str, Any]:
    """Previous and next by cursor: links with `before=` or `after=`, the other filters of the address kept."""
    return {"previous": previous, "following": following, "label": label, "request": context["request"]}


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, key: str, default: str = "", css: str = "") -> dict[str, Any]:
    """The head of a column that sorts by `?sort=key`, or `-key` the other way; `default` is the page's own order."""
    current = context["request"].GET.get("sort") or default
    state = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return {
        "label": label,
        "state": state,
        "css": css,
        "target": f"-{key}" if state == "ascending" else key,
        "request": context["request"],
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", action_url: str = "", action_label: str = "") -> dict[str, Any]:
    """What a list shows instead of rows: what there would be, and what to do now."""
    return {"title": title, "text": text, "action_url": action_url, "action_label": action_label}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, label: str = "Back") -> dict[str, Any]:
    """The way up, above the heading (block `breadcrumbs`)."""
    return {"url": url, "label": label}


@register.inclusion_tag("components/summary_row.html")
def summary_row(label: str, value: object, change_url: str = "", missing: str = "Not given") -> dict[str, Any]:
    """A row of `<dl class="summary-list">`: an answer, with a link to change it."""
    return {"label": label, "value": value, "change_url": change_url, "missing": missing}


@register.inclusion_tag("components/form_actions.html")
def form_actions(
    label: str,
    cancel_url: str = "",
    *,
    cancel_label: str = "Cancel",
    name: str = "",
    value: str = "",
    confirm: str = "",
) -> dict[str, Any]:
    """The buttons at the end of a form; `confirm` is a question that has to be answered with yes first."""
    return {
        "label": label,
        "cancel_url": cancel_url,
        "cancel_label": cancel_label,
        "name": name,
        "value": value,
        "confirm": confirm,
    }


@register.inclusion_tag("components/fact.html")
def fact(label: str, value: object, missing: str = "—") -> dict[str, Any]:
    """A pair of `<dl class="facts">`; a date is shown as MM/DD/YYYY, an instant in Pacific time."""
    if isinstance(value, datetime):
        value = words.pacific(value)
    elif isinstance(value, date):
        value = words.mmddyyyy(value)
    return {"label": label, "value": value, "missing": missing}


@register.filter
def item(mapping: Mapping[Any, Any], key: object) -> Any:
    """`mapping[key]`, or nothing when it has no such key."""
    return mapping.get(key, "")
