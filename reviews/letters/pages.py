"""What the pages around the body say, in the words of a version: cover, changes, documents, proof of service."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cases.enums import CaseOutcome, Outcome
from reviews.letters.final import FinalDeterminationLetter, ReviewedDocument
from reviews.letters.served import LetterChange, ServedLetter
from reviews.letters.wording import LetterWording, TextKey

NOTHING = "(nothing)"
UNKNOWN = "Not on file"
# Words on each side of a change that are shown with it, and how long a text may be to be shown whole.
CONTEXT = 12
WHOLE = 400

_OUTCOME_TEXTS: dict[CaseOutcome, tuple[TextKey, TextKey, TextKey, TextKey]] = {
    CaseOutcome.UPHOLD: (
        TextKey.UPHOLD,
        TextKey.UPHOLD_MEANING,
        TextKey.UPHOLD_EMPLOYEE,
        TextKey.UPHOLD_CLAIMS_ADMINISTRATOR,
    ),
    CaseOutcome.OVERTURN: (
        TextKey.OVERTURN,
        TextKey.OVERTURN_MEANING,
        TextKey.OVERTURN_EMPLOYEE,
        TextKey.OVERTURN_CLAIMS_ADMINISTRATOR,
    ),
    CaseOutcome.PARTIAL_OVERTURN: (
        TextKey.PARTIAL_OVERTURN,
        TextKey.PARTIAL_OVERTURN_MEANING,
        TextKey.PARTIAL_OVERTURN_EMPLOYEE,
        TextKey.PARTIAL_OVERTURN_CLAIMS_ADMINISTRATOR,
    ),
}
_ONE_ITEM = {
    TextKey.UPHOLD_MEANING: TextKey.UPHOLD_MEANING_ONE,
    TextKey.OVERTURN_MEANING: TextKey.OVERTURN_MEANING_ONE,
}
_USES = {
    "considered": TextKey.USE_CONSIDERED,
    "late": TextKey.USE_LATE,
    "not_relevant": TextKey.USE_NOT_RELEVANT,
    "unread": TextKey.USE_UNREAD,
}


@dataclass(frozen=True, slots=True)
class CoverPage:
    """`facts` are label and value; `copies` names everybody served but the addressee, with the role."""

    letterhead: tuple[str, ...]
    addressee: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    version: str
    outcome: str
    meaning: str
    for_employee: str
    for_claims_administrator: str
    appeal: str
    copies: tuple[tuple[str, str], ...]
    check: str

    @property
    def fact_rows(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The facts, two to a row."""
        return tuple(self.facts[start : start + 2] for start in range(0, len(self.facts), 2))


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """`use` is in the words of the version."""

    title: str
    author: str
    date: str
    pages: int
    sender: str
    use: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    rows: tuple[DocumentRow, ...]
    count: str


@dataclass(frozen=True, slots=True)
class ProofRow:
    name: str
    role: str
    address: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class ProofPage:
    lead: str
    rows: tuple[ProofRow, ...]


def letterhead(wording: LetterWording) -> tuple[str, ...]:
    """The lines under the organization's name: address and telephone, as far as they are known."""
    lines = [line.strip() for line in wording.say(TextKey.LETTERHEAD).splitlines()]
    return tuple(line for line in [*lines, wording.say(TextKey.PHONE)] if line)


def cover_page(served: ServedLetter, wording: LetterWording) -> CoverPage:
    """The cover of `served`. Raises `ValueError` for a letter that has no outcome."""
    letter, parties = served.letter, served.parties
    outcome, meaning, employee, claims = _outcome_texts(letter, wording)
    first = served.recipients[0] if served.recipients else None
    return CoverPage(
        letterhead=letterhead(wording),
        addressee=(first.name, *first.address) if first else (),
        facts=(
            ("IMR case number", letter.case_number),
            ("Priority", letter.priority),
            ("Employee", parties.employee or UNKNOWN),
            ("Claim number", parties.claim_number or UNKNOWN),
            ("Date of injury", f"{letter.date_of_injury:%m/%d/%Y}"),
            ("Employer", parties.employer or UNKNOWN),
            ("Claims administrator", parties.claims_administrator or UNKNOWN),
            ("Requesting physician", parties.requesting_physician or UNKNOWN),
        ),
        version=version_line(served, wording),
        outcome=outcome,
        meaning=meaning,
        for_employee=employee,
        for_claims_administrator=claims,
        appeal=_appeal(served, wording),
        copies=tuple((person.name, person.role) for person in served.recipients[1:]),
        check=_check(served, wording),
    )


def version_line(served: ServedLetter, wording: LetterWording, key: TextKey = TextKey.VERSION) -> str:
    """What a corrected version says of itself; empty for the first."""
    if served.version == 1 or served.supersedes_date is None:
        return ""
    return wording.say(key, version=str(served.version), supersedes_date=f"{served.supersedes_date:%m/%d/%Y}")


def shown_changes(served: ServedLetter) -> tuple[LetterChange, ...]:
    """The changes, long texts cut down to the words that changed and some around them."""
    return tuple(LetterChange(row.place, *changed_passage(row.old, row.new)) for row in served.changes)


