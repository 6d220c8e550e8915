"""What the rules of an application look at, as plain values."""

from dataclasses import dataclass, field
from datetime import date

from cases.enums import DraftStep


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A party as far as the rules look at it."""

    first_name: str = ""
    last_name: str = ""
    firm_name: str = ""
    specialty: str = ""
    relationship: str = ""
    address_line_1: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """A disputed item as far as the rules look at it."""

    position: int
    description: str
    category: str = ""
    ur_outcome: str = ""
    authorized: str = ""
    remaining: str = ""
    is_retrospective: bool = False
    service_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """Everything the rules ask about. `filing_due` is the last day in time, where it can be computed.

    `typed` names the steps with text that was typed and not yet saved as an answer.
    """

    review_type: str = ""
    employee: PersonFacts = field(default_factory=PersonFacts)
    birth_date: date | None = None
    employer_name: str = ""
    claim_number: str = ""
    date_of_injury: date | None = None
    is_cumulative: bool = False
    date_of_injury_end: date | None = None
    physician: PersonFacts = field(default_factory=PersonFacts)
    claims_administrator: PersonFacts = field(default_factory=PersonFacts)
    diagnosis: str = ""
    decided_on: date | None = None
    served_on: date | None = None
    service_method: str = ""
    is_conditional: bool = False
    is_liability_disputed: bool | None = None
    liability_reason: str = ""
    items: tuple[ItemFacts, ...] = ()
    has_attorney: bool | None = None
    attorney: PersonFacts = field(default_factory=PersonFacts)
    has_designee: bool | None = None
    designee: PersonFacts = field(default_factory=PersonFacts)
    designation_signed_on: date | None = None
    signer: str = ""
    signer_name: str = ""
    signed_on: date | None = None
    consent_signed_on: date | None = None
    has_threat_certification: bool = False
    document_kinds: frozenset[str] = frozenset()
    filing_due: date | None = None
    typed: frozenset[DraftStep] = frozenset()
