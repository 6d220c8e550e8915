"""May this reviewer be given this case? One check a rule, each with its result, its words and what it rests on.

The facts come in as plain values and `on` is the Pacific day that counts, so that the same checks serve the list of
candidates, the offer, the acceptance and the signature. The words name parties and states, never the reviewer: they
are kept with the assignment.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from imr.core.calendar import add_months
from imr.core.words import mmddyyyy
from reviews.enums import BOARD_CERTIFICATION_REQUIRED, ConflictRelation, LicenseKind, LicenseStatus
from reviews.rules.facts import (
    AbsenceFacts,
    CaseFacts,
    CertificationFacts,
    LicenseFacts,
    PartyFacts,
    ReviewerFacts,
    TieFacts,
    VerificationFacts,
)
from reviews.rules.names import Likeness, compare_names, firm_words
from reviews.rules.scope import Scope, scope_of
from reviews.rules.states import CALIFORNIA, state_name

# Every letter says "more than five years" and "at least 24 hours a week"; the statute does not, so the contract must.
YEARS_IN_PRACTICE = 5
HOURS_PER_WEEK = 24
MONTHS_OF_ATTESTATION = 12

_LICENSE_LAW = "LC 139.5(d)(4)"
_CONFLICT_LAW = "LC 139.5(d)(5)"
_LETTER = "Statement in every determination letter"
_CREDENTIALING = "Credentialing policy"


class Result(StrEnum):
    """What a check found; `FAIL` bars the assignment, `WARN` asks for a look."""

    PASS = "pass"  # noqa: S105  not a password
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """The finding of one rule: a stable code, its name and reasons in words, and what it rests on."""

    code: str
    label: str
    result: Result
    words: str
    citation: str


CredentialCheck = Callable[[ReviewerFacts, date], Check]
CaseCheck = Callable[[ReviewerFacts, CaseFacts, date], Check]


def check_register(reviewer: ReviewerFacts, on: date) -> Check:
    """The register entry and the account are active."""
    label = "Register entry"
    if reviewer.is_active:
        return Check("register", label, Result.PASS, "The register entry is active.", _CREDENTIALING)
    return Check("register", label, Result.FAIL, "The register entry or the account is deactivated.", _CREDENTIALING)


def check_license(reviewer: ReviewerFacts, on: date) -> Check:
    """At least one license is active, unrestricted, unexpired and verified; a California one is preferred."""
    label = "License"
    verified = [held for held in reviewer.licenses if held.is_valid(on) and _is_verified(held, on)]
    if verified:
        best = min(verified, key=lambda held: (held.state != CALIFORNIA, -held.expires_on.toordinal()))
        words = f"{state_name(best.state)} license valid through {mmddyyyy(best.expires_on)}."
        if best.state == CALIFORNIA:
            return Check("license", label, Result.PASS, words, _LICENSE_LAW)
        return Check("license", label, Result.WARN, f"{words} California licenses are preferred.", _LICENSE_LAW)
    if not reviewer.licenses:
        return Check("license", label, Result.FAIL, "No license is on file.", _LICENSE_LAW)
    words = " ".join(_license_fault(held, on) for held in reviewer.licenses)
    return Check("license", label, Result.FAIL, words, _LICENSE_LAW)


def check_certification(reviewer: ReviewerFacts, on: date) -> Check:
    """Physicians (M.D., D.O.) hold a current, verified certification of a recognized American specialty board."""
    label = "Board certification"
    valid = [one for one in reviewer.certifications if one.is_valid(on) and _is_verified(one, on)]
    if valid:
        words = f"Certified in {', '.join(dict.fromkeys(one.specialty for one in valid))}."
        return Check("certification", label, Result.PASS, words, _LICENSE_LAW)
    valid_licenses = [one for one in reviewer.licenses if one.is_valid(on)] or list(reviewer.licenses)
    if valid_licenses and not any(LicenseKind(one.kind) in BOARD_CERTIFICATION_REQUIRED for one in valid_licenses):
        return Check("certification", label, Result.PASS, "Not required for this kind of license.", _LICENSE_LAW)
    if not reviewer.certifications:
        words = "No board certification is on file; physicians (M.D., D.O.) need one."
    else:
        words = " ".join(_certification_fault(one, on) for one in reviewer.certifications)
    return Check("certification", label, Result.FAIL, words, _LICENSE_LAW)


def check_years(reviewer: ReviewerFacts, on: date) -> Check:
    """More than five years in active clinical practice."""
    label, years = "Years in practice", reviewer.years_in_practice
    if years > YEARS_IN_PRACTICE:
        return Check("years", label, Result.PASS, f"{years} years in active practice.", _LETTER)
    if years == YEARS_IN_PRACTICE:
        words = "Five full years are on file; the letter says more than five. Confirm before offering the case."
        return Check("years", label, Result.WARN, words, _LETTER)
    return Check("years", label, Result.FAIL, f"{years} years in active practice; more than five are needed.", _LETTER)


def check_hours(reviewer: ReviewerFacts, on: date) -> Check:
    """At least 24 hours a week in active clinical practice."""
    label, hours = "Hours a week", reviewer.hours_per_week
    if hours >= HOURS_PER_WEEK:
        return Check("hours", label, Result.PASS, f"{hours} hours a week in active practice.", _LETTER)
    words = f"{hours} hours a week in active practice; at least {HOURS_PER_WEEK} are needed."
    return Check("hours", label, Result.FAIL, words, _LETTER)


def check_attestation(reviewer: ReviewerFacts, on: date) -> Check:
    """The reviewer declared years and hours within a year, and no later check contradicts it."""
    label, attested = "Practice attested", reviewer.practice_attested_on
    verification = reviewer.practice_verification
    if verification is not None and not verification.is_satisfactory:
        words = "The last check of active practice was not satisfactory."
        return Check("attestation", label, Result.FAIL, words, _LETTER)
    last = add_months(attested, MONTHS_OF_ATTESTATION)
    if last < on:
        words = f"Active practice was last attested on {mmddyyyy(attested)}, more than a year ago."
        return Check("attestation", label, Result.FAIL, words, _LETTER)
    return Check("attestation", label, Result.PASS, f"Attested on {mmddyyyy(attested)}.", _LETTER)


def check_sanctions(reviewer: ReviewerFacts, on: date) -> Check:
    """The sources of sanctions and discipline were searched, without a finding, and the search is not overdue."""
    label, verification = "Sanctions and discipline", reviewer.sanctions_verification
    if verification is None:
        words = "Sanctions and discipline have not been checked yet."
    elif not verification.is_satisfactory:
        words = "The last check of sanctions and discipline was not satisfactory."
    elif verification.due_again_on < on:
        words = f"The check of sanctions and discipline has been due again since {mmddyyyy(verification.due_again_on)}."
    else:
        words = f"Checked, holds through {mmddyyyy(verification.due_again_on)}."
        return Check("sanctions", label, Result.PASS, words, _LICENSE_LAW)
    return Check("sanctions", label, Result.FAIL, words, _LICENSE_LAW)


def check_scope(reviewer: ReviewerFacts, case: CaseFacts, on: date) -> Check:
    """The license is for the kind of treatment in dispute; drugs, injections and surgery are for who may give them."""
    label = "Scope of license"
    held = [one for one in reviewer.licenses if one.is_valid(on)] or list(reviewer.licenses)
    kinds = list(dict.fromkeys(LicenseKind(one.kind) for one in held))
    if not kinds:
        words = "There is no license to compare with the disputed treatment."
        return Check("scope", label, Result.WARN, words, _LICENSE_LAW)
    # The license that reaches furthest counts for an item, the item that is covered least for the case.
    covered = [max(scope_of(kind, category) for kind in kinds) for category in case.categories]
    named = " and ".join(kind.label for kind in kinds)
    match min(covered, default=Scope.INSIDE):
        case Scope.OUTSIDE:
            words = f"{named}: this license does not allow drugs, injections or surgery of the kind in dispute."
            return Check("scope", label, Result.FAIL, words, _LICENSE_LAW)
        case Scope.DOUBTFUL:
            words = f"{named}: a disputed treatment is not plainly in the field of this license; choose with care."
            return Check("scope", label, Result.WARN, words, _LICENSE_LAW)
    return Check("scope", label, Result.PASS, f"{named}: covers every disputed treatment.", _LICENSE_LAW)


def check_load(reviewer: ReviewerFacts, case: CaseFacts, on: date) -> Check:
    """There is room for one more case."""
    label, words = "Load", f"{reviewer.load} of {reviewer.maximum_load} open."
    if reviewer.load >= reviewer.maximum_load:
        return Check("load", label, Result.FAIL, f"{words} There is no room for another case.", _CREDENTIALING)
    if reviewer.load + 1 == reviewer.maximum_load:
        return Check("load", label, Result.WARN, f"{words} This case would take the last place.", _CREDENTIALING)
    return Check("load", label, Result.PASS, words, _CREDENTIALING)


def check_availability(reviewer: ReviewerFacts, case: CaseFacts, on: date) -> Check:
    """The reviewer takes new cases today, and is not away before the determination is due."""
    label = "Availability"
    away = next((absence for absence in reviewer.absences if absence.covers(on)), None)
    if away is not None:
        return Check("availability", label, Result.FAIL, f"Away {_away_words(away)}.", _CREDENTIALING)
    last = case.due_on
    soon = [absence for absence in reviewer.absences if absence.first_day > on and last and absence.first_day <= last]
    if last is not None and soon:
        words = f"Away {_away_words(soon[0])}; the determination is due on {mmddyyyy(last)}."
        return Check("availability", label, Result.WARN, words, _CREDENTIALING)
    return Check("availability", label, Result.PASS, "No absence before the due date.", _CREDENTIALING)


def check_conflict(reviewer: ReviewerFacts, case: CaseFacts, on: date) -> Check:
    """None of the reviewer's ties is a party of the case; a tie named in a disputed item asks for a look."""
    label = "Conflict of interest"
    ties = [tie for tie in reviewer.ties if tie.is_current(on)]
    same, similar = _matches(ties, case.parties)
    if same:
        words = f"A tie on file matches {_listed(same)}."
        return Check("conflict", label, Result.FAIL, words, _CONFLICT_LAW)
    named = [tie for tie in ties if any(_names(tie, text) for text in case.texts)]
    if similar or named:
        places = [*similar, *(["the words of a disputed item"] if named else [])]
        words = f"A tie on file resembles {_listed(places)}. Check before offering the case."
        return Check("conflict", label, Result.WARN, words, _CONFLICT_LAW)
    return Check("conflict", label, Result.PASS, "No tie on file matches a party of the case.", _CONFLICT_LAW)


