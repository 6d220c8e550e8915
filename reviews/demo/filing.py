"""Filing a demo case and taking it to its assignment, through the same services as the pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from cases.enums import (
    DocumentKind,
    DocumentSource,
    DraftStep,
    FilingChannel,
    IneligibilityReason,
    ReviewType,
    ServiceMethod,
    SignerKind,
)
from cases.models import Application, Case, DisputedItem, TreatmentCategory
from cases.services.arrangement import Described, Part, divide_document
from cases.services.arrangement_making import work_arrangement
from cases.services.document import add_document
from cases.services.draft import create_draft, save_step
from cases.services.eligibility import ItemDecision, find_eligible, find_ineligible
from cases.services.intake import take_case
from cases.services.item import add_item
from cases.services.paper import key_in_application
from cases.services.records import complete_records, record_notice_served
from cases.services.submission import submit_application
from imr.accounts.models import User
from imr.core import clock
from imr.core.words import mmddyyyy
from reviews.demo.disputes import OPIOID, DemoItem
from reviews.demo.following import LETTER_LATER, WRITTEN_ABOUT, ask_and_answer_in_part, write_messages
from reviews.demo.paper import bundle, paper
from reviews.demo.past import set_back
from reviews.demo.people import SIGN_INS
from reviews.demo.reading import VISITS_TITLE, visits
from reviews.demo.stories import Stage, Story

_SPAN_BEFORE_FILING = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the demo by e-mail address, and who does what."""

    people: dict[str, User]

    def filer(self, firm: str) -> User:
        return self.people[next(one.email for one in SIGN_INS if one.home == firm)]

    @property
    def administrator(self) -> User:
        return self.people["admin@demo.example"]

    @property
    def medical_director(self) -> User:
        return self.people["director@demo.example"]


FILED_IN_SPITE_OF = (IneligibilityReason.SIGNATURE, IneligibilityReason.DUPLICATE, IneligibilityReason.UR_MISSING)


def file_case(story: Story, cast: Cast) -> Case:
    """The story's application is a draft, or a numbered case with its papers, received when `clock.now()` says."""
    filer = cast.administrator if story.is_faxed else cast.filer(story.firm)
    case = _faxed(story, cast) if story.is_faxed else create_draft(actor=filer)
    for step, answers in _answers(story, clock.today()).items():
        save_step(case_id=case.pk, actor=filer, step=step, cleaned=answers, version=_version(case))
        if story.stage == Stage.BEGUN and step == DraftStep.CLAIM:
            return case
    for item in story.dispute.items:
        add_item(case_id=case.pk, actor=filer, cleaned=_item_answers(item), version=_version(case))
    decided = mmddyyyy(_decided_on(clock.today()))
    letter = (
        f"Utilization review decision of {decided}",
        [
            f"Request for authorization for {story.first_name} {story.last_name}.",
            *(f"{item.ur_outcome.label}: {item.description}." for item in story.dispute.items),
            f"Records reviewed: RFA of {_days_before(25)}; progress report of {_days_before(40)}.",
        ],
    )
    if story.claim_number != LETTER_LATER:
        _add_paper(story, case, filer, DocumentKind.UR_DECISION, letter)
    if story.note != IneligibilityReason.SIGNATURE:
        words = ["The employee requests independent medical review of the treatment named above."]
        _add_paper(story, case, filer, DocumentKind.SIGNED_FORM, ("Signed DWC Form IMR", words))
    set_back(case)
    if story.stage == Stage.FILLED:
        return case
    return submit_application(
        case_id=case.pk,
        actor=filer,
        attested_name=filer.full_name,
        confirmed={reason.value for reason in FILED_IN_SPITE_OF},
    )


def _faxed(story: Story, cast: Cast) -> Case:
    """A draft of what came by fax some hours before it is keyed in."""
    return key_in_application(
        actor=cast.administrator,
        organization=cast.filer(story.firm).organization,
        channel=FilingChannel.FAX,
        arrived_at=clock.now() - timedelta(hours=3),
        taken_by="Fax desk",
    )


