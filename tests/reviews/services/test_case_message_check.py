"""Staff's words to a claims administrator never give a reviewer away (LC 4610.6(f))."""

import pytest

from cases.exceptions import IncompleteError
from cases.models import CaseMessage
from cases.services.message import send_message
from imr.accounts.enums import Role
from reviews.models.identity import ReviewerIdentity
from tests.factories.accounts import make_user
from tests.factories.reviews import make_offer


@pytest.mark.django_db
def test_message_that_names_the_reviewer_of_the_case_is_refused() -> None:
    offer = make_offer()
    identity = ReviewerIdentity.objects.get(pk=offer.reviewer_id)
    staff = make_user(Role.ADMINISTRATOR)
    for words in (f"Dr. {identity.last_name} has it.", f"It is with {offer.reviewer.code.lower()}."):
        with pytest.raises(IncompleteError, match="reviewer be recognized"):
            send_message(case_id=offer.case_id, actor=staff, text=words)
    assert not CaseMessage.objects.exists()
    send_message(case_id=offer.case_id, actor=staff, text="A reviewer was asked.")
    other = make_offer()
    send_message(case_id=other.case_id, actor=staff, text=f"{identity.last_name} is nobody here.")
