"""Days as they are printed in letters and reports. Pure."""

import re
from datetime import date
from typing import Final

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# `3/6/2026`, `03-06-26`, `March 6, 2026`, as a group called `date`; for patterns that do not look at capitals.
PRINTED_DATE: Final = (
    r"(?P<date>[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})"
    r"|(?:" + "|".join(_MONTHS) + r")\s+[0-9]{1,2},?\s+[0-9]{4})"
)


def printed_day(text: str) -> date | None:
    """The day of `3/6/2026`, `03-06-26` or `March 6, 2026`; None when the calendar has no such day.

    Two digits of a year count from 2000.
    """
    numbers = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2,4})", text)
    try:
        if numbers:
            month, day, year = (int(part) for part in numbers.groups())
            return date(year + 2000 if year < 100 else year, month, day)
        name, day_text, year_text = re.split(r"[\s,]+", text.strip())
        return date(int(year_text), _MONTHS.index(name.casefold()) + 1, int(day_text))
    except ValueError:
        return None