def check_history(reviewer: ReviewerFacts, case: CaseFacts, on: date) -> Check:
    """No conflict was declared on this case before, and the case is not a new review of the reviewer's own."""
    label = "History with this case"
    if case.reviewed_earlier_round:
        words = "Reviewed this case in an earlier round; a new review needs a different reviewer."
        return Check("history", label, Result.FAIL, words, "LC 4610.6(i)")
    if case.declined_with_conflict:
        words = "Declined this case because of a conflict of interest."
        return Check("history", label, Result.FAIL, words, _CONFLICT_LAW)
    if case.declined_otherwise:
        return Check("history", label, Result.WARN, "Declined an offer of this case before.", _CREDENTIALING)
    if case.left_unanswered:
        return Check("history", label, Result.WARN, "Left an offer of this case without an answer.", _CREDENTIALING)
    return Check("history", label, Result.PASS, "No earlier part in this case.", _CREDENTIALING)


CREDENTIAL_CHECKS: tuple[CredentialCheck, ...] = (
    check_register,
    check_license,
    check_certification,
    check_years,
    check_hours,
    check_attestation,
    check_sanctions,
)
CASE_CHECKS: tuple[CaseCheck, ...] = (check_scope, check_conflict, check_history, check_availability, check_load)


def check_credentials(reviewer: ReviewerFacts, on: date) -> list[Check]:
    """Every check that depends on the reviewer alone."""
    return [check(reviewer, on) for check in CREDENTIAL_CHECKS]


