"""Letters in the published look, made of invented facts: as PDF, and as text in every extraction order."""

import html
import io
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from reviews.letters.exchange import ExchangedDetermination
from tests.poppler import pdftotext

STYLE = """
@page { size: letter; margin: 1in }
body { font: SIZEpt/1.15 FONT; text-align: ALIGN }
p { margin: 0 0 12pt; orphans: 1; widows: 1 }
p.tight { margin: 0 }
.logo { background: #ccc; height: 0.6in; margin-bottom: 18pt; width: 2in }
table { border-collapse: collapse; margin-bottom: 12pt; width: 100% }
td { border: 0.5pt solid #888; padding: 3pt; text-align: left; vertical-align: VALIGN }
td.label { background: #ddd; font-weight: bold; width: 1.25in }
"""
HOW = (
    "MAXIMUS Federal Services sent the complete case file to an expert reviewer. The rest of this paragraph stands for "
    "the fixed words of the published letters. It says that he/she is independent, in practice, and chosen for his/her "
    "experience in the same or similar specialties."
)
SUMMARY_LEAD = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, including "
    "all medical records:"
)
ITEMS_LEAD = "The Final Determination was based on decisions for the disputed items/services set forth below:"


@dataclass(frozen=True)
class Look:
    """How a letter is set. `tight` sets the labelled blocks without space between them."""

    size: float = 12
    font: str = "'Liberation Serif'"
    align: str = "left"
    tight: bool = False
    tight_items: bool = False
    broken_application: bool = True
    label: str = "MAXIMUS guideline"

    @property
    def style(self) -> str:
        sheet = STYLE.replace("SIZE", str(self.size)).replace("FONT", self.font).replace("VALIGN", "top")
        return sheet.replace("ALIGN", self.align)


def published_html(letter: ExchangedDetermination, look: Look) -> str:
    """The letter's page, in the order and with the labels of the published ones."""

    def bold(text: str) -> str:
        return f"<b>{html.escape(text)}</b>"

    def row(*cells: str) -> str:
        return (
            "<tr>"
            + "".join(
                f'<td class="label">{text}</td>'
                if at % 2 == 0
                else f"<td{' colspan=3' if len(cells) == 2 else ''}>{text}</td>"
                for at, text in enumerate(cells)
            )
            + "</tr>"
        )

    application = "Application<br>Received:" if look.broken_application else "Application Received:"
    tight = ' class="tight"' if look.tight else ""
    parts = [
        '<div class="logo"></div><table>',
        row("Case Number:", letter.case_number),
        row("Date Assigned:", _day(letter.date_assigned), "Date of Injury:", _day(letter.date_of_injury)),
        row("Decision Date:", _day(letter.decision_date), "UR Denial Date:", _day(letter.ur_denial_date)),
        row("Priority:", letter.priority, application, _day(letter.application_received)),
        "</table>",
        f"<p>{bold('HOW THE IMR FINAL DETERMINATION WAS MADE')}</p><p>{HOW}</p>",
        "<p>The Expert Reviewer has the following credentials:</p>",
        f"<p>State(s) of Licensure: {html.escape(', '.join(letter.states_of_licensure))}</p>",
        f"<p>Certification(s)/Specialty: {html.escape(', '.join(letter.certifications))}</p>",
        f"<p>{bold('CLINICAL CASE SUMMARY')}</p><p>{SUMMARY_LEAD}</p>",
        _paragraphs(letter.clinical_case_summary),
        f"<p>{bold('IMR ISSUES, DECISIONS AND RATIONALES')}</p><p>{ITEMS_LEAD}</p>",
    ]
    for item in letter.items:
        last = ' class="tight"' if look.tight_items else ""
        parts += [
            f"<p{tight}>{bold(item.item + ':')} {item.decision}</p>",
            f"<p{tight}>{bold('Claims Administrator guideline:')} {_spaced(item.claims_administrator_guideline)}</p>",
            f"<p{tight}>{bold(look.label + ':')} {_spaced(item.reviewer_guideline)}</p>",
            _paragraphs(item.decision_rationale, before=bold("Decision rationale:") + " ", last=last),
        ]
    head = f"<head><meta charset=utf-8><style>{look.style}</style></head>"
    return f"<html lang=en>{head}<body>{''.join(parts)}</body></html>"


def published_pdf(letter: ExchangedDetermination, look: Look, *, is_restricted: bool = False) -> bytes:
    """The letter as PDF; restricted ones open without a password and forbid copying."""
    data = weasyprint.HTML(string=published_html(letter, look)).write_pdf(font_config=_fonts())
    assert isinstance(data, bytes)
    return restricted(data) if is_restricted else data


