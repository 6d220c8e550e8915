"""The pages of a panel: the approval, the seats, the opinion, the second read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from reviews.models import Determination, Opinion, Panel
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.cases import make_pdf
from tests.factories.panels import make_panel
from tests.factories.reviews import make_ready_case

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_the_approval_is_recorded_with_its_document_and_read_again(client_of: SignIn) -> None:
    case = make_ready_case()
    approval = make_pdf()
    client: Any = client_of(make_user(Role.ADMINISTRATOR))
    record = reverse("reviews:panel-record", args=[case.pk])
    seats = reverse("reviews:assignment-create", args=[case.pk])
    fields = {
        "seats": "3",
        "approved_on": f"{clock.today():%m/%d/%Y}",
        "approved_by_name": "Jordan Directorate",
        "reason": "Two fields of medicine meet.",
    }

    missing = client.post(record, fields)
    assert missing.status_code == 422
    assert missing.context["form"].errors == {"approval": ["Choose the PDF."]}
    assert b"Jordan Directorate" in missing.content
    no_pdf = client.post(record, fields | {"approval": SimpleUploadedFile("a.pdf", b"no pdf at all")})
    assert b"Two fields of medicine meet." in no_pdf.content
    assert no_pdf.status_code == 400
    done = client.post(record, fields | {"approval": SimpleUploadedFile("a.pdf", approval)})
    assert done["Location"] == seats
    panel = Panel.objects.get()
    assert b"Panel of 3 reviewers" in client.get(seats).content
    download = client.get(reverse("reviews:panel-approval", args=[panel.pk]))
    assert b"".join(download.streaming_content) == approval
    assert Event.objects.filter(action="panel.approval_download", case_id=case.pk).exists()
    assert client.get(record)["Location"] == seats


def test_a_reviewer_signs_an_opinion_and_learns_only_how_many_have_finished(client_of: SignIn) -> None:
    made = make_panel([["upheld"], ["overturned"]])
    first, second = made.seats
    client: Any = client_of(first.user)
    sign = reverse("reviews:sign", args=[first.assignment.pk])
    page = client.get(sign)
    assert b"You are one of 2 reviewers." in page.content
    client.post(
        sign,
        {
            "password": PASSWORD,
            "snapshot": page.context["snapshot"],
            "advice_digest": page.context["checks"].digest,
            "advice_read": "on",
            "confirmed": [key for key, _ in page.context["form"].fields["confirmed"].choices]
            if "confirmed" in page.context["form"].fields
            else [],
        },
    )
    assert Opinion.objects.get().signed_by == first.user
    waiting = client.get(reverse("reviews:workspace", args=[first.assignment.pk])).content
    assert b"1 of 2 reviewers has finished" in waiting
    other: Any = client_of(second.user)
    seen = other.get(reverse("reviews:workspace", args=[second.assignment.pk])).content
    assert b"Analysis 1" not in seen
    assert second.reviewer.code.encode() not in waiting
    assert client.get(reverse("reviews:workspace", args=[second.assignment.pk])).status_code == 404


def test_the_second_read_sees_the_opinions_beside_what_was_decided(client_of: SignIn) -> None:
    determination: Determination = make_panel([["upheld"], ["overturned"]]).sign_all()
    client: Any = client_of(make_user(Role.MEDICAL_DIRECTOR))
    page = client.get(reverse("reviews:quality-detail", args=[determination.pk]))
    assert [line.opinion.seat for line in page.context["opinions"]] == [1, 2]
    assert b"Opinions of the panel" in page.content
