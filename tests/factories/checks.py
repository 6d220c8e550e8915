"""Determinations for the checks: one item by default, of a clean kind."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from reviews.letters import ExchangedDetermination
from reviews.rules.checks.denial import is_denied
from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, CheckFinding, PageMention, Severity
from reviews.selectors.check import checked_exchange

FIXTURES = Path(__file__).parent.parent / "fixtures"
# 98 invented items in the grammar of published letters.
INVENTED = FIXTURES / "invented_determinations.json"
# 25 invented items whose words come near a contradiction and are none.
AWKWARD = FIXTURES / "awkward_determinations.json"

ITEM = CheckedItem(
    position=1,
    text="MRI of the right knee",
    outcome="upheld",
    claims_guideline="",
    reviewer_guideline="Decision based on MTUS Knee Complaints 2004.",
    rationale="The MTUS asks for red flags, and the knee shows none. The request is not medically necessary.",
)


def make_checked(*items: CheckedItem, **changes: Any) -> CheckedDetermination:
    """A determination with these items, with the clean one when none is given."""
    clean = CheckedDetermination(
        case_number="CM26-0000123",
        date_of_injury=date(2015, 3, 14),
        ur_denial_date=date(2016, 11, 30),
        summary="The worker is a 47 year old male who was injured on 03/14/2015.",
        items=items or (ITEM,),
    )
    return replace(clean, **changes)


def make_checked_item(text: str, rationale: str, position: int = 1, **changes: Any) -> CheckedItem:
    return replace(ITEM, text=text, rationale=rationale, position=position, **changes)


def checked_pair(text: str, rationale: str, **changes: Any) -> CheckedDetermination:
    """A determination of one item with this text and this rationale."""
    return make_checked(make_checked_item(text, rationale), **changes)


def alarms(findings: Sequence[CheckFinding]) -> list[str]:
    """The codes of what counts as an alarm."""
    return [finding.code for finding in findings if finding.severity != Severity.NOTE]


def read_corpus(path: Path) -> list[CheckedDetermination]:
    """The determinations of a file in the exchange form."""
    return [checked_exchange(ExchangedDetermination.from_data(entry)) for entry in json.loads(path.read_text())]


class Pages:
    """A record to look in: pages by number, found when they hold all terms; `asked` keeps what was looked for."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, terms: Sequence[str]) -> list[PageMention]:
        self.asked.append(tuple(terms))
        return [
            PageMention(document="Progress report", page=number, snippet=text, is_denied=is_denied(text, terms))
            for number, text in enumerate(self.texts, start=1)
            if all(term in text.lower() for term in terms)
        ]