def screen_case(story: Story, case: Case, cast: Cast) -> None:
    """The case has come as far as the story says, at most until it waits for a reviewer."""
    staff = cast.administrator
    take_case(case_id=case.pk, actor=staff)
    if story.stage == Stage.SCREENING:
        return
    if story.stage == Stage.ASKED:
        ask_and_answer_in_part(case, staff, cast.filer(story.firm))
        return
    if story.stage in (Stage.DEFERRED, Stage.INELIGIBLE):
        reason = story.note if story.stage == Stage.INELIGIBLE else IneligibilityReason.LIABILITY.value
        note = story.note if story.stage == Stage.DEFERRED else "As the checks found; the file was read."
        find_ineligible(case_id=case.pk, actor=staff, reason=reason, note=note)
        return
    items = DisputedItem.objects.filter(case=case)
    decisions = {item.pk: ItemDecision(is_eligible=True) for item in items}
    find_eligible(case_id=case.pk, actor=staff, items=decisions, note="The UR letter and the signed form were read.")
    if story.stage == Stage.ELIGIBLE:
        return
    method = ServiceMethod.ELECTRONIC if story.days % 2 else ServiceMethod.MAIL
    record_notice_served(case_id=case.pk, actor=staff, method=method, served_at=clock.now())
    if story.claim_number == WRITTEN_ABOUT:
        write_messages(case, staff, cast.filer(story.firm))


def send_records(story: Story, case: Case, cast: Cast) -> None:
    """The medical records have arrived and the case is ready for review."""
    filer = cast.filer(story.firm)
    first, last = story.physician
    _add_paper(
        story,
        case,
        filer,
        DocumentKind.MEDICAL_REPORT,
        (
            "Primary treating physician's progress report",
            [
                f"Patient: {story.first_name} {story.last_name}, {story.age} years. Employer: {story.employer}.",
                f"Diagnosis: {story.dispute.diagnosis} ({story.dispute.icd}).",
                f"Examination: {story.dispute.findings}.",
                f"Plan: {'; '.join(item.description for item in story.dispute.items)}.",
                f"Signed: {first} {last}, M.D.",
            ],
        ),
    )
    if story.dispute is OPIOID:
        add_document(
            case_id=case.pk,
            actor=filer,
            file=ContentFile(bundle(VISITS_TITLE, visits(clock.today()))),
            name="visits.pdf",
            kind=DocumentKind.MEDICAL_REPORT,
            source=DocumentSource.CLAIMS_ADMINISTRATOR,
            title=VISITS_TITLE,
            dated_on=_decided_on(clock.today()),
        )
    set_back(case)
    complete_records(case_id=case.pk, actor=cast.administrator)


def send_scan(story: Story, case: Case, cast: Cast) -> None:
    """One scan with two reports and a cover sheet has arrived, and was divided into the two."""
    words = f"Patient: {story.first_name} {story.last_name}."
    scan = add_document(
        case_id=case.pk,
        actor=cast.filer(story.firm),
        file=ContentFile(
            bundle(
                "Scan of the records",
                [
                    ("Fax cover sheet", ["4 pages with this one."]),
                    ("Progress report", [words, f"Diagnosis: {story.dispute.diagnosis}."]),
                    ("Progress report, continued", [words, f"Examination: {story.dispute.findings}."]),
                    ("Imaging report", [words, "Compared with the films of last year: no change."]),
                ],
            )
        ),
        name="scan.pdf",
        kind=DocumentKind.OTHER,
        source=DocumentSource.CLAIMS_ADMINISTRATOR,
        title="Scan of the records",
    ).document
    first, last = story.physician
    arrangement = divide_document(
        document_id=scan.pk,
        actor=cast.administrator,
        parts=[
            Part([2, 3], Described(DocumentKind.MEDICAL_REPORT, "Progress report", f"{first} {last}, M.D.")),
            Part([4], Described(DocumentKind.DIAGNOSTIC_REPORT, "Imaging report")),
        ],
        left_out=[1],
    )
    for step in range(1, arrangement.steps + 1):
        work_arrangement(arrangement_id=arrangement.pk, step=step)


def send_late_record(story: Story, case: Case, cast: Cast) -> None:
    """A document that comes when the review has begun: somebody has to decide what becomes of it."""
    words = ("Note of a later visit", [f"Patient: {story.first_name} {story.last_name}.", "Pain is as it was before."])
    _add_paper(story, case, cast.filer(story.firm), DocumentKind.MEDICAL_REPORT, words)


