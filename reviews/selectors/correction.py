"""Reading corrections of served letters."""

from django.db.models import QuerySet

from cases.enums import CaseStatus
from cases.models import Case
from imr.core.redline import Piece, redline
from reviews.enums import CorrectionStatus, LetterKind
from reviews.letters import LetterChange
from reviews.models import Correction, Determination, Letter
from reviews.selectors.letter import CORRECTABLE


def correctable_determination(case: Case, *, deciding: Correction | None = None) -> Determination | None:
    """The determination whose served letter is in force and may be corrected; None when there is none, or when a
    correction (other than the one that is being decided) is proposed or approved and not served yet.
    """
    if CaseStatus(case.status) not in CORRECTABLE or open_correction(case) not in (None, deciding):
        return None
    letter = (
        Letter.objects.filter(case=case, kind=LetterKind.SERVED, superseded_at__isnull=True)
        .select_related("determination")
        .first()
    )
    if letter is None or letter.determination.superseded_at is not None or letter.determination.set_aside_at:
        return None
    return letter.determination


def why_not_correctable(determination: Determination, *, deciding: Correction | None = None) -> str:
    """Why no correction of this determination can be proposed, or decided, in a sentence; empty while it can."""
    case = determination.case
    if deciding is None and open_correction(case) is not None:
        return "A correction is proposed already. It has to be decided first."
    current = correctable_determination(case, deciding=deciding)
    if current is not None and current.pk == determination.pk:
        return ""
    return (
        f"This is not the letter in force, or the case no longer allows a correction (“{case.get_status_display()}”)."
    )


def open_correction(case: Case) -> Correction | None:
    """The correction of the case that waits for the medical director."""
    return Correction.objects.filter(case=case, status=CorrectionStatus.PROPOSED).first()


def corrections_to_decide() -> QuerySet[Correction]:
    """Proposed corrections, the oldest first."""
    return (
        Correction.objects.filter(status=CorrectionStatus.PROPOSED)
        .select_related("case", "proposed_by")
        .order_by("proposed_at", "pk")
    )


def texts_of(correction: Correction) -> dict[str, str]:
    """The new texts of the correction by the key of their place."""
    return {row["place"]: row["new"] for row in correction.changes}


def marked(changes: list[LetterChange]) -> list[tuple[str, tuple[Piece, ...]]]:
    """Each change as its place and the text with what was removed and added."""
    return [(change.place, redline(change.old, change.new)) for change in changes]


def changes_of(correction: Correction) -> list[LetterChange]:
    """What the correction changes, in the order of the letter."""
    return [LetterChange(row["label"], row["old"], row["new"]) for row in correction.changes]
