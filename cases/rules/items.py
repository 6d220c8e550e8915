"""The disputed items of an application: how many, none twice, each complete."""

from collections.abc import Iterable
from datetime import date

from cases.enums import DraftStep, UROutcome
from cases.rules.application_facts import ItemFacts
from cases.rules.finding import Finding, error, missing, not_after_today

MAX_ITEMS = 60


def check_item(item: ItemFacts, *, today: date) -> list[Finding]:
    """One item is described and says what utilization review did with it, and what is left of it."""
    step, words = DraftStep.ITEMS, f"Item {item.position}: "
    found: list[Finding] = []
    if not item.category:
        found.append(missing(step, "category", f"{words}select the kind of treatment."))
    if not item.ur_outcome:
        found.append(missing(step, "ur_outcome", f"{words}say whether it was denied or modified."))
    if item.ur_outcome == UROutcome.MODIFIED:
        if not item.authorized:
            found.append(missing(step, "authorized", f"{words}enter what was authorized."))
        if not item.remaining:
            found.append(missing(step, "remaining", f"{words}enter what is left in dispute."))
    if item.is_retrospective and item.service_date is None:
        found.append(missing(step, "service_date", f"{words}enter the date of service."))
    found += not_after_today(step, "service_date", f"{words}the date of service", item.service_date, today)
    return found


def item_key(description: str) -> str:
    """What makes two items the same: the words, without case and blanks."""
    return "".join(description.casefold().split())


def check_items(items: Iterable[ItemFacts], *, today: date) -> list[Finding]:
    """There are 1 to 60 items, none of them twice, each complete."""
    rows = list(items)
    step = DraftStep.ITEMS
    if not rows:
        return [missing(step, "", "Add at least one disputed treatment.")]
    found: list[Finding] = []
    if len(rows) > MAX_ITEMS:
        found.append(error(step, "", f"An application holds at most {MAX_ITEMS} items; this one has {len(rows)}."))
    seen: dict[str, int] = {}
    for item in rows:
        key = item_key(item.description)
        if key in seen:
            found.append(
                error(step, "description", f"Item {item.position} repeats item {seen[key]}. Remove one of them.")
            )
        seen.setdefault(key, item.position)
        found += check_item(item, today=today)
    return found
