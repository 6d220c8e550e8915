"""Words that save themselves in the moment in which the item is saved."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cases.models import Application, Case
from cases.selectors.draft import read_draft
from cases.services import item as item_service
from cases.services.draft import forget, keep_typed
from cases.services.item import add_item
from imr.accounts.models import User
from tests.cases.services.test_draft import item_answers
from tests.factories.accounts import make_cast
from tests.factories.cases import make_draft
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db(transaction=True)


def prepared(number: int, user: User) -> tuple[Case, Callable[[], Any], Callable[[], Any]]:
    """A draft with words of a new item, the save of the item, and one more save of the words by themselves."""
    case = make_draft(user, is_complete=False)
    who: dict[str, Any] = {"case_id": case.pk, "actor": user, "version": 1, "editor": f"page{number}"}
    typed = {"description": f"MRI {number}"}
    keep_typed(**who, key="item:new", typed=typed, typed_at=1)
    save_item = partial(add_item, **who, cleaned=item_answers(typed["description"]))
    return case, save_item, partial(keep_typed, **who, key="item:new", typed=typed, typed_at=2)


def forget_page(application: Application, key: str, *, editor: str) -> None:
    """What stood where `end_page` stands: nothing is known of the page afterwards."""
    assert editor
    forget(application, key)


def test_late_words_never_outlive_the_item() -> None:
    user = make_cast().claims
    for number in range(REPETITIONS):
        case, save_item, save_words = prepared(number, user)
        race(save_item, save_words)
        assert read_draft(case).typed_steps == frozenset()
        assert case.items.count() == 1


def test_without_the_guard_late_words_ask_to_open_the_step_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the entry of the new item is forgotten, as it once was; the late save then stays."""
    monkeypatch.setattr(item_service, "end_page", forget_page)
    case, save_item, save_words = prepared(0, make_cast().claims)
    save_item()
    save_words()
    assert read_draft(case).typed("item:new") is not None
