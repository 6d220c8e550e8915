"""The calendar object by RFC 5545."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.icalendar import CalendarEvent, calendar_text, escape, fold

MOMENT = datetime(2026, 11, 23, 18, 5, tzinfo=UTC)


def event(**fields: object) -> CalendarEvent:
    values: dict[str, object] = {
        "uid": "1-records@imr.example",
        "changed_at": MOMENT,
        "summary": "CM26-0000001: Records due",
        "description": "By: claims administrator, soon; today",
        "url": "https://imr.example/cases/1/deadlines/records/",
        "version": 7,
    }
    return CalendarEvent(**{**values, **fields})  # type: ignore[arg-type]


def test_calendar_has_days_and_instants_as_they_are() -> None:
    lines = calendar_text("Due, dates", [event(on=date(2026, 12, 31)), event(at=MOMENT)]).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "X-WR-CALNAME:Due\\, dates" in lines
    assert "DESCRIPTION:By: claims administrator\\, soon\\; today" in lines
    assert lines.count("DTSTAMP:20261123T180500Z") == 2
    assert {"DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "DTSTART:20261123T180500Z"} <= set(lines)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2


def test_text_cannot_begin_a_line_of_its_own() -> None:
    assert escape("a\r\nBEGIN:VEVENT\x00\x1f;\\") == "a\\nBEGIN:VEVENT\\;\\\\"


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=400))
def test_folded_lines_are_short_and_unfold_to_the_same(text: str) -> None:
    line = "SUMMARY:" + escape(text)
    folded = fold(line)
    pieces = folded.split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert folded.replace("\r\n ", "") == line
