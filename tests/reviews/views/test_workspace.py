"""The workspace without scripts and through its fragments."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from cases.enums import CaseStatus
from cases.models import Application, URDecision
from guidelines.models import GuidelineSection
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from reviews.models import Assignment, Citation, Finding, Review, Revision
from reviews.services.assignment import recall_assignment
from reviews.services.determination import return_for_correction, sign_determination
from reviews.services.paragraph import ParagraphWords, create_paragraph
from reviews.services.review import open_review
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.review_drafts import RATIONALE, SUMMARY, add_item, complete_review, make_record, prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_offer, make_ready_case, make_reviewer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SignIn = Callable[[User], Client]


@pytest.fixture
def accepted() -> Accepted:
    case = make_ready_case()
    case.items.update(claims_guideline_basis="non_mtus", claims_guideline_text="ACOEM, Low Back, Table 2")
    add_item(
        case,
        "12 sessions of aquatic therapy",
        ur_outcome="modified",
        authorized="4 sessions of aquatic therapy",
        remaining="8 sessions of aquatic therapy",
    )
    add_item(case, "Functional capacity evaluation", eligibility="ineligible", ineligibility_reason="INE-DUP")
    found = make_accepted(case)
    prepare_case(found.case)
    return found


def address(name: str, accepted: Accepted, *more: int) -> str:
    return reverse(f"reviews:{name}", args=[accepted.assignment.pk, *more])


def statuses(client: Client, pages: list[str]) -> set[int]:
    found = set()
    for page in pages:
        answer: Any = client.get(page)
        # A file is closed when it was read to its end.
        b"".join(answer.streaming_content if answer.streaming else [])
        found.add(answer.status_code)
    return found


def first_finding(accepted: Accepted) -> Finding:
    open_review(assignment_id=accepted.assignment.pk, actor=accepted.user)
    return Finding.objects.filter(review__assignment=accepted.assignment).order_by("item__position")[0]


def typed(finding: Finding, **changes: Any) -> dict[str, Any]:
    fields = ("version", "outcome", "rationale", "claims_basis", "claims_text", "reviewer_basis")
    return {name: getattr(finding, name) for name in (*fields, "reviewer_text", "hierarchy_reason")} | changes


def test_workspace_shows_requests_prefill_records_and_what_is_left(accepted: Accepted, client_of: SignIn) -> None:
    page = client_of(accepted.user).get(address("workspace", accepted))
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "12 sessions of aquatic therapy",
        "4 sessions of aquatic therapy",
        "8 sessions of aquatic therapy",
        "ACOEM, Low Back, Table 2",
        "UR decision",
        "0 of 2 items decided",
        "Mark 2 documents as considered or not relevant.",
        "The injured worker is a male who sustained an industrial injury on",
    ):
        assert words in text
    assert "Functional capacity evaluation" not in text
    assert Finding.objects.filter(review__assignment=accepted.assignment).count() == 2
    assert Event.objects.filter(action="review.viewed", case_id=accepted.case.pk).count() == 1


def test_buttons_of_frequent_words_stand_below_their_field(accepted: Accepted, client_of: SignIn) -> None:
    text = client_of(accepted.user).get(address("workspace", accepted)).content.decode()
    assert text.index('name="hierarchy_reason"') < text.index("Often:") < text.index("MTUS silent")
    assert ">Hide header</button>" in text


def test_workspace_says_why_it_was_returned_until_it_is_signed_again(accepted: Accepted, client_of: SignIn) -> None:
    complete_review(accepted)
    client = client_of(accepted.user)
    assert "Returned for correction" not in client.get(address("workspace", accepted)).content.decode()
    who: dict[str, Any] = {"assignment_id": accepted.assignment.pk, "actor": accepted.user, "password": PASSWORD}
    determination = sign_determination(**who)
    director = make_user(Role.MEDICAL_DIRECTOR)
    return_for_correction(determination_id=determination.pk, actor=director, reason="Cite the section used.")
    assert "Cite the section used." in client.get(address("workspace", accepted)).content.decode()
    sign_determination(**who)
    assert "Cite the section used." not in client.get(address("workspace", accepted)).content.decode()


def test_workspace_is_there_for_the_assigned_reviewer_only(accepted: Accepted, client_of: SignIn) -> None:
    finding = first_finding(accepted)
    document = make_record(accepted.case)
    pages = [
        address("workspace", accepted),
        address("sign", accepted),
        address("document", accepted, document.pk),
        address("citation-find", accepted, finding.item_id),
    ]
    other = client_of(make_reviewer().user)
    assert statuses(other, pages) == {404}
    staff = client_of(make_user(Role.ADMINISTRATOR))
    assert staff.get(pages[0]).status_code == 403
    mine = client_of(accepted.user)
    assert statuses(mine, pages) == {200}
    foreign = make_record(make_ready_case())
    assert mine.get(address("document", accepted, foreign.pk)).status_code == 404
    assert Event.objects.filter(action="document.view", object_id=document.pk, actor=accepted.user).count() == 1
    offer = make_offer(reviewer=accepted.reviewer)
    assert mine.get(reverse("reviews:workspace", args=[offer.pk])).status_code == 404
    recall_assignment(
        assignment_id=accepted.assignment.pk, actor=make_user(Role.ADMINISTRATOR), reason="Another specialty is needed."
    )
    assert statuses(mine, pages) == {404}
    save = address("finding-save", accepted, finding.item_id)
    assert mine.post(save, typed(finding, rationale="Late words")).status_code == 404
    assert Review.objects.filter(assignment=accepted.assignment).exists()


def test_signed_out_autosave_says_so_and_keeps_the_page(accepted: Accepted) -> None:
    finding = first_finding(accepted)
    answer = Client().post(address("finding-save", accepted, finding.item_id), typed(finding), headers=HTMX)
    assert answer.status_code == 401
    assert answer["HX-Trigger"] == "imr:signed-out"


def test_role_that_ends_while_typing_ends_the_saving(accepted: Accepted, client_of: SignIn) -> None:
    """C17, the role instead of the session: refused with words from the next save on, and what was stored stays."""
    finding = first_finding(accepted)
    save = address("finding-save", accepted, finding.item_id)
    client = client_of(accepted.user)
    # The control: the same save, while the role lasts.
    assert client.post(save, typed(finding, rationale="Typed in time."), headers=HTMX).status_code == 200
    User.objects.filter(pk=accepted.user.pk).update(role=Role.AUDITOR)
    late = client.post(save, typed(finding, version=2, rationale="Typed too late."), headers=HTMX)
    assert late.status_code == 403
    finding.refresh_from_db()
    assert finding.rationale == "Typed in time."


def test_summary_begins_with_the_facts_until_it_is_saved(accepted: Accepted, client_of: SignIn) -> None:
    """Filled in, not stored: nobody has written it yet. Once saved, even as nothing, it is the reviewer's."""
    Application.objects.filter(case=accepted.case).update(employee_birth_date="1961-02-03")
    URDecision.objects.filter(case=accepted.case).update(decided_on="2014-03-17")
    client: Any = client_of(accepted.user)
    page = client.get(address("workspace", accepted))
    form = page.context["summary"]["form"]
    starter = form["clinical_case_summary"].value()
    injured = Application.objects.get(case=accepted.case).date_of_injury
    assert starter == (
        f"The injured worker is a 53-year-old male who sustained an industrial injury on {injured:%m/%d/%Y}. "
        "The diagnosis is Lumbar radiculopathy. The treatment in dispute concerns the low back."
    )
    assert "filled in from the facts" in page.content.decode()
    review = Review.objects.get(assignment=accepted.assignment)
    assert (review.clinical_case_summary, review.version) == ("", 1)
    save = address("summary-save", accepted)
    answer = client.post(
        save, {"version": 1, "clinical_case_summary": "Line one\r\n\r\n\r\n\r\nLine\u00a0two"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert "hx-swap-oob" in answer.content.decode()
    review.refresh_from_db()
    assert review.clinical_case_summary == "Line one\n\nLine two"
    # A second window began with the same words: what it changed of them is compared with them.
    merged = client.post(
        save, {"version": 1, "clinical_case_summary": starter, "editor": "other", "sequence": 1}, headers=HTMX
    )
    assert merged.status_code == 200
    review.refresh_from_db()
    assert review.clinical_case_summary == "Line one\n\nLine two"
    client.post(save, {"version": 2, "clinical_case_summary": ""})
    emptied = client.get(address("workspace", accepted))
    assert emptied.context["summary"]["form"]["clinical_case_summary"].value() == ""
    assert "Start with these words" in emptied.content.decode()
    client.post(save, {"version": 3, "clinical_case_summary": "", "action": "starter"})
    review.refresh_from_db()
    assert review.clinical_case_summary == starter
    assert "Worker" not in starter


@pytest.mark.parametrize("is_fragment", [False, True])
def test_stale_save_answers_with_both_texts_and_the_choice(
    is_fragment: bool, accepted: Accepted, client_of: SignIn
) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    save = address("finding-save", accepted, finding.item_id)
    headers = HTMX if is_fragment else {}
    stored, mine = "Stored elsewhere " + "s" * 150, "Typed here <b> & " + "m" * 150
    client.post(save, typed(finding, rationale=stored, outcome="upheld"))
    answer = client.post(save, typed(finding, rationale=mine), headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert stored in text
    if is_fragment:
        assert f'<a href="#item_{finding.item_id}_conflict">' in text
    assert f'id="item_{finding.item_id}_conflict"' in text
    assert "Typed here &lt;b&gt; &amp; " + "m" * 150 in text
    finding.refresh_from_db()
    assert finding.rationale == stored
    choice = typed(finding, version=1, stored_version=finding.version, rationale=mine, action="resolve:mine")
    assert client.post(save, choice, headers=headers).status_code == (200 if is_fragment else 302)
    finding.refresh_from_db()
    assert finding.rationale == mine
    kept = client.post(save, typed(finding, version=1, rationale="x", action="resolve:stored"), headers=headers)
    finding.refresh_from_db()
    assert finding.rationale == mine
    assert kept.status_code == (200 if is_fragment else 302)
    if is_fragment:
        assert kept["HX-Retarget"] == f"#item_{finding.item_id}"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rationale", "x " * 10_000, "Decision rationale must have 20,000 characters or fewer. It has 20,001."),
        ("rationale", "not \u202emedically necessary", "hidden direction marks"),
        ("claims_text", "a\x00b", "Remove the invisible character after “a”."),
        ("reviewer_text", "y" * 201, "201 characters without a break"),
        ("outcome", "modified", "Select a valid choice"),
    ],
    ids=["too-long", "direction-marks", "nul", "unbroken", "third-outcome"],
)
def test_refused_text_stays_with_the_message_beside_it(
    field: str, value: str, words: str, accepted: Accepted, client_of: SignIn
) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    save = address("finding-save", accepted, finding.item_id)
    data = typed(finding, **({"rationale": "Kept words"} | {field: value if field != "rationale" else value + "z"}))
    page = client.post(save, data)
    assert page.status_code == 422
    text = page.content.decode()
    assert words in text
    assert (data["rationale"][:40].strip()) in text
    fragment = client.post(save, data, headers=HTMX)
    assert fragment.status_code == 422
    assert words in fragment.content.decode()
    finding.refresh_from_db()
    assert finding.rationale == ""
    assert client.post(save, typed(finding, version="")).status_code == 400


def test_citations_are_found_added_checked_and_removed(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    save = address("finding-save", accepted, finding.item_id)
    found = client.get(address("citation-find", accepted, finding.item_id), {"q": "chronic pain exercise"})
    section = GuidelineSection.objects.filter(edition__source__body="mtus", title__icontains="exercise").first()
    assert section is not None
    assert f"add:{section.pk}" in found.content.decode()
    by_address = client.post(save, typed(finding, rationale="Words so far", q="exercise", action="find"))
    assert "find=" in by_address["Location"]
    assert b"Cite" in client.get(by_address["Location"]).content
    finding.refresh_from_db()
    assert finding.rationale == "Words so far"
    answer = client.post(save, typed(finding, cite_pages="46-47", action=f"add:{section.pk}"), headers=HTMX)
    assert answer.status_code == 200
    assert "46-47" in answer.content.decode()
    bad = typed(finding, cite_text="A study", cite_url="javascript:alert(1)", action="add:")
    refused = client.post(save, bad, headers=HTMX)
    assert refused.status_code == 422
    assert "Enter a full web address" in refused.content.decode()
    assert "A study" in client.post(save, bad).content.decode()
    nothing = client.post(save, typed(finding, action="add:"), headers=HTMX)
    assert "Choose a section of the catalog or name the source" in nothing.content.decode()
    assert client.post(save, typed(finding, action="add:999999999"), headers=HTMX).status_code == 422
    good = typed(finding, cite_text="A study, 2012", cite_url="https://example.org/study%20one", action="add:")
    assert client.post(save, good).status_code == 302
    citations = list(Citation.objects.filter(finding=finding))
    assert [(one.is_mtus, one.pages, one.position) for one in citations] == [(True, "46-47", 0), (False, "", 1)]
    client.post(save, typed(finding, action=f"remove:{citations[0].pk}"))
    assert Citation.objects.get(finding=finding).text == "A study, 2012"


def test_marks_of_two_windows_do_not_undo_each_other(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    first_finding(accepted)
    one, two = accepted.case.documents.all()
    save = address("documents-mark", accepted)
    shown = {f"was-{one.pk}": "unread", f"was-{two.pk}": "unread"}
    assert client.post(save, shown | {f"use-{one.pk}": "considered"}, headers=HTMX).status_code == 200
    assert client.post(save, shown | {f"use-{two.pk}": "not_relevant"}).status_code == 302
    uses = Review.objects.get().considered_documents.values_list("document_id", "use")
    assert dict(uses) == {one.pk: "considered", two.pk: "not_relevant"}
    assert client.post(save, shown | {f"use-{two.pk}": "burned"}).status_code == 400


def test_sign_page_lists_what_is_missing_then_signs(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    first_finding(accepted)
    before = client.get(address("sign", accepted)).content.decode()
    assert "things left before you can sign" in before
    assert 'id="id_password"' not in before
    complete_review(accepted)
    page = client.get(address("sign", accepted))
    assert page.context["missing"] == []
    digest = page.context["snapshot"]
    wrong = client.post(address("sign", accepted), {"password": "wrong", "snapshot": digest})
    assert wrong.status_code == 422
    assert "That is not your password." in wrong.content.decode()
    assert client.post(address("sign", accepted), {"snapshot": digest}).status_code == 422
    stale = client.post(address("sign", accepted), {"password": PASSWORD, "snapshot": "0" * 64})
    assert stale.status_code == 409
    done = client.post(address("sign", accepted), {"password": PASSWORD, "snapshot": digest}, follow=True)
    assert done.status_code == 200
    text = done.content.decode()
    assert "signed" in text
    assert "Upheld" in text
    item = accepted.case.items.all()[0]
    late = client.post(
        address("finding-save", accepted, item.pk), {"version": 1, "rationale": "Words typed too late", "outcome": ""}
    )
    assert late.status_code == 409
    assert "Words typed too late" in late.content.decode()


def test_warnings_are_confirmed_one_by_one_before_signing(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    complete_review(accepted, rationale="The treatment asked for is medically necessary for this worker.")
    page = client.get(address("sign", accepted))
    keys = [gap.key for gap in page.context["warnings"]]
    assert len(keys) == 2
    data = {"password": PASSWORD, "snapshot": page.context["snapshot"]}
    assert client.post(address("sign", accepted), data | {"confirmed": keys[:1]}).status_code == 422
    assert client.post(address("sign", accepted), data | {"confirmed": keys}).status_code == 302


def test_worklist_shows_each_state_with_its_next_step(client_of: SignIn, django_assert_max_num_queries: Any) -> None:
    reviewer = make_reviewer()
    client = client_of(reviewer.user)
    url = reverse("reviews:worklist")
    assert "Nothing to review" in client.get(url).content.decode()
    offer = make_offer(reviewer=reviewer)
    working = make_accepted(reviewer=reviewer)
    add_item(working.case, "A second item")
    complete_review(make_accepted())
    returned = make_accepted(reviewer=reviewer)
    complete_review(returned)
    who: dict[str, Any] = {"assignment_id": returned.assignment.pk, "actor": returned.user}
    determination = sign_determination(**who, password=PASSWORD)
    director = make_user(Role.MEDICAL_DIRECTOR)
    return_for_correction(determination_id=determination.pk, actor=director, reason="Cite the section used.")
    signed = make_accepted(reviewer=reviewer)
    complete_review(signed)
    sign_determination(assignment_id=signed.assignment.pk, actor=signed.user, password=PASSWORD)
    with django_assert_max_num_queries(12):
        page = client.get(url).content.decode()
    assert reverse("reviews:assignment-offer", args=[offer.pk]) in page
    assert "0 of 2 items decided" in page
    assert "Cite the section used." in page
    assert str(signed.case.number) not in page
    # Two reviews, and for the offer its own due date and the day by which to answer.
    assert page.count("due in") == 4
    page = client.get(url, {"state": "signed"}).content.decode()
    assert str(signed.case.number) in page
    assert str(working.case.number) not in page
    for query in ("state=x", "sort=x", "after=x", "state=signed&sort=-due", "sort=-number", "state=offers&sort=signed"):
        assert client.get(f"{url}?{query}").status_code == 200
    assert str(Assignment.objects.exclude(reviewer=reviewer).get().case.number) not in page
    assert SUMMARY not in page
    assert RATIONALE not in page


def test_lapsed_license_gives_the_case_back_and_keeps_the_draft(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    complete_review(accepted)
    digest = client.get(address("sign", accepted)).context["snapshot"]
    accepted.reviewer.licenses.update(expires_on=clock.today() - timedelta(days=1))
    answer = client.post(address("sign", accepted), {"password": PASSWORD, "snapshot": digest})
    assert answer.status_code == 409
    assert "expired" in answer.content.decode()
    accepted.case.refresh_from_db()
    assert accepted.case.status == CaseStatus.READY_FOR_REVIEW
    assert Review.objects.get(assignment=accepted.assignment).clinical_case_summary == SUMMARY
    assert client.get(address("workspace", accepted)).status_code == 404


def test_words_on_an_item_that_left_the_review_come_back(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    accepted.case.items.filter(pk=finding.item_id).update(status="withdrawn")
    data = typed(finding, rationale="Words on a withdrawn item")
    answer = client.post(address("finding-save", accepted, finding.item_id), data)
    assert answer.status_code == 409
    assert "Item 1 (“MRI of the lumbar spine”) is no longer under review" in answer.content.decode()
    assert "Words on a withdrawn item" in answer.content.decode()
    assert client.post(address("finding-save", accepted, 999_999_999), data).status_code == 404


def test_workspace_asks_the_database_as_often_for_three_items_as_for_one(
    client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for more in (0, 2):
        accepted = make_accepted()
        prepare_case(accepted.case)
        for number in range(more):
            add_item(accepted.case, f"Item {number}")
            make_record(accepted.case)
        client = client_of(accepted.user)
        client.get(address("workspace", accepted))
        with django_assert_max_num_queries(94) as queries:
            client.get(address("workspace", accepted))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_viewer_opens_with_the_first_record_still_to_be_marked(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    page = client.get(address("workspace", accepted))
    opened = page.context["opened"]
    assert f'src="{address("document", accepted, opened.pk)}' in page.content.decode()
    client.post(address("documents-mark", accepted), {f"use-{opened.pk}": "considered"})
    following = client.get(address("workspace", accepted)).context["opened"]
    assert following != opened
    asked = client.get(address("workspace", accepted), {"document": str(opened.pk)}).context["opened"]
    assert asked == opened
    assert client.get(address("workspace", accepted), {"document": "9" * 40}).context["opened"] == following


def test_basis_follows_what_is_cited_and_the_same_as_the_claims_administrator_is_taken_over(
    accepted: Accepted, client_of: SignIn
) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    save = address("finding-save", accepted, finding.item_id)
    named = typed(finding, claims_basis="non_mtus", claims_text="A guideline\nthat no catalog has", action="same:")
    answer = client.post(save, named, headers=HTMX)
    assert answer.status_code == 200
    assert "Follows your citations" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.reviewer_basis == "non_mtus"
    citation = finding.citations.get()
    assert (citation.text, citation.section, citation.is_mtus) == ("A guideline that no catalog has", None, False)
    mtus = {"cite_text": "Knee Complaints 2004", "cite_is_mtus": "on", "action": "add:"}
    client.post(save, typed(finding, version=finding.version, **mtus), headers=HTMX)
    finding.refresh_from_db()
    assert finding.reviewer_basis == "both"
    nothing = typed(finding, version=finding.version, claims_text="", action="same:")
    assert client.post(save, nothing, headers=HTMX).status_code == 422


def test_places_cited_lately_are_offered_before_anything_is_typed(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    assert "You cited lately" not in client.get(address("workspace", accepted)).content.decode()
    section = GuidelineSection.objects.filter(edition__source__is_active=True, chapter="", title="")[0]
    client.post(
        address("finding-save", accepted, finding.item_id), typed(finding, action=f"add:{section.pk}"), headers=HTMX
    )
    page = client.get(address("workspace", accepted)).content.decode()
    assert "You cited lately" in page
    name = f"{section.edition.source.name} {section.edition.year}"
    assert f'<span class="picker__place">{escape(name)}</span>' in page, "a whole guideline is listed under its name"
    assert f'value="add:{section.pk}"' in page


def test_paragraph_is_found_filled_and_without_scripts_appended(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    words = ParagraphWords("pt", "Therapy", "On {{item}} at {{age}}.")
    paragraph = create_paragraph(actor=accepted.user, words=words)
    found = client.get(address("paragraph-find", accepted, finding.item_id), {"p": "pt"}, headers=HTMX)
    assert f'data-insert-text="On {finding.item.description} at ' in found.content.decode()
    save = address("finding-save", accepted, finding.item_id)
    client.post(save, typed(finding, rationale="First.", action=f"paragraph:{paragraph.pk}"))
    finding.refresh_from_db()
    assert finding.rationale.startswith(f"First.\n\nOn {finding.item.description} at ")
    gone = client.post(save, typed(finding, version=finding.version, action="paragraph:999999"), headers=HTMX)
    assert gone.status_code == 400


def test_bar_tells_the_last_save_of_any_part(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    assert "Last saved" not in client.get(address("workspace", accepted)).content.decode()
    client.post(address("finding-save", accepted, finding.item_id), typed(finding, rationale="Words."), headers=HTMX)
    Finding.objects.filter(pk=finding.pk).update(saved_at=datetime(2026, 3, 2, 18, 5, tzinfo=UTC))
    Review.objects.filter(pk=finding.review_id).update(saved_at=datetime(2026, 3, 1, 18, 5, tzinfo=UTC), version=2)
    assert "Last saved 03/02/2026, 10:05 AM PT" in client.get(address("workspace", accepted)).content.decode()


def test_history_shows_earlier_texts_and_brings_one_back(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    finding = first_finding(accepted)
    save = address("finding-save", accepted, finding.item_id)
    client.post(save, typed(finding, rationale="Earlier words.", editor="one"), headers=HTMX)
    client.post(save, typed(finding, version=2, rationale="Later words.", editor="two"), headers=HTMX)
    page = client.get(address("finding-history", accepted, finding.item_id)).content.decode()
    assert page.index("Later words.") < page.index("Earlier words.")
    assert "Window 2" in page
    earlier = Revision.objects.get(text="Earlier words.")
    client.post(reverse("reviews:revision-restore", args=[accepted.assignment.pk, earlier.pk]))
    finding.refresh_from_db()
    assert finding.rationale == "Earlier words."
    assert client.get(address("finding-history", accepted, finding.item_id), {"field": "version"}).status_code == 404
    assert client.get(address("summary-history", accepted)).status_code == 200


def test_key_for_copies_is_the_session_s_and_another_session_has_another(accepted: Accepted, client_of: SignIn) -> None:
    url = reverse("reviews:draft-key")
    first, second = client_of(accepted.user), client_of(accepted.user)
    keys = [client.post(url).json()["key"] for client in (first, first, second)]
    assert keys[0] == keys[1] != keys[2]
    assert len(base64.b64decode(keys[0])) == 32
    assert "no-store" in first.post(url)["Cache-Control"]
    assert first.session.session_key not in keys[0]
