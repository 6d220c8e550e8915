"""What text from people becomes before it is stored, and what is refused.

The limits keep letters right: direction marks reorder words, control characters print as junk, unbroken runs
leave the page. Refusing at the door gives a person the chance to mend it.
"""

import re
import unicodedata

MAX_UNBROKEN_RUN = 200
MAX_UNBROKEN_URL = 2_000
MAX_COMBINING_MARKS = 5

_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_TAG_CHARACTERS = re.compile("[\U000e0000-\U000e007f]")
_SILENTLY_REMOVED = re.compile("[\u200b\u2060\ufeff\u00ad]")
_JOINERS = "\u200c\u200d"
# A pasted text has one here and there; so many in a row carry something.
_HIDDEN_RUN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]{6,}")
# What a typesetter joined and a search for the word would miss.
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANK_LINES = re.compile("\n[ \t]*\n(?:[ \t]*\n)+")
_TABS_AND_SPACES = re.compile("[ \t]{2,}|\t")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a decoder leaves where it could not read a byte, and what stands for NUL where none can be kept.
_LOST = re.compile("\ufffd")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_RUN = re.compile(r"\S{201,}")
_URL = re.compile(r"https?://", re.IGNORECASE)


class TextError(ValueError):
    """The text holds something that may not be stored. `str()` is a sentence for the person who typed it."""


def clean_text(value: str, *, multiline: bool = False) -> str:
    """`value` in composed form, with plain spaces and line feeds and without ligatures, trimmed.

    Inside a line runs of blanks become one; more than one blank line in a row becomes one. Single-line text has
    no line feeds. Raises `TextError` for what cannot be kept: control characters, hidden direction marks, tag
    characters, lone surrogates, replacement characters (something was lost there), noncharacters, stacks of combining
    marks, rows of characters without width, and words longer than 200 characters (2,000 for a link).
    """
    if _SURROGATE.search(value):
        raise TextError("Remove the broken character (half of a surrogate pair) and type it again.")
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = unicodedata.normalize("NFC", text).translate(_LIGATURES)
    if found := _HIDDEN_RUN.search(text):
        raise TextError(f"Remove the invisible characters {_after(text, found.start())}.")
    text = _SPACES.sub(" ", _SILENTLY_REMOVED.sub("", text))
    text = _without_idle_joiners(text)
    _refuse_hidden(text)
    if not multiline:
        text = text.replace("\n", " ")
    text = _TABS_AND_SPACES.sub(" ", text)
    text = "\n".join(line.strip() for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", text).strip()
    _refuse_runs(text)
    return text


def _without_idle_joiners(text: str) -> str:
    """Without zero-width joiners, except inside words of the scripts that write with them."""
    if not any(joiner in text for joiner in _JOINERS):
        return text
    kept: list[str] = []
    for position, character in enumerate(text):
        if character in _JOINERS:
            following = text[position + 1 : position + 2]
            if not (kept and _writes_with_joiners(kept[-1]) and following and _writes_with_joiners(following)):
                continue
        kept.append(character)
    return "".join(kept)


def _writes_with_joiners(character: str) -> bool:
    return unicodedata.category(character) in ("Lo", "Mn", "Mc")


def _refuse_hidden(text: str) -> None:
    if found := _LOST.search(text):
        raise TextError(
            f"Type again what stands {_after(text, found.start())}: a character was lost there (it shows as \ufffd)."
        )
    if text.isascii() and not _CONTROL.search(text):
        return  # most text; the walk below takes a second for a million characters
    marks = 0
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if category == "Cc" and character not in "\n\t":
            raise TextError(f"Remove the invisible character {_after(text, position)}.")
        if category == "Cn" and (ord(character) & 0xFFFE) == 0xFFFE:
            raise TextError(f"Remove the invalid character {_after(text, position)}.")
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MAX_COMBINING_MARKS:
            raise TextError(f"Remove the stacked accents {_after(text, position - marks)}.")
    if found := _DIRECTION_MARKS.search(text):
        raise TextError(f"Remove the hidden direction marks {_after(text, found.start())}.")
    if found := _TAG_CHARACTERS.search(text):
        raise TextError(f"Remove the invisible character {_after(text, found.start())}.")


def _refuse_runs(text: str) -> None:
    for found in _RUN.finditer(text):
        run = found.group()
        if _URL.match(run) and len(run) <= MAX_UNBROKEN_URL:
            continue
        if _URL.match(run):
            raise TextError(
                f"Shorten the link that starts “{run[:30]}…”; it has {len(run):,} characters (the most is "
                f"{MAX_UNBROKEN_URL:,})."
            )
        raise TextError(
            f"Put a space or a line break into the word that starts “{run[:30]}…”; "
            f"it has {len(run):,} characters without a break (the most is {MAX_UNBROKEN_RUN})."
        )


def _after(text: str, position: int) -> str:
    before = text[max(0, position - 20) : max(0, position)].strip()
    return f"after “{before}”" if before else "at the start"
