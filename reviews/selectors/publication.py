"""Reading for public copies: which letters have none yet, and everything known of a case that may not leave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from cases.enums import PartyRole
from cases.models import Application, Case, Document, Party, URDecision
from imr.accounts.models import User
from reviews.enums import LetterKind, PublicationState
from reviews.letters.public import Redaction, public_letter
from reviews.models import Determination, Letter, PublicCopy
from reviews.rules.leaks import FactForm, KnownFact, LeakHit, occurrences
from reviews.selectors.snapshot import snapshot_of

WHO = {
    PartyRole.EMPLOYEE: "the worker",
    PartyRole.EMPLOYER: "the employer",
    PartyRole.REQUESTING_PHYSICIAN: "the requesting physician",
    PartyRole.CLAIMS_ADMINISTRATOR: "the claims administrator",
    PartyRole.ATTORNEY: "the attorney",
    PartyRole.DESIGNEE: "the representative",
}
_TITLES = re.compile(r"\b(?:dr|mr|mrs|ms|prof|m\.?d|d\.?o|d\.?c|ph\.?d|psy\.?d|r\.?n|n\.?p|p\.?a)\b\.?", re.IGNORECASE)
_MOST_WORDS_OF_A_PERSON = 4


def unpublished_letters() -> QuerySet[Letter]:
    """Current served letters that nobody has made a public copy of, with case and determination."""
    copies = PublicCopy.objects.filter(letter=OuterRef("pk")).exclude(state=PublicationState.WITHDRAWN)
    return Letter.objects.filter(~Exists(copies), kind=LetterKind.SERVED, superseded_at__isnull=True).select_related(
        "case", "determination"
    )


def public_copies() -> QuerySet[PublicCopy]:
    """Every public copy, with what its pages show."""
    return PublicCopy.objects.select_related(
        "case", "letter", "letter__determination", "edited_by", "approved_by", "withdrawn_by", "published"
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `mark` is `certain` or `possible` for a hit, `gone` for what was taken out, else empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """A text of the private letter beside the same text as it is published."""

    place: str
    private: tuple[Piece, ...]
    public: tuple[Piece, ...]

    @property
    def is_marked(self) -> bool:
        return any(piece.mark for piece in (*self.private, *self.public))


@dataclass(frozen=True, slots=True)
class Finding:
    """The hits of one key together: the same words of the same kind. `kept_because` is a person's reason."""

    key: str
    kind: str
    is_certain: bool
    hits: tuple[LeakHit, ...]
    kept_because: str

    @property
    def found(self) -> str:
        return " ".join(self.hits[0].found.split())

    @property
    def is_open(self) -> bool:
        return self.is_certain or not self.kept_because


def findings_of(copy: PublicCopy) -> list[Finding]:
    """The report of the leak test, the same words together, what still has to be settled first."""
    grouped: dict[str, list[LeakHit]] = {}
    for row in copy.report:
        hit = LeakHit.from_data(row)
        grouped.setdefault(hit.key, []).append(hit)
    reasons = {row["key"]: row["reason"] for row in copy.confirmations}
    findings = [
        Finding(
            key=key,
            kind=hits[0].kind,
            is_certain=any(hit.is_certain for hit in hits),
            hits=tuple(hits),
            kept_because=reasons.get(key, ""),
        )
        for key, hits in grouped.items()
    ]
    return sorted(findings, key=lambda one: (not one.is_open, not one.is_certain))


def redactions_of(copy: PublicCopy) -> tuple[Redaction, ...]:
    """The words that the copy leaves out, in the order in which they were taken out."""
    return tuple(Redaction.from_data(row) for row in copy.redactions)


def compared_parts(copy: PublicCopy) -> list[ComparedPart]:
    """Every text of the private letter beside what of it is published; letter and determination must be loaded."""
    letter = snapshot_of(copy.letter.determination).letter
    redactions = redactions_of(copy)
    published = dict(public_letter(letter, redactions).as_letter().texts())
    hits = [LeakHit.from_data(row) for row in copy.report]
    parts = []
    for place, text in letter.texts():
        if not text:
            continue
        gone = [span for rule in redactions if rule.place in {"", place} for span in occurrences(text, rule.text)]
        marked = [
            (hit.start, hit.end, "certain" if hit.is_certain else "possible") for hit in hits if hit.place == place
        ]
        parts.append(
            ComparedPart(
                place=place,
                private=_pieces(text, [(start, end, "gone") for start, end in gone]),
                public=_pieces(published[place], marked),
            )
        )
    return parts


