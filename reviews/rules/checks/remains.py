"""What a template leaves behind in a text."""

import re

from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, advice

_REMAINS = re.compile(
    r"\[\s*(?:\.{3}|…|_+|x+|\?+)\s*\]|\[(?:insert|enter|name|date|drug|body part|item|treatment|side|fill"
    r"|select|choose"
    r"|specify|placeholder|to ?do)\b[^\]\n]{0,60}\]|\{\{|\}\}|\{%|<<[^<>\n]{0,60}>>|\b[X]{3,}\b"
    r"|\blorem ipsum\b|\b_{4,}|\s_{4,}"
    r"|\bTBD\b|\bTO ?DO:|\?{3,}",
    re.IGNORECASE,
)


def check_remains(determination: CheckedDetermination) -> list[CheckFinding]:
    """No placeholder of a template is left in a text. Bare runs of blanks are redactions and stay."""
    texts: list[tuple[int | None, str, str]] = [(None, "summary", determination.summary)]
    for item in determination.items:
        texts += [
            (item.position, "item", item.text),
            (item.position, "reviewer_guideline", item.reviewer_guideline),
            (item.position, "rationale", item.rationale),
        ]
    found = []
    for position, place, text in texts:
        match = _REMAINS.search(text)
        if match is not None:
            quote = text[max(0, match.start() - 60) : match.end() + 60]
            words = f"“{match.group().strip()}” looks like a placeholder that was not filled in."
            found.append(advice("template_remains", position, words, quote, place, found=match.group().strip()))
    return found
