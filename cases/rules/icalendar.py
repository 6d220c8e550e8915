"""A calendar of due dates as RFC 5545 text. Lines end with CRLF and are folded at 75 octets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

OCTETS = 75
PRODUCT = "-//IMR//Due dates//EN"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A due date: on the day `on`, or at the instant `at` (aware) where the hour matters.

    `uid` stays the same as long as it is the same clock; `version` grows with each change.
    """

    uid: str
    changed_at: datetime
    summary: str
    description: str
    url: str
    on: date | None = None
    at: datetime | None = None
    version: int = 0


def calendar_text(name: str, events: Iterable[CalendarEvent]) -> str:
    """The whole calendar object."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escape(name)}", "X-WR-TIMEZONE:America/Los_Angeles"]
    lines += [line for event in events for line in _event(event)]
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + "\r\n" for line in lines)


def escape(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11): backslash, semicolon, comma and line break escaped, other controls left out."""
    kept = "".join(letter for letter in text if letter in "\n\t" or (ord(letter) >= 0x20 and ord(letter) != 0x7F))
    return kept.translate(_ESCAPES)


def fold(line: str) -> str:
    """`line` in pieces of at most 75 octets, the later ones begun by a space; no letter is cut (RFC 5545, 3.1)."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > OCTETS:
            pieces.append(piece)
            # The space that begins the next piece counts.
            piece, size = "", 1
        piece += letter
        size += octets
    pieces.append(piece)
    return "\r\n ".join(pieces)


def _event(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(event.uid)}"
    yield f"DTSTAMP:{_instant(event.changed_at)}"
    yield f"LAST-MODIFIED:{_instant(event.changed_at)}"
    yield f"SEQUENCE:{event.version}"
    if event.at is not None:
        yield f"DTSTART:{_instant(event.at)}"
    elif event.on is not None:
        yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(event.summary)}"
    yield f"DESCRIPTION:{escape(event.description)}"
    yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