def restricted(data: bytes, *, password: str = "") -> bytes:
    """The PDF with copying forbidden, and locked when there is a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        allow = pikepdf.Permissions(extract=False, modify_other=False)
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=password, allow=allow))
    return out.getvalue()


def extracted(data: bytes, *options: str) -> str:
    """What pdftotext makes of the PDF."""
    return pdftotext(data, *options).decode()


def as_columns(text: str, letter: ExchangedDetermination) -> str:
    """The text with the header in column order: all labels, then all values, in two column pairs."""
    columns = (
        "Case Number:\nDate Assigned:\nDecision Date:\nPriority:\n\n"
        f"{letter.case_number}\n{_day(letter.date_assigned)}\n{_day(letter.decision_date)}\n{letter.priority}\n\n"
        "Date of Injury:\nUR Denial Date:\nApplication\nReceived:\n\n"
        f"{_day(letter.date_of_injury)}\n{_day(letter.ur_denial_date)}\n{_day(letter.application_received)}\n\n"
    )
    return columns + text[text.index("HOW THE IMR") :]


def as_table(letter: ExchangedDetermination) -> str:
    """The letter as text with a tab between the cells of the header and a blank line between paragraphs."""
    rows = [
        f"Case Number:\t{letter.case_number}\t\t",
        f"Date Assigned:\t{_day(letter.date_assigned)}\tDate of Injury:\t{_day(letter.date_of_injury)}",
        f"Decision Date:\t{_day(letter.decision_date)}\tUR Denial Date:\t{_day(letter.ur_denial_date)}",
        f"Priority:\t{letter.priority}\tApplication Received:\t{_day(letter.application_received)}",
    ]
    paragraphs = [
        "HOW THE IMR FINAL DETERMINATION WAS MADE",
        HOW,
        "The Expert Reviewer has the following credentials:",
        "State(s) of Licensure: " + ",".join(letter.states_of_licensure),
        "Certification(s)/Specialty: " + ", ".join(letter.certifications),
        "CLINICAL CASE SUMMARY",
        SUMMARY_LEAD,
        letter.clinical_case_summary,
        "IMR ISSUES, DECISIONS AND RATIONALES",
        ITEMS_LEAD,
    ]
    for item in letter.items:
        paragraphs += [
            f"{item.item}: {item.decision}",
            f"Claims Administrator guideline: {item.claims_administrator_guideline}",
            f"MAXIMUS guideline: {item.reviewer_guideline}",
            f"Decision rationale: {item.decision_rationale}",
        ]
    return "\n".join(rows) + "\n\n" + "\n\n".join(paragraphs) + "\n"


def loosely(text: str) -> str:
    """For comparing texts whose lines were broken: what stands at the end of a line may have got or lost a blank, and
    the default extraction drops hyphens there."""
    return re.sub(r"[-\s]+", "", text)


def joined(text: str) -> str:
    """White space folded, and none after a character at which a line may break without one."""
    return re.sub(r"(?<=[-/?&=–])\s+", "", " ".join(text.split()))


def _day(day: object) -> str:
    return f"{day:%m/%d/%Y}"


def _spaced(text: str) -> str:
    """Runs of blanks kept as they are, as a redaction leaves them."""
    return re.sub(r" {2,}", lambda run: "&nbsp;" * len(run.group()), html.escape(text))


def _paragraphs(text: str, *, before: str = "", last: str = "") -> str:
    parts = text.split("\n\n")
    shown = [
        f"<p{last if at == len(parts) - 1 else ''}>{before if not at else ''}{_spaced(part)}</p>"
        for at, part in enumerate(parts)
    ]
    return "".join(shown)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


LETTERS = Path(__file__).resolve().parents[3] / "fixtures" / "letters"
ORDERS = ("table", "columns", "layout", "raw")
LOOKS = (Look(), Look(tight=True), Look(align="justify"), Look(size=11, font="'Liberation Sans'", tight_items=True))


def invented_letters() -> dict[str, tuple[ExchangedDetermination, Look]]:
    """The invented letters of the fixtures by name, each with the look it is set in."""
    names = sorted(path.stem for path in LETTERS.glob("*.json"))
    read = (ExchangedDetermination.from_data(json.loads((LETTERS / f"{name}.json").read_text())) for name in names)
    return {name: (letter, LOOKS[at % len(LOOKS)]) for at, (name, letter) in enumerate(zip(names, read, strict=True))}


def write_fixtures() -> None:
    """Write every invented letter's text in every extraction order beside its JSON. Needs pdftotext."""
    for name, (letter, look) in invented_letters().items():
        data = published_pdf(letter, look)
        texts = {
            "table": as_table(letter),
            "columns": as_columns(extracted(data), letter),
            "layout": extracted(data, "-layout"),
            "raw": extracted(data, "-raw"),
        }
        for order, text in texts.items():
            (LETTERS / f"{name}.{order}.txt").write_text(text, encoding="utf-8")
