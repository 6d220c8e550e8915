"""May this person do this to that object: small functions, each with a sentence for the person when not."""

from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.accounts.permissions import ALLOWED, Decision, refused
from imr.core import clock
from reviews.enums import AssignmentStatus, ColleagueStatus
from reviews.models import Assignment, ColleagueOpinion, Determination
from reviews.selectors.candidates import bars_of, problems_of_holder
from reviews.selectors.colleague import why_over
from reviews.selectors.duties import assigners_of, signers_of
from reviews.selectors.offer import is_unanswered

# The register, and assignment


def may_edit_register(user: User) -> Decision:
    """Administrators and the medical director keep the register; the auditor reads it."""
    return _granted(user, Action.REVIEWER_EDIT, "Your role reads the reviewer register but does not change it.")


def may_assign(user: User) -> Decision:
    """Who may offer a case to a reviewer and take it back."""
    return _granted(user, Action.ASSIGNMENT_MAKE, "Your role does not assign reviewers.")


def may_answer_offer(user: User, assignment: Assignment) -> Decision:
    """The reviewer to whom the offer was made, until its time to answer is over, to the moment."""
    if assignment.reviewer.user_id != user.pk or not user.can(Action.ASSIGNMENT_ANSWER):
        return refused("This offer was made to another reviewer.")
    if assignment.status != AssignmentStatus.OFFERED:
        return refused("This offer is no longer open.")
    if is_unanswered(assignment, clock.now()):
        return refused("The time to answer is over, so the offer has ended and another reviewer is asked.")
    return ALLOWED


def may_read_records(user: User, assignment: Assignment) -> Decision:
    """Records open with the acceptance, after conflicts and qualifications were attested, and close with its end.

    They close at once when the reviewer's file bars the case today (LC 139.5(d)): a tie to a party that was found
    later, a credential that no longer holds. Nobody has to take the case back first.
    """
    if assignment.reviewer.user_id != user.pk or not user.can(Action.DOCUMENT_VIEW):
        return refused("This case is assigned to another reviewer.")
    if assignment.status == AssignmentStatus.OFFERED:
        return refused("The records open when you have accepted the case and attested that you have no conflict.")
    if assignment.status != AssignmentStatus.ACCEPTED:
        return refused("This case is no longer with you, so its records are closed.")
    if bars := bars_of(assignment):
        return refused(" ".join([*bars, "The records are closed to you. Your work is saved."]))
    return ALLOWED


def may_read_for_opinion(user: User, opinion: ColleagueOpinion) -> Decision:
    """The determination and its records open to the asked colleague with the attestation, and close with the request.

    The moment of reading counts: the time to answer, a return, the service of the letter and the reviewer's own file
    each close them at once (LC 139.5(d)).
    """
    if opinion.reviewer.user_id != user.pk or not user.can(Action.ASSIGNMENT_ANSWER):
        return refused("Another reviewer was asked.")
    over = why_over(opinion, clock.now())
    if over:
        return refused(over)
    if opinion.status != ColleagueStatus.READING:
        return refused("Attest first that you have no conflict; then the determination and its records open.")
    ties, lapsed = problems_of_holder(opinion.determination.case, opinion.reviewer, clock.today())
    bars = ties or lapsed
    return refused(" ".join(bars)) if bars else ALLOWED


def may_check_quality(user: User) -> Decision:
    """The medical director reads a signed determination before it leaves."""
    return _granted(user, Action.QUALITY_PASS, "Your role does not include the quality check.")


def may_pass(user: User, determination: Determination) -> Decision:
    """Nobody passes what they signed, or what a reviewer decided whom they chose."""
    if user.pk in signers_of(determination):
        return refused("The quality check is for somebody other than the signer.")
    if user.pk in assigners_of(determination):
        return refused(
            "You assigned this case to its reviewer, so the quality check is for somebody else. "
            "Ask another medical director to pass it."
        )
    return may_check_quality(user)


def _granted(user: User, action: Action, otherwise: str) -> Decision:
    return ALLOWED if user.can(action) else refused(otherwise)