def screen(reviewer: ReviewerFacts, case: CaseFacts, on: date) -> list[Check]:
    """Every check, in the order in which a person reads them."""
    return [*check_credentials(reviewer, on), *(check(reviewer, case, on) for check in CASE_CHECKS)]


def failures(checks: Iterable[Check]) -> list[Check]:
    """Those that bar the assignment."""
    return [check for check in checks if check.result == Result.FAIL]


def warnings(checks: Iterable[Check]) -> list[Check]:
    """Those that ask for a look."""
    return [check for check in checks if check.result == Result.WARN]


def _away_words(absence: AbsenceFacts) -> str:
    first = mmddyyyy(absence.first_day)
    if absence.back_on is None:
        return f"from {first} until further notice"
    last = absence.back_on - timedelta(days=1)
    return f"on {first}" if last == absence.first_day else f"from {first} through {mmddyyyy(last)}"


def _is_verified(credential: LicenseFacts | CertificationFacts, on: date) -> bool:
    latest = credential.verification
    return latest is not None and latest.is_satisfactory and latest.due_again_on >= on


def _license_fault(held: LicenseFacts, on: date) -> str:
    subject = f"The {state_name(held.state)} license on file"
    if held.status != LicenseStatus.ACTIVE:
        return f"{subject} is {LicenseStatus(held.status).label.lower()}."
    if held.expires_on < on:
        return f"{subject} expired on {mmddyyyy(held.expires_on)}."
    return _verification_fault(subject, held.verification)


def _certification_fault(certification: CertificationFacts, on: date) -> str:
    subject = f"The certification in {certification.specialty}"
    if certification.expires_on is not None and certification.expires_on < on:
        return f"{subject} expired on {mmddyyyy(certification.expires_on)}."
    return _verification_fault(subject, certification.verification)


def _verification_fault(subject: str, latest: VerificationFacts | None) -> str:
    if latest is None:
        return f"{subject} has not been verified."
    if not latest.is_satisfactory:
        return f"{subject} did not pass its last verification."
    return f"{subject} has been due for verification since {mmddyyyy(latest.due_again_on)}."


def _matches(ties: Sequence[TieFacts], parties: Sequence[PartyFacts]) -> tuple[list[str], list[str]]:
    found: dict[Likeness, list[str]] = {likeness: [] for likeness in Likeness}
    for party in parties:
        for name in party.names:
            likenesses = {compare_names(tie.name, name) for tie in ties}
            strongest = next((likeness for likeness in Likeness if likeness in likenesses), Likeness.DIFFERENT)
            found[strongest].append(f"the {party.role} ({name})")
    return found[Likeness.SAME], found[Likeness.SIMILAR]


def _names(tie: TieFacts, text: str) -> bool:
    words = firm_words(tie.name)
    return (
        tie.relation in (ConflictRelation.MAKER, ConflictRelation.FACILITY)
        and bool(words)
        and words <= firm_words(text)
    )


def _listed(parts: Sequence[str]) -> str:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"
