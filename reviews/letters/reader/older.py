"""The forms before and beside F1, as far as their headings and labels are known: what is there is read, what is not
is named. They never give a whole determination."""

import re
from datetime import date

from reviews.letters.reader.grammar import (
    CASE_NUMBER,
    CERTIFICATIONS_LABEL,
    STATES_LABEL,
    Grammar,
    heading_line,
    phrase,
)
from reviews.letters.reader.header import CASE, DATES, NAMES, PRIORITY, as_day, header_fields
from reviews.letters.reader.result import (
    LetterFormat,
    PartialItem,
    PartialLetter,
    Problem,
    ProblemKind,
    ReadLetter,
    UnreadableLetterError,
)
from reviews.letters.reader.script import Script

F0_HEADING = "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE"
F0_CREDENTIALS = "Medical Qualifications of the Expert Reviewer:"
F0_SUMMARY = "Case Summary:"
F2_OPENING = re.compile(r"\s*MAXIMUS\s+FEDERAL\s+SERVICES,\s+INC\.")
F2_ITEMS = "IMR DECISION(S) AND RATIONALE(S)"
F3_OPENING = re.compile(r"\s*MEDICAL\s+PROFESSIONAL\s+REVIEW\b")
F3_ISSUE = "ISSUE AT DISPUTE:"
F3_GUIDELINES = "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:"
F3_RATIONALE = re.compile(
    r"RATIONALE\s+FOR\s+WHY\s+THE\s+REQUESTED\s+TREATMENT/\s*SERVICE\s+(?:IS/WAS|IS|WAS)\s+(?P<not>NOT\s+)?"
    r"MEDICALLY\s+NECESSARY\s*:"
)
_LABELS = (
    F0_HEADING,
    F0_CREDENTIALS,
    F0_SUMMARY,
    F2_ITEMS,
    F3_ISSUE,
    F3_GUIDELINES,
    "CASE SUMMARY:",
    "CLINICAL CASE SUMMARY",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "DOCUMENTS REVIEWED FOR DETERMINATION:",
    "DOCUMENTS REVIEWED",
    "MEDICAL REVIEWER QUALIFICATIONS:",
)
_ANY_LABEL = re.compile(
    r"^[ \t]*(?:"
    + "|".join(phrase(label) for label in sorted(_LABELS, key=len, reverse=True))
    + "|"
    + F3_RATIONALE.pattern.replace("?P<not>", "?:")
    + ")",
    re.MULTILINE,
)
_DETERMINED = re.compile(
    r"has\s+determined\s+the\s+request\s+for\s+(?P<item>.{1,2000}?)\s+(?:is|are)\s+(?P<not>not\s+)?medically\s+necessary\s+"
    r"and\s+appropriate\s*\.",
    re.DOTALL,
)
_NECESSARY = r"\s+(?:is|are)\s+(?P<not>not\s+)?medically\s+necessary\s+and\s+appropriate\s*\."
_NUMBERED = re.compile(r"^\s*\d{1,2}\s*[.)]\s*(?P<item>\S.{0,2000}?)" + _NECESSARY, re.MULTILINE | re.DOTALL)
_UNNUMBERED = re.compile(r"^\s*(?P<item>[^.\n][^.]{0,2000}?)" + _NECESSARY, re.MULTILINE)
_DATED = re.compile(r"\bDated\s*:\s*(?P<day>\d{1,2}/\d{1,2}/\d{4})")
_BOARD = re.compile(r"\bis\s+Board\s+Certified\s+in\s+(?P<names>.+?)(?:,?\s+(?:and\s+)?(?:is|has)\b|\.)", re.DOTALL)
_LICENSED = re.compile(r"\blicensed\s+to\s+practice\s+in\s+(?P<names>.+?)\s*\.", re.DOTALL)
_WANTED = (
    *NAMES.items(),
    ("states_of_licensure", "State(s) of Licensure"),
    ("certifications", "Certification(s)/Specialty"),
    ("clinical_case_summary", "Clinical Case Summary"),
)


def format_of(script: Script, grammar: Grammar) -> LetterFormat:
    """The form of the letter, told by its headings. Raises `UnreadableLetterError` when it has none of any form."""
    text = script.text
    if heading_line(grammar.items_headings).search(text) and heading_line(grammar.how_headings).search(text):
        return LetterFormat.F1
    if F3_OPENING.match(text) or _label(text, F3_ISSUE):
        return LetterFormat.F3
    if _label(text, F2_ITEMS):
        return LetterFormat.F2
    if _label(text, F0_HEADING) or (_DATED.search(text) and _DETERMINED.search(text)):
        return LetterFormat.F0
    if heading_line(grammar.items_headings).search(text):
        return LetterFormat.F1
    if F2_OPENING.match(text):
        return LetterFormat.F2
    reason = f"Expected the heading “{grammar.items_headings[0]}” or one of another known form of letter."
    raise UnreadableLetterError(reason, script.place(0))


def read_older(script: Script, grammar: Grammar, form: LetterFormat) -> ReadLetter:
    """What a letter of the forms F0, F2 and F3 says. Raises `UnreadableLetterError` when not even a case number or
    an item is there."""
    partial = {LetterFormat.F0: _read_f0, LetterFormat.F2: _read_f2, LetterFormat.F3: _read_f3}[form](script)
    if not partial.case_number and not partial.items:
        raise UnreadableLetterError("Expected a case number or a decision.", script.place(0))
    missing = [label for name, label in _WANTED if not getattr(partial, name)]
    if not partial.items:
        missing.append("Items")
    for position, item in enumerate(partial.items, start=1):
        if not item.decision_rationale:
            missing.append(f"Item {position}: Decision rationale")
    problem = Problem(
        ProblemKind.UNCERTAIN,
        "",
        f"A letter of the form {form.value} is read only in part; not found: {', '.join(missing) or 'nothing'}.",
    )
    return ReadLetter(
        format=form,
        era="2013" if form is LetterFormat.F0 else str(partial.decision_date.year) if partial.decision_date else "",
        case_number=partial.case_number,
        organization_name=_organization(script.text),
        reviewer_guideline_label="",
        determination=None,
        partial=partial,
        missing=tuple(missing),
        problems=(problem,),
    )


