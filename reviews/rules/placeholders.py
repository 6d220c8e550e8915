"""Marks in a text that stand for words still to come: `{{age}}`, or two wordings to choose from. Pure."""

import re
from collections.abc import Mapping

_MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_REMAINS = re.compile(r"\{\{[^{}]*\}?\}?|\}\}")
_MOST_SHOWN = 60


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each mark that `values` knows, in any case, replaced; a mark without a value stays as it is."""

    def filled(match: re.Match[str]) -> str:
        return values.get(match[1].lower(), "") or match[0]

    return _MARK.sub(filled, text)


def names_in(text: str) -> list[str]:
    """What the marks of the text are called, in small letters and each once."""
    return list(dict.fromkeys(match[1].lower() for match in _MARK.finditer(text)))


def unfilled(text: str) -> list[str]:
    """The marks that are left, shortened; what merely begins or ends one counts too."""
    found = [match[0] for match in _REMAINS.finditer(text)]
    return [mark if len(mark) <= _MOST_SHOWN else mark[:_MOST_SHOWN] + "…" for mark in found]
