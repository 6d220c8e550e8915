"""Background jobs of cases. They take ids, call one service, and are safe to run twice."""

from cases.services.receipt import RECEIPT_JOB
from cases.services.receipt import render_receipt as render
from imr.core.jobs import Queue, job


@job(RECEIPT_JOB, queue=Queue.LETTERS)
def render_receipt(*, case_id: int) -> None:
    """Make the PDF of the filing receipt."""
    render(case_id=case_id)
