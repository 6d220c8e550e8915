"""What the checks of eligibility look at, as plain values."""

from dataclasses import dataclass
from datetime import date

from cases.rules.items import item_key

__all__ = ["DisputedTreatment", "EarlierDispute", "EligibilityFacts", "InformationRequest", "item_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedTreatment:
    """One item. `is_authorized`: the claims administrator has authorized it since the UR decision.

    `added_on` is the day of the amendment that brought it; None where it came with the application.
    """

    position: int
    description: str
    ur_outcome: str = ""
    remaining: str = ""
    is_retrospective: bool = False
    is_drug: bool = False
    is_authorized: bool = False
    added_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDispute:
    """An earlier case of the same worker, claim and injury. `items` holds `item_key` of each of its items.

    `is_refused` is a case that was found ineligible: it may be filed anew. `is_ended` ended without a determination.
    """

    number: str
    received_on: date
    decided_on: date | None
    items: frozenset[str]
    is_refused: bool = False
    is_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequest:
    """What the parties were asked, with the last day to answer."""

    requested_on: date
    due_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityFacts:
    """Everything the checks ask about. `received_on` is None for a draft: it counts as received today.

    What is not on the form is what an analyst established: the form served later (LC 4610.5(h)(3)), the notice that
    the liability dispute is resolved, the claims administrator's consent, an agreement under LC 3201.5 or 3201.7, a
    finding of the WCAB that utilization review was untimely, whether a drug dispute is one over the formulary.
    `ur_letter_text` is the text of the attached UR decision as far as it could be read; empty when it could not.
    `completed_on` is the day of the amendment that brought the signature to an application received without one.
    `ur_arrived_on` is the day on which the UR decision came after the application, and `counts_from_ur` what a person
    decided about it: whether the application counts from that day.
    """

    received_on: date | None = None
    completed_on: date | None = None
    ur_arrived_on: date | None = None
    counts_from_ur: bool | None = None
    date_of_injury: date | None = None
    decided_on: date | None = None
    served_on: date | None = None
    service_method: str = ""
    service_place: str = ""
    request_received_on: date | None = None
    is_ur_attached: bool = False
    is_conditional: bool = False
    ur_letter_text: str = ""
    is_liability_disputed: bool | None = None
    liability_reason: str = ""
    liability_resolved_on: date | None = None
    liability_notice_method: str = ""
    has_consent_to_review: bool = False
    signer: str = ""
    signer_name: str = ""
    signed_on: date | None = None
    is_form_attached: bool = False
    designation_signed_on: date | None = None
    is_representation_attached: bool = False
    is_form_withheld: bool = False
    form_served_on: date | None = None
    form_service_method: str = ""
    is_formulary: bool | None = None
    is_carve_out: bool | None = None
    wcab_untimely_on: date | None = None
    information: tuple[InformationRequest, ...] = ()
    earlier: tuple[EarlierDispute, ...] = ()
    items: tuple[DisputedTreatment, ...] = ()

    def filed_on(self, today: date) -> date:
        """The day of receipt, or that on which an amendment or the UR decision completed it; of a draft, today.

        What is missing does not stop the time to file (8 CCR 9792.10.1(b)).
        """
        if self.received_on is None:
            return today
        since = [self.received_on, self.completed_on, self.ur_arrived_on if self.counts_from_ur else None]
        return max(day for day in since if day is not None)