def _read_f0(script: Script) -> PartialLetter:
    text = script.text
    dated = _DATED.search(text)
    fields, days = _fields(script)
    if dated and "decision_date" not in days:
        days["decision_date"] = as_day(dated["day"], "decision_date", script.place(dated.start()))
    states, certifications = _credentials(_section(script, F0_CREDENTIALS))
    items: dict[str, PartialItem] = {}
    for found in _DETERMINED.finditer(text):
        name = " ".join(found["item"].split())
        items.setdefault(name, PartialItem(item=name, decision=_decision(found)))
    return _partial(
        fields, days, states=states, certifications=certifications, summary=_section(script, F0_SUMMARY), items=items
    )


def _read_f2(script: Script) -> PartialLetter:
    fields, days = _fields(script)
    states, certifications = _credentials(script.text)
    items: dict[str, PartialItem] = {}
    decisions = _section_span(script, F2_ITEMS)
    found: list[re.Match[str]] = []
    if decisions:
        found = list(_NUMBERED.finditer(script.text, *decisions)) or list(_UNNUMBERED.finditer(script.text, *decisions))
    for at, match in enumerate(found):
        name = " ".join(match["item"].split()).rpartition(" below: ")[2]
        end = found[at + 1].start() if at + 1 < len(found) else decisions[1] if decisions else match.end()
        items[name] = PartialItem(
            item=name, decision=_decision(match), decision_rationale=_rationale(script.piece(match.end(), end))
        )
    summary = _section(script, "CLINICAL CASE SUMMARY") or _section(script, "CASE SUMMARY:")
    return _partial(fields, days, states=states, certifications=certifications, summary=summary, items=items)


def _read_f3(script: Script) -> PartialLetter:
    fields, days = _fields(script)
    states, certifications = _credentials(_section(script, "MEDICAL REVIEWER QUALIFICATIONS:"))
    issue = " ".join(_section(script, F3_ISSUE).split())
    rationale = F3_RATIONALE.search(script.text)
    items: dict[str, PartialItem] = {}
    if issue:
        after = _ANY_LABEL.search(script.text, rationale.end()) if rationale else None
        items[issue] = PartialItem(
            item=issue,
            decision=_decision(rationale) if rationale else "",
            reviewer_guideline=_section(script, F3_GUIDELINES),
            decision_rationale=script.piece(rationale.end(), after.start() if after else len(script.text))
            if rationale
            else "",
        )
    return _partial(
        fields,
        days,
        states=states,
        certifications=certifications,
        summary=_section(script, "CASE SUMMARY:"),
        items=items,
    )


def _partial(
    fields: dict[str, str],
    days: dict[str, date],
    *,
    states: tuple[str, ...],
    certifications: tuple[str, ...],
    summary: str,
    items: dict[str, PartialItem],
) -> PartialLetter:
    return PartialLetter(
        case_number=fields.get(CASE, ""),
        priority=fields.get(PRIORITY, ""),
        states_of_licensure=states,
        certifications=certifications,
        clinical_case_summary=summary,
        items=tuple(items.values()),
        **days,
    )


def _fields(script: Script) -> tuple[dict[str, str], dict[str, date]]:
    first = _ANY_LABEL.search(script.text)
    fields, _ = header_fields(script, 0, first.start() if first and first.start() else min(len(script.text), 3_000))
    if CASE not in fields and (number := CASE_NUMBER.search(script.text)):
        fields[CASE] = number.group()
    days = {name: as_day(fields[name], name, script.place(0)) for name in DATES if name in fields}
    return fields, days


def _label(text: str, label: str) -> re.Match[str] | None:
    return re.search(r"^[ \t]*" + phrase(label), text, re.MULTILINE)


def _section_span(script: Script, label: str) -> tuple[int, int] | None:
    found = _label(script.text, label)
    if found is None:
        return None
    following = _ANY_LABEL.search(script.text, found.end())
    return found.end(), following.start() if following else len(script.text)


def _section(script: Script, label: str) -> str:
    span = _section_span(script, label)
    return script.piece(*span) if span else ""


def _credentials(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States and certifications, from labelled lines or from a sentence."""
    states, certifications = STATES_LABEL.search(text), CERTIFICATIONS_LABEL.search(text)
    if states and certifications:
        line = text[certifications.end() :].partition("\n")[0]
        return _names(text[states.end() : certifications.start()]), _names(line)
    licensed, board = _LICENSED.search(text), _BOARD.search(text)
    return _names(licensed["names"]) if licensed else (), _names(board["names"]) if board else ()


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in re.split(r",\s*|\s+and\s+", " ".join(text.split())) if (name := part.strip(" .")))


def _decision(found: re.Match[str]) -> str:
    return "Upheld" if found["not"] else "Overturned"


def _rationale(text: str) -> str:
    found = re.search(r"decision\s+rationale\s*:\s*", text, re.IGNORECASE)
    return text[found.end() :] if found else ""


def _organization(text: str) -> str:
    found = re.search(r"\bMAXIMUS\s+Federal\s+Services(?:,\s+Inc\.)?", text, re.IGNORECASE)
    return " ".join(found.group().split()) if found else ""