def _pieces(text: str, spans: list[tuple[int, int, str]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for start, stop, mark in sorted(spans):
        # Of two redactions, one may lie within the other.
        if stop <= end:
            continue
        pieces += [Piece(text[end : max(start, end)]), Piece(text[max(start, end) : stop], mark)]
        end = stop
    return tuple(piece for piece in (*pieces, Piece(text[end:])) if piece.text)


def known_facts(case: Case) -> list[KnownFact]:
    """Whatever is on file about the people and firms of the case; the organization must be loaded.

    The reviewer is not among them: `find_own_identity` alone knows who that is.
    """
    facts = [fact for party in Party.objects.filter(case=case) for fact in _of_party(party)]
    facts += _of_application(case)
    organization = case.organization
    who = WHO[PartyRole.CLAIMS_ADMINISTRATOR]
    facts += _place(
        who, organization.address_line_1, organization.address_line_2, organization.city, organization.zip_code
    )
    facts += [
        KnownFact(f"{who}'s name", FactForm.FIRM, organization.name),
        KnownFact(f"{who}'s telephone number", FactForm.PHONE, organization.phone),
        KnownFact(f"{who}'s fax number", FactForm.PHONE, organization.fax),
    ]
    facts += [fact for name in _authors(case) for fact in _named("the name of a document's author", name)]
    for user in _staff(case):
        facts += _named("the name of a person of the staff", user.full_name)
        facts.append(KnownFact("the e-mail address of a person of the staff", FactForm.EMAIL, user.email))
    return [fact for fact in dict.fromkeys(facts) if fact.value or fact.first or fact.last]


def _of_party(party: Party) -> Iterator[KnownFact]:
    who = WHO[PartyRole(party.role)]
    yield KnownFact(
        f"{who}'s name",
        FactForm.PERSON,
        first=party.first_name,
        middle=party.middle_initial,
        last=party.last_name,
    )
    yield KnownFact(f"{who}'s name", FactForm.FIRM, party.firm_name)
    yield KnownFact(f"{who}'s State Bar number", FactForm.NUMBER, party.bar_number)
    yield from _place(who, party.address_line_1, party.address_line_2, party.city, party.zip_code)
    yield KnownFact(f"{who}'s telephone number", FactForm.PHONE, party.phone)
    yield KnownFact(f"{who}'s fax number", FactForm.PHONE, party.fax)
    yield KnownFact(f"{who}'s e-mail address", FactForm.EMAIL, party.email)


def _place(who: str, line_1: str, line_2: str, city: str, zip_code: str) -> list[KnownFact]:
    return [
        KnownFact(f"{who}'s address", FactForm.STREET, line_1),
        KnownFact(f"{who}'s address", FactForm.STREET, line_2),
        KnownFact(f"{who}'s city", FactForm.CITY, city),
        KnownFact(f"{who}'s ZIP code", FactForm.ZIP_CODE, zip_code),
    ]


def _of_application(case: Case) -> list[KnownFact]:
    facts: list[KnownFact] = []
    application = Application.objects.filter(case=case).first()
    if application is not None:
        facts = [
            KnownFact("the claim number", FactForm.NUMBER, application.claim_number),
            KnownFact("the WCIS number", FactForm.NUMBER, application.wcis_number),
            KnownFact("the EAMS number", FactForm.NUMBER, application.adj_number),
            *_named("the name of who signed the application", application.signer_name),
            *_named("the name of who filed the application", application.attested_by_name),
        ]
        if application.employee_birth_date:
            born = application.employee_birth_date.isoformat()
            facts.append(KnownFact("the worker's date of birth", FactForm.DAY, born))
    decision = URDecision.objects.filter(case=case).first()
    if decision is not None:
        facts.append(KnownFact("the reference of the utilization review", FactForm.NUMBER, decision.reference))
    return facts


def _named(kind: str, name: str) -> list[KnownFact]:
    """A name that is on file in one piece: of a person where it looks like one, and as it stands."""
    words = _TITLES.sub(" ", name.replace(",", " ")).split()
    facts = [KnownFact(kind, FactForm.FIRM, name)] if name else []
    if 1 < len(words) <= _MOST_WORDS_OF_A_PERSON:
        facts.append(KnownFact(kind, FactForm.PERSON, first=words[0], last=words[-1]))
    return facts


def _authors(case: Case) -> list[str]:
    named = Document.objects.filter(case=case).exclude(author="").values_list("author", flat=True)
    return sorted(set(named))


def _staff(case: Case) -> list[User]:
    ids: set[int | None] = {case.created_by_id, case.received_by_id, case.analyst_id}
    for row in Determination.objects.filter(case=case).values_list("passed_by_id", "voided_by_id"):
        ids.update(row)
    return list(User.objects.filter(pk__in=[pk for pk in ids if pk is not None]).order_by("pk"))