def changed_passage(old: str, new: str) -> tuple[str, str]:
    """`old` and `new`, without the words that they share at both ends when they are long."""
    if len(old) <= WHOLE and len(new) <= WHOLE:
        return old or NOTHING, new or NOTHING
    before, after = old.split(), new.split()
    start = _shared(zip(before, after, strict=False))
    room = min(len(before), len(after)) - start
    end = min(_shared(zip(reversed(before), reversed(after), strict=False)), room)
    return _passage(before, start, end) or NOTHING, _passage(after, start, end) or NOTHING


def document_page(served: ServedLetter, wording: LetterWording) -> DocumentPage:
    """The list of documents (8 CCR 9792.10.6(d)) in the order of the file, and how many there are of each use."""
    rows = tuple(_document_row(paper, wording) for paper in served.documents)
    uses = Counter(row.use for row in rows)
    pages = sum(row.pages for row in rows)
    count = f"{_counted(len(rows), 'document')}, {_counted(pages, 'page')}. " + "; ".join(
        f"{use}: {number:,}" for use, number in uses.most_common()
    )
    return DocumentPage(rows=rows, count=f"{count}." if rows else "")


def proof_page(served: ServedLetter, wording: LetterWording) -> ProofPage:
    """The statement of service, one row for each person served."""
    return ProofPage(
        lead=wording.say(
            TextKey.PROOF_LEAD,
            service_date=f"{served.service_date:%m/%d/%Y}",
            case_number=served.letter.case_number,
            version=str(served.version),
        ),
        rows=tuple(
            ProofRow(
                name=person.name,
                role=person.role,
                address=person.address or (wording.say(TextKey.NO_ADDRESS),),
                method=person.method,
            )
            for person in served.recipients
        ),
    )


def served_texts(served: ServedLetter) -> tuple[tuple[str, str], ...]:
    """Every text that a person wrote, as in `FinalDeterminationLetter.texts`, with those of the pages around it."""
    parties = served.parties
    texts = [
        *served.letter.texts(),
        ("Name of the employee", parties.employee),
        ("Claim number", parties.claim_number),
        ("Name of the employer", parties.employer),
        ("Name of the claims administrator", parties.claims_administrator),
        ("Name of the requesting physician", parties.requesting_physician),
        ("Name of the medical director", served.signed_off_by),
        ("Reason for the correction", served.correction_reason),
    ]
    texts += [(f"Document {n}, title", paper.title) for n, paper in enumerate(served.documents, start=1)]
    texts += [(f"Document {n}, author", paper.author) for n, paper in enumerate(served.documents, start=1)]
    for n, person in enumerate(served.recipients, start=1):
        texts.append((f"Recipient {n}, name and address", "\n".join((person.name, person.role, *person.address))))
    texts += [(f"Change at “{change.place}”", f"{change.old}\n{change.new}") for change in served.changes]
    return tuple(texts)


def _outcome_texts(letter: FinalDeterminationLetter, wording: LetterWording) -> tuple[str, ...]:
    if letter.outcome is None:
        raise ValueError("A letter that is served has an outcome.")
    decided = Counter(item.outcome for item in letter.items)
    counts = {
        "items": str(len(letter.items)),
        "overturned": str(decided[Outcome.OVERTURNED]),
        "upheld": str(decided[Outcome.UPHELD]),
    }
    keys = _OUTCOME_TEXTS[letter.outcome]
    if len(letter.items) == 1:
        keys = (keys[0], _ONE_ITEM[keys[1]], *keys[2:])
    return tuple(wording.say(key, **counts) for key in keys)


def _appeal(served: ServedLetter, wording: LetterWording) -> str:
    if served.appeal_until is None:
        return wording.say(TextKey.APPEAL_UNDATED)
    return wording.say(
        TextKey.APPEAL, appeal_until=f"{served.appeal_until:%m/%d/%Y}", appeal_citation=served.appeal_citation
    )


def _check(served: ServedLetter, wording: LetterWording) -> str:
    if not (served.check_code and served.check_url):
        return ""
    return wording.say(TextKey.CHECK, check_code=served.check_code, check_url=served.check_url)


def _document_row(paper: ReviewedDocument, wording: LetterWording) -> DocumentRow:
    key = _USES.get(paper.use)
    return DocumentRow(
        title=paper.title or "Untitled document",
        author=paper.author,
        date=f"{paper.dated_on:%m/%d/%Y}" if paper.dated_on else "Undated",
        pages=paper.page_count,
        sender=paper.sender or UNKNOWN,
        use=(wording.say(key) if key else "") or paper.use.replace("_", " ").capitalize(),
    )


def _shared(pairs: Iterator[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _passage(words: list[str], start: int, end: int) -> str:
    first, last = max(0, start - CONTEXT), min(len(words), len(words) - end + CONTEXT)
    return " ".join([*(["…"] if first else []), *words[first:last], *(["…"] if last < len(words) else [])])


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
