"""The states that license practitioners, as the letter names them."""

from collections.abc import Iterable
from typing import Final

from imr.core.states import US_STATES

CALIFORNIA: Final = "CA"
_NAMES: Final = dict(US_STATES)


def state_name(code: str) -> str:
    """The state's name; the code itself where it is none of ours."""
    return _NAMES.get(code, code)


def in_letter_order(codes: Iterable[str]) -> list[str]:
    """The names of the states, each once: California first, the others by name."""
    return [state_name(code) for code in sorted(set(codes), key=lambda code: (code != CALIFORNIA, state_name(code)))]
