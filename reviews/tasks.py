"""Background work of reviews. Handlers take ids, call one service and are safe to run twice."""

from celery import shared_task

from imr.core.jobs import Queue, job
from reviews.services.dispatch import SERVE_LETTER
from reviews.services.file_warning import warn_of_lapses
from reviews.services.letter import RENDER_LETTER
from reviews.services.letter import render_letter as render
from reviews.services.offer import watch_assignments
from reviews.services.precedent import INDEX_DETERMINATION
from reviews.services.precedent import index_determination as index
from reviews.services.print_pack import PRINT_PACK, make_pack
from reviews.services.publishing import publish_closed_cases as publish_closed
from reviews.services.recheck import RECHECK_REVIEWER, recheck
from reviews.services.serving import serve_letter as serve
from reviews.services.verification import VERIFY_LETTERS, promise_verification, verify_some


@job(RENDER_LETTER, queue=Queue.LETTERS)
def render_letter(*, determination_id: int) -> None:
    render(determination_id=determination_id)


@job(SERVE_LETTER, queue=Queue.LETTERS)
def serve_letter(*, dispatch_id: int) -> None:
    serve(dispatch_id=dispatch_id)


@job(VERIFY_LETTERS, queue=Queue.MISC)
def verify_letters(*, after: int, checked: int, faulty: int) -> None:
    verify_some(after=after, checked=checked, faulty=faulty)


@job(INDEX_DETERMINATION, queue=Queue.MISC)
def index_determination(*, determination_id: int) -> None:
    index(determination_id=determination_id)


@shared_task(name="reviews.tasks.promise_verification")
def promise_letter_verification() -> None:
    """Once a night: every stored letter is checked, in as many jobs as it takes."""
    promise_verification()


@job(RECHECK_REVIEWER, queue=Queue.MISC)
def recheck_reviewer(*, reviewer_id: int) -> None:
    recheck(reviewer_id=reviewer_id)


@job(PRINT_PACK, queue=Queue.LETTERS)
def make_print_pack(*, pack_id: int) -> None:
    make_pack(pack_id=pack_id)


@shared_task(name="reviews.tasks.watch_assignments")
def watch_open_assignments() -> None:
    """Reminders, ends of unanswered offers, and files that bar a case since yesterday."""
    watch_assignments()


@shared_task(name="reviews.tasks.warn_of_lapses")
def warn_reviewers_of_lapses() -> None:
    """Once a day: who has something in the file that ends soon."""
    warn_of_lapses()


@shared_task(name="reviews.tasks.publish_closed_cases")
def publish_closed_cases() -> None:
    """Closed cases whose public copy was approved before are published."""
    publish_closed()
