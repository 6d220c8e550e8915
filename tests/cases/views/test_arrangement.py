"""The forms that turn, divide and join documents, without scripts (B12)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import ArrangementState, CaseStatus
from cases.models import Arrangement, Case, Document
from tests.factories.accounts import Cast
from tests.factories.arrangements import divide, made_by, work_off
from tests.factories.cases import make_case, make_document, make_draft, make_pdf

type ClientOf = Callable[..., Client]

DIVISION = {
    "wanted": "2",
    "pages_1": "1-2",
    "kind_1": "medical_report",
    "title_1": "Progress report",
    "author_1": "Noah Bell, MD",
    "dated_on_1": "02/27/2014",
    "pages_2": "4-end",
    "kind_2": "diagnostic_report",
    "title_2": "MRI of the lumbar spine",
    "left_out": "3",
}


def scan_in(case: Case, pages: int = 5) -> Document:
    return make_document(case, title="Scan", data=make_pdf(pages, mark="scan"), page_count=pages)


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)


def test_document_is_divided_by_page_ranges(cast: Cast, case: Case, client_of: ClientOf) -> None:
    scan = scan_in(case)
    client = client_of(cast.claims)
    address = reverse("cases:document-divide", args=[case.pk, scan.pk])
    assert client.get(address).status_code == 200

    told = client.post(address, DIVISION, follow=True).content.decode()
    arrangement = Arrangement.objects.get()
    assert "Being made" in told
    assert "hx-trigger" in told
    work_off(arrangement)

    first, second = made_by(arrangement)
    assert (first.title, first.author, str(first.dated_on), first.page_count) == (
        "Progress report",
        "Noah Bell, MD",
        "2014-02-27",
        2,
    )
    assert (second.kind, second.page_count) == ("diagnostic_report", 2)
    done = client.get(reverse("cases:arrangement-detail", args=[case.pk, arrangement.pk])).content.decode()
    assert "Pages 1-2 of “Scan”" in done
    assert "Left out: page 3." in done
    shown = client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "Divided into several documents" in shown
    assert "What became of its pages" in shown
    assert "Pages 4-5 of “Scan”" in shown
    part = client.get(
        reverse("cases:arrangement-detail", args=[case.pk, arrangement.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert part.lstrip().startswith("<div id=")
    assert "hx-trigger" not in part
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"pages_1": "1-x"}, "pages_1", "“1-x” cannot be read"),
        ({"pages_1": "9"}, "pages_1", "There is no page 9. The document has 5 pages."),
        ({"pages_2": "2-5"}, "pages_2", "Page 2 is in an earlier part already."),
        ({"left_out": ""}, "left_out", "Page 3 is in no part."),
        ({"left_out": "4"}, "left_out", "Page 4 is in a part and left out."),
        ({"title_2": ""}, "title_2", "Enter the title."),
        ({"kind_2": ""}, "kind_2", "Select the kind of document."),
        ({"pages_2": ""}, "pages_2", "Write the pages of this part"),
        ({"dated_on_1": "02/31/2014"}, "dated_on_1", "There is no such day."),
        ({"wanted": "999999"}, "left_out", ""),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    cast: Cast, case: Case, client_of: ClientOf, changes: dict[str, str], field: str, words: str
) -> None:
    scan = scan_in(case)
    answer = client_of(cast.claims).post(
        reverse("cases:document-divide", args=[case.pk, scan.pk]), {**DIVISION, **changes}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    if words:
        assert any(words in error for error in answer.context["form"].errors[field])
    assert "Noah Bell, MD" in page
    assert not Arrangement.objects.exists()


def test_summary_says_of_which_part_a_repeated_sentence_is(cast: Cast, case: Case, client_of: ClientOf) -> None:
    url = reverse("cases:document-divide", args=[case.pk, scan_in(case).pk])
    page = client_of(cast.claims).post(url, {**DIVISION, "pages_1": "99", "pages_2": "99"}).content.decode()
    assert "Part 1, pages: There is no page 99." in page
    assert "Part 2, pages: There is no page 99." in page


def test_more_parts_keep_what_was_typed(cast: Cast, case: Case, client_of: ClientOf) -> None:
    scan = scan_in(case)
    address = reverse("cases:document-divide", args=[case.pk, scan.pk])
    page = client_of(cast.claims).post(address, {**DIVISION, "more": "1", "pages_1": "1-x"})
    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("<legend") == 4
    assert 'value="1-x"' in html
    assert 'value="MRI of the lumbar spine"' in html
    assert "cannot be read" not in html


def test_pages_are_turned(cast: Cast, case: Case, client_of: ClientOf) -> None:
    scan = scan_in(case)
    client = client_of(cast.administrator)
    address = reverse("cases:document-turn", args=[case.pk, scan.pk])
    none = client.post(address, {})
    assert (none.status_code, "Write which pages to turn" in none.content.decode()) == (422, True)
    twice = client.post(address, {"turn_90": "1-2", "turn_180": "2"})
    assert "to be turned in another way already" in twice.content.decode()
    assert client.post(address, {"turn_90": "1-2", "turn_270": "5"}).status_code == 302
    arrangement = work_off(Arrangement.objects.get())
    shown = client.get(reverse("cases:arrangement-detail", args=[case.pk, arrangement.pk])).content.decode()
    assert "Pages 1-2, 5 turned" in shown


def test_documents_are_joined_in_the_typed_order(cast: Cast, case: Case, client_of: ClientOf) -> None:
    one, two = scan_in(case, 2), make_document(case, title="Second", data=make_pdf(1, mark="two"))
    client = client_of(cast.claims)
    address = reverse("cases:document-join", args=[case.pk])
    assert f'name="place_{one.pk}" value="1"' in client.get(f"{address}?first={one.pk}").content.decode()
    said = {"kind": "medical_report", "title": "Both"}
    few = client.post(address, {**said, f"place_{one.pk}": "1"})
    assert (few.status_code, "Number at least two documents" in few.content.decode()) == (422, True)
    bare = client.post(address, {f"place_{one.pk}": "1"}).content.decode()
    assert bare.index("Number at least two documents") < bare.index("Select the kind of document.")
    same = client.post(address, {**said, f"place_{one.pk}": "1", f"place_{two.pk}": "1"})
    assert "has place 1 already" in same.content.decode()
    assert client.post(address, {**said, f"place_{one.pk}": "2", f"place_{two.pk}": "1"}).status_code == 302
    (made,) = made_by(work_off(Arrangement.objects.get()))
    assert [origin.source for origin in made.came_from] == [two, one]


def test_refusal_of_the_work_is_told_on_the_case_page(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    scan = scan_in(case)
    client = client_of(cast.claims)
    client.post(reverse("cases:document-turn", args=[case.pk, scan.pk]), {"turn_90": "1"})
    shown = client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "Being made" in shown
    again = client.post(reverse("cases:document-turn", args=[case.pk, scan.pk]), {"turn_90": "1"})
    assert (again.status_code, "being arranged already" in again.content.decode()) == (409, True)
    refused = Arrangement.objects.get()
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.QA)
    assert work_off(refused).state == ArrangementState.REFUSED
    assert "Not done" in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    closed = client.get(reverse("cases:document-turn", args=[case.pk, scan.pk]))
    assert (closed.status_code, "can no longer be changed" in closed.content.decode()) == (409, True)


def test_documents_of_a_draft_are_divided_before_they_are_filed(cast: Cast, client_of: ClientOf) -> None:
    draft = make_draft(cast.claims)
    scan = scan_in(draft, 2)
    page = client_of(cast.claims).get(reverse("cases:filing-documents", args=[draft.pk])).content.decode()
    assert reverse("cases:document-divide", args=[draft.pk, scan.pk]) in page
    assert len(divide(scan, cast.claims, "1", "2")) == 2
    page = client_of(cast.claims).get(reverse("cases:filing-documents", args=[draft.pk])).content.decode()
    assert "Part 2" in page