def _answers(story: Story, today: date) -> dict[DraftStep, dict[str, Any]]:
    """The answers of each step, as its form would clean them."""
    decided_on = _decided_on(today)
    is_unsigned = story.note == IneligibilityReason.SIGNATURE
    name = f"{story.first_name} {story.last_name}"
    attorney: dict[str, Any] = {"has_attorney": story.attorney is not None, "has_designee": False}
    if story.attorney is not None:
        first, last, firm = story.attorney
        place = _place("Oakland", "88 Example Court, Suite 4", "94612")
        attorney |= {"attorney_first_name": first, "attorney_last_name": last, "attorney_firm_name": firm}
        attorney |= {f"attorney_{name}": value for name, value in place.items()}
    return {
        DraftStep.REVIEW_TYPE: {"review_type": ReviewType.EXPEDITED if story.is_expedited else ReviewType.REGULAR},
        DraftStep.EMPLOYEE: {
            "first_name": story.first_name,
            "last_name": story.last_name,
            "employee_birth_date": date(today.year - story.age, 1, 15),
            "employee_sex": story.sex,
            **_place(story.city, f"{100 + story.age} Alder Street", "95800"),
            "phone": "(916) 555-0123",
        },
        DraftStep.CLAIM: {
            "employer_firm_name": story.employer,
            "claim_number": story.claim_number,
            "date_of_injury": decided_on - timedelta(days=300 + story.age),
            "is_cumulative_injury": False,
        },
        DraftStep.PHYSICIAN: {
            "first_name": story.physician[0],
            "last_name": story.physician[1],
            "specialty": story.dispute.physician_specialty,
            **_place(story.city, "400 Clinic Way", "95801"),
            "phone": "(916) 555-0171",
        },
        DraftStep.CLAIMS_ADMINISTRATOR: {"first_name": "Claims", "last_name": "Desk"},
        DraftStep.UR_DECISION: {
            "primary_diagnosis": story.dispute.diagnosis,
            "icd_code": story.dispute.icd,
            "is_liability_disputed": story.stage == Stage.DEFERRED,
            "liability_reason": story.note if story.stage == Stage.DEFERRED else "",
            "decided_on": decided_on,
            "served_on": decided_on,
            "service_method": ServiceMethod.MAIL,
            "is_conditional": story.note == IneligibilityReason.CONDITIONAL,
        },
        DraftStep.REPRESENTATIVE: attorney,
        DraftStep.SIGNATURE: {
            "signer": SignerKind.UNSIGNED if is_unsigned else SignerKind.EMPLOYEE,
            "signer_name": "" if is_unsigned else name,
            "signed_on": None if is_unsigned else decided_on + timedelta(days=5),
            "consent_signed_on": None if is_unsigned else decided_on + timedelta(days=5),
            "has_threat_certification": False,
        },
    }


def _item_answers(item: DemoItem) -> dict[str, Any]:
    return {
        "description": item.description,
        "category": TreatmentCategory.objects.get(code=item.category),
        "quantity": item.quantity,
        "frequency": item.frequency,
        "duration": item.duration,
        "ur_outcome": item.ur_outcome,
        "authorized": item.authorized,
        "remaining": item.remaining,
        "claims_guideline_basis": item.claims_basis,
        "claims_guideline_text": item.claims_text,
    }


def _place(city: str, street: str, zip_code: str) -> dict[str, Any]:
    return {"address_line_1": street, "city": city, "state": "CA", "zip_code": zip_code}


def _decided_on(today: date) -> date:
    return today - _SPAN_BEFORE_FILING


def _add_paper(story: Story, case: Case, actor: User, kind: DocumentKind, words: tuple[str, list[str]]) -> None:
    title, paragraphs = words
    add_document(
        case_id=case.pk,
        actor=actor,
        file=ContentFile(paper(title, [f"Claim {story.claim_number}.", *paragraphs])),
        name=f"{kind.value}.pdf",
        kind=kind,
        source=DocumentSource.CLAIMS_ADMINISTRATOR,
        title=title,
        dated_on=_decided_on(clock.today()),
    )


def _days_before(days: int) -> str:
    return mmddyyyy(clock.today() - timedelta(days=days))


def _version(case: Case) -> int:
    return Application.objects.values_list("version", flat=True).get(case=case)
