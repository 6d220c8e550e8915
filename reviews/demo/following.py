"""A request for information with an answer in part, and messages between the claims administrator and the staff."""

from uuid import uuid4

from cases.models import Case, InformationRequest
from cases.services.information import answer_information, request_information
from cases.services.message import open_thread, send_message
from imr.accounts.models import User

WRITTEN_ABOUT = "SC-2026-00931"
QUESTION = (
    "From the claims administrator: page 2 of the UR decision letter.\n"
    "From the claims administrator: the request for authorization, as it was received."
)


def ask_and_answer_in_part(case: Case, staff: User, filer: User) -> None:
    """The case waits for information, and a part of it has come."""
    asked: InformationRequest = request_information(case_id=case.pk, actor=staff, question=QUESTION)
    answer_information(
        request_id=asked.pk,
        actor=filer,
        text="Page 2 is among the documents that we filed, behind page 3. The request follows from our archive.",
        is_complete=False,
        token=uuid4(),
    )


def write_messages(case: Case, staff: User, filer: User) -> None:
    """A question of the filer with its answer, and a word that the filer has not opened yet."""
    send_message(
        case_id=case.pk,
        actor=filer,
        text="Our records system is down until tomorrow. Can the chiropractic notes come in two files?",
    )
    open_thread(case_id=case.pk, actor=staff)
    send_message(case_id=case.pk, actor=staff, text="Yes. Several files are fine; name the dates in the titles.")
    open_thread(case_id=case.pk, actor=filer)
    send_message(case_id=case.pk, actor=staff, text="Please add the report that the UR decision quotes, too.")
