"""Every act that the code records has words of its own."""

import re

from django.conf import settings

from cases.enums import CaseEvent
from imr.audit.words import ACTION_WORDS, action_words

_ACTION = re.compile(r'action="([a-z_]+\.[a-z_]+)"')


def test_every_recorded_action_has_words() -> None:
    found = {
        action
        for app in ("imr", "cases", "reviews", "guidelines")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for action in _ACTION.findall(path.read_text())
    }
    assert len(found) > 10
    assert found <= set(ACTION_WORDS)


def test_events_of_a_case_are_called_as_their_buttons() -> None:
    assert {event: action_words(f"case.{event}") for event in CaseEvent} == {event: event.label for event in CaseEvent}
    assert action_words("draft.save_step") == "Saved a step of the application"
    assert action_words("sign_in_failed") == "Sign in failed"
