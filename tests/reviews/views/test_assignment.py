"""The pages of assigning and answering: what they show to whom, and what a refusal looks like."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DocumentKind, DocumentSource, PartyRole, Priority
from cases.models import Case, DisputedItem, Document, Party, TreatmentCategory
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from reviews.enums import AssignmentStatus, LicenseKind
from reviews.models import Assignment
from reviews.models.identity import ReviewerIdentity
from tests.factories.accounts import Cast
from tests.factories.reviews import make_accepted, make_offer, make_ready_case, make_reviewer

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]

NO_CONFLICT = {
    "answer": "accept",
    **{f"conflict_{name}": "no" for name in ("employer", "physician", "facility", "maker", "employee")},
    "note": "",
    "is_qualified": "yes",
    "is_in_active_practice": "yes",
}


def test_queue_shows_due_dates_and_offers(cast: Cast, client_of: SignIn) -> None:
    waiting, offer = make_ready_case(), make_offer()
    make_accepted()
    page = client_of(cast.administrator).get(reverse("reviews:assignment-queue")).content.decode()
    assert page.count("Choose a reviewer<") == 1
    assert str(waiting.number) in page
    assert "Waiting for an answer" in page
    assert offer.reviewer.code in page
    assert "2 cases ready for review" in page


def test_queue_shows_expedited_cases_first_then_by_due_date(cast: Cast, client_of: SignIn) -> None:
    today = clock.today()
    late, soon = (make_ready_case(due_on=today + timedelta(days=days)) for days in (20, 5))
    expedited = make_ready_case(due_on=today + timedelta(days=25), priority=Priority.EXPEDITED)
    page = client_of(cast.administrator).get(reverse("reviews:assignment-queue")).content.decode()
    places = [page.index(str(case.number)) for case in (expedited, soon, late)]
    assert places == sorted(places)


def test_queue_asks_the_same_number_of_questions_for_one_and_for_three(
    cast: Cast, client_of: SignIn, django_assert_num_queries: Callable[..., object]
) -> None:
    client, counts = client_of(cast.administrator), []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for more in (1, 2):
        for _ in range(more):
            make_offer()
        for url in (reverse("reviews:assignment-queue"), reverse("reviews:reviewer-list")):
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(url)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_candidates_are_listed_fit_first_with_reasons(cast: Cast, client_of: SignIn) -> None:
    case = make_ready_case()
    busy, free = make_reviewer(), make_reviewer(specialties=("Pain Medicine",))
    barred = make_reviewer(hours_per_week=10)
    make_offer(reviewer=busy)
    url = reverse("reviews:assignment-create", args=[case.pk])
    page = client_of(cast.administrator).get(url).content.decode()
    assert page.index(free.code) < page.index(busy.code) < page.index("Not possible") < page.index(barred.code)
    assert "10 hours a week in active practice; at least 24 are needed." in page
    assert Event.objects.filter(action="reviewer.list", actor=cast.administrator).exists()
    page = client_of(cast.administrator).get(url, {"specialty": "Pain Medicine"}).content.decode()
    assert free.code in page
    assert busy.code not in page


def test_candidates_are_sorted_by_warnings_specialty_and_load_and_barred_by_scope(
    cast: Cast, client_of: SignIn
) -> None:
    case = make_ready_case()
    Party.objects.filter(case=case, role=PartyRole.REQUESTING_PHYSICIAN).update(specialty="Orthopedic surgery")
    DisputedItem.objects.filter(case=case).update(
        category=TreatmentCategory.objects.get(code="surgery-arthroscopic-surgery")
    )
    elsewhere = make_reviewer(states=("NV",))
    family = make_reviewer(specialties=("Family Practice",))
    surgeon = make_reviewer()
    make_offer(reviewer=surgeon)
    chiropractor = make_reviewer(kind=LicenseKind.DC)
    page = client_of(cast.administrator).get(reverse("reviews:assignment-create", args=[case.pk])).content.decode()
    wanted = [surgeon.code, family.code, elsewhere.code, "Not possible", chiropractor.code]
    places = [page.index(words) for words in wanted]
    assert places == sorted(places)
    assert "this license does not allow drugs, injections or surgery" in page
    assert "(as the requesting physician)" in page


def test_offer_from_the_page_and_the_second_tab(cast: Cast, client_of: SignIn) -> None:
    case, reviewer = make_ready_case(), make_reviewer()
    url = reverse("reviews:assignment-create", args=[case.pk])
    answer = client_of(cast.administrator).post(url, {"reviewer": reviewer.pk})
    assert answer.status_code == 302
    answer = client_of(cast.other_administrator).post(url, {"reviewer": make_reviewer().pk})
    assert answer.status_code == 409
    assert "by another administrator. Open the case to see it." in answer.content.decode()
    assert "Offered, waiting for an answer" in answer.content.decode()
    assert Assignment.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("reviewer", ["", "x", "0", "-1", "999999", "9" * 40])
def test_offer_to_nobody_is_refused_beside_the_list(cast: Cast, client_of: SignIn, reviewer: str) -> None:
    case = make_ready_case()
    answer = client_of(cast.administrator).post(
        reverse("reviews:assignment-create", args=[case.pk]), {"reviewer": reviewer}
    )
    assert answer.status_code == 422
    assert not Assignment.objects.exists()


def test_blocked_offer_says_why(cast: Cast, client_of: SignIn) -> None:
    case, reviewer = make_ready_case(), make_reviewer(verified=False)
    answer = client_of(cast.administrator).post(
        reverse("reviews:assignment-create", args=[case.pk]), {"reviewer": reviewer.pk}
    )
    assert answer.status_code == 400
    assert "The California license on file has not been verified." in answer.content.decode()


def test_recall_asks_for_a_reason_and_says_when_it_came_too_late(cast: Cast, client_of: SignIn) -> None:
    accepted, client = make_accepted(), client_of(cast.administrator)
    url = reverse("reviews:assignment-recall", args=[accepted.assignment.pk])
    assert "records are closed to this reviewer at once" in client.get(url).content.decode()
    answer = client.post(url, {"reason": " "})
    assert answer.status_code == 422
    assert "Say why the case is taken back." in answer.content.decode()
    assert client.post(url, {"reason": "Illness"}).status_code == 302
    answer = client.post(url, {"reason": "Illness"})
    assert answer.status_code == 409
    assert "This assignment has been “recalled” since" in answer.content.decode()


def test_offer_page_shows_parties_and_items_but_no_records(cast: Cast, client_of: SignIn) -> None:
    offer = make_offer()
    Document.objects.create(
        case=offer.case,
        kind=DocumentKind.MEDICAL_REPORT,
        source=DocumentSource.PHYSICIAN,
        title="Canary progress note",
        original_name="canary-note.pdf",
        sha256="a" * 64,
        size=10,
        page_count=1,
        text_page_count=1,
        uploaded_by=cast.claims,
    )
    page = client_of(offer.reviewer.user).get(reverse("reviews:assignment-offer", args=[offer.pk])).content.decode()
    assert "MRI of the lumbar spine" in page
    assert "Bayview Spine Group" in page
    assert "Lumbar radiculopathy" in page
    assert "Canary" not in page
    assert "canary" not in page
    assert page.count('type="radio"') == 7 * 2 + 4
    assert 'aria-current="true">My reviews' in page
    assert "Availability</a>" in page


def test_answers_are_all_asked_for_and_typed_text_stays(cast: Cast, client_of: SignIn) -> None:
    offer = make_offer()
    client, url = client_of(offer.reviewer.user), reverse("reviews:assignment-offer", args=[offer.pk])
    answer = client.post(url, {"answer": "accept", "note": "My words stay", "conflict_maker": "perhaps"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "My words stay" in page
    assert page.count("Say whether you have an affiliation with the") >= 4
    assert "Say whether you are qualified for this case." in page
    answer = client.post(url, {"answer": "decline", "decline-note": "Mine too"})
    assert answer.status_code == 422
    assert "Choose a reason." in answer.content.decode()
    assert "Mine too" in answer.content.decode()
    offer.refresh_from_db()
    assert offer.status == AssignmentStatus.OFFERED


def test_accepting_opens_the_workspace_and_a_conflict_declines(client_of: SignIn) -> None:
    offer, conflicted = make_offer(), make_offer()
    answer = client_of(offer.reviewer.user).post(reverse("reviews:assignment-offer", args=[offer.pk]), NO_CONFLICT)
    assert answer.headers["Location"] == reverse("reviews:workspace", args=[offer.pk])
    assert Case.objects.get(pk=offer.case_id).status == CaseStatus.IN_REVIEW
    client, url = client_of(conflicted.reviewer.user), reverse("reviews:assignment-offer", args=[conflicted.pk])
    given = {**NO_CONFLICT, "conflict_maker": "yes", "note": "Consultant of the maker"}
    asked = client.post(url, given)
    text = asked.content.decode()
    assert asked.status_code == 200
    assert "<li>the maker</li>" in text
    assert "Decline because of the conflict" in text
    assert '<input type="hidden" name="conflict_maker" value="yes"' in text
    conflicted.refresh_from_db()
    assert conflicted.status == AssignmentStatus.OFFERED
    back = client.post(url, {**given, "answer": "back", "confirmed": "yes"})
    assert back.status_code == 200
    assert "Consultant of the maker</textarea>" in back.content.decode()
    conflicted.refresh_from_db()
    assert conflicted.status == AssignmentStatus.OFFERED
    unqualified = client.post(url, {**NO_CONFLICT, "is_qualified": "no"}).content.decode()
    assert "Decline because of my qualification" in unqualified
    answer = client.post(url, {**given, "confirmed": "yes"})
    assert answer.headers["Location"] == reverse("reviews:worklist")
    conflicted.refresh_from_db()
    assert (conflicted.status, conflicted.decline_reason) == (AssignmentStatus.DECLINED, "conflict")


def test_declining_and_giving_back(client_of: SignIn) -> None:
    offer, accepted = make_offer(), make_accepted()
    answer = client_of(offer.reviewer.user).post(
        reverse("reviews:assignment-offer", args=[offer.pk]),
        {"answer": "decline", "decline-reason": "workload", "decline-suggestion": "Somebody in pain medicine"},
    )
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert offer.end_note == "Suggested: Somebody in pain medicine"
    page = client_of(offer.reviewer.user).get(reverse("reviews:assignment-offer", args=[offer.pk])).content.decode()
    assert "This offer ended on" in page
    client, url = client_of(accepted.user), reverse("reviews:assignment-return", args=[accepted.assignment.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"decline-reason": "conflict"}).status_code == 422
    found = {"decline-reason": "conflict", "decline-conflicts": ["physician"]}
    assert client.post(url, found).status_code == 302
    assert client.post(url, found).status_code == 409


def test_offer_of_somebody_else_is_not_found_and_other_roles_are_refused(cast: Cast, client_of: SignIn) -> None:
    offer = make_offer()
    make_reviewer(user=cast.other_reviewer)
    for name in ("assignment-offer", "assignment-return"):
        url = reverse(f"reviews:{name}", args=[offer.pk])
        foreign = client_of(cast.other_reviewer).get(url)
        missing = client_of(cast.other_reviewer).get(reverse(f"reviews:{name}", args=[offer.pk + 10_000]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        for person in (cast.claims, cast.administrator, cast.auditor, cast.operator):
            assert client_of(person).get(url).status_code == 403
    for name, pk in (("assignment-create", offer.case_id), ("assignment-recall", offer.pk)):
        url = reverse(f"reviews:{name}", args=[pk])
        for person in (cast.claims, cast.manager, offer.reviewer.user, cast.auditor, cast.operator):
            assert client_of(person).get(url).status_code == 403
        assert client_of(cast.medical_director).get(url).status_code == 200
        missing_url = reverse(f"reviews:{name}", args=[pk + 10_000])
        assert client_of(cast.administrator).get(missing_url).status_code == 404


def test_offer_after_a_withdrawal_says_so(cast: Cast, client_of: SignIn) -> None:
    offer = make_offer()
    Case.objects.filter(pk=offer.case_id).update(status=CaseStatus.WITHDRAWN)
    url = reverse("reviews:assignment-offer", args=[offer.pk])
    assert "no longer waits for a reviewer" in client_of(offer.reviewer.user).get(url).content.decode()
    assert client_of(offer.reviewer.user).post(url, NO_CONFLICT).status_code == 409


def test_page_names_the_reviewer_to_those_who_assign_only(cast: Cast, client_of: SignIn) -> None:
    offer = make_offer()
    name = ReviewerIdentity.objects.get(reviewer=offer.reviewer).full_name
    url = reverse("reviews:assignment-create", args=[offer.case_id])
    assert name in client_of(cast.administrator).get(url).content.decode()
    own: User = offer.reviewer.user
    assert name not in client_of(own).get(reverse("reviews:assignment-offer", args=[offer.pk])).content.decode()
