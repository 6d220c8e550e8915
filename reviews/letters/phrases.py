"""How the letter phrases an item and its citations, and how a text falls into paragraphs and links."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.enums import GuidelineBasis

_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_LINK = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]’']", re.IGNORECASE)
_GRAMMAR_START = re.compile(r"Decision\s+based\s+on\b", re.IGNORECASE)


class ItemShape(StrEnum):
    """How the text of an item is built from the request and what utilization review made of it."""

    PLAIN = "plain"
    ASSOCIATED_SERVICE = "associated_service"
    REMAINING_PORTION = "remaining_portion"
    ORIGINAL_REQUEST = "original_request"


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of running text; `href` is set when the piece is an http(s) address."""

    text: str
    href: str = ""


def item_shape(*, is_associated_service: bool, is_modified: bool, authorized: str, remaining: str) -> ItemShape:
    """Which of the four shapes the item's text has."""
    if is_modified and authorized:
        return ItemShape.REMAINING_PORTION if remaining else ItemShape.ORIGINAL_REQUEST
    return ItemShape.ASSOCIATED_SERVICE if is_associated_service else ItemShape.PLAIN


def item_text(
    *,
    shape: ItemShape,
    description: str,
    authorized: str = "",
    remaining: str = "",
    is_retrospective: bool = False,
    service_date: date | None = None,
) -> str:
    """The item as the letter names it, in the words of the request; colon and outcome come after it.

    A retrospective item says so, and gives the date of service, unless the words of the request do already.
    """
    words = description
    if is_retrospective and service_date and f"{service_date:%m/%d/%Y}" not in words:
        words = f"{words} (DOS: {service_date:%m/%d/%Y})"
    named = words.rstrip(" .:")
    if shape == ItemShape.REMAINING_PORTION:
        text = (
            f"{named} was the original request. {authorized.rstrip(' .:')} was authorized by the Claims Administrator. "
            f"The remaining IMR eligible portion of the original request, {remaining.rstrip(' .:')} is"
        )
    elif shape == ItemShape.ORIGINAL_REQUEST:
        text = (
            f"{named} was the original request. The Claims Administrator authorized {authorized.rstrip(' .:')}, "
            f"leaving the original request IMR eligible. The original request, {named} is"
        )
    elif shape == ItemShape.ASSOCIATED_SERVICE and not words.lower().startswith("associated surgical service"):
        text = f"Associated surgical service: {words}"
    else:
        text = words
    if is_retrospective and "retrospective" not in description.lower():
        text = f"Retrospective {text}"
    return text.rstrip(" :")


def printed_citations(
    *,
    basis: str,
    mtus: Iterable[str] = (),
    others: Iterable[str] = (),
    text: str = "",
    phrases: tuple[str, str] = ("Decision based on MTUS", "Decision based on Non-MTUS Citation"),
) -> str:
    """The citations of one side in the letter's grammar; empty for a basis of `none`.

    At most one sentence for the MTUS and then one for other sources; `mtus` and `others` are their clauses. `text`
    is what was written beside them: with the grammar's own words in it, it is printed as it is; beside clauses of its
    basis it is a sentence of its own; without any it makes the sentence of its basis (for `both` without an MTUS
    clause, its first line makes the MTUS one). `phrases` begin the two sentences.
    """
    if basis == GuidelineBasis.NONE:
        return ""
    schedule, outside = list(mtus), list(others)
    text = text.strip()
    after = ""
    if _GRAMMAR_START.search(text):
        after = text
    elif text and (schedule if basis == GuidelineBasis.MTUS else outside):
        after = _sentence(_open_end(text))
    elif text and basis == GuidelineBasis.MTUS:
        schedule.append(text)
    elif text and basis == GuidelineBasis.BOTH and not schedule:
        first, _, rest = text.partition("\n")
        schedule.append(first.strip())
        outside += [rest.strip()] if rest.strip() else []
    elif text:
        outside.append(text)
    sentences = []
    if schedule:
        sentences.append(_sentence(f"{phrases[0]} " + ", and ".join(_open_end(part) for part in schedule)))
    if outside:
        sentences.append(_sentence(f"{phrases[1]} " + "; ".join(_open_end(p) for p in outside)))
    return " ".join([*sentences, *([after] if after else [])])


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of `text`; a single line feed stays inside its paragraph."""
    return tuple(part.strip() for part in _PARAGRAPHS.split(text) if part.strip())


def linked(text: str) -> tuple[TextPiece, ...]:
    """`text` in pieces, the http(s) addresses in it as links; the pieces joined are the text.

    The blank after an address belongs to its piece: at the start of the next one it would be lost where a line ends.
    """
    pieces: list[TextPiece] = []
    end = 0
    for found in _LINK.finditer(text):
        if found.start() > end:
            pieces.append(TextPiece(text[end : found.start()]))
        end = found.end() + text.startswith(" ", found.end())
        pieces.append(TextPiece(text[found.start() : end], href=found.group()))
    if end < len(text):
        pieces.append(TextPiece(text[end:]))
    return tuple(pieces)


def _open_end(text: str) -> str:
    return text.rstrip(" .;")


def _sentence(text: str) -> str:
    """With a full stop; a link ends before it, so that the stop is no part of the address."""
    return f"{text}."
