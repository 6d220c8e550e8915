"""Keyset pages: nothing missing, nothing doubled, forth and back."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from imr.accounts.models import Organization
from imr.core.paging import COUNT_CAP, keyset_page
from tests.factories.accounts import make_organization


@pytest.mark.django_db
@pytest.mark.parametrize("descending", [False, True])
def test_keyset_page_walks_forth_and_back_over_ties(descending: bool) -> None:
    made = [make_organization(city="ABC"[index % 3]) for index in range(11)]
    rows = Organization.objects.filter(pk__in=[row.pk for row in made])
    expected = sorted(made, key=lambda row: (row.city, row.pk), reverse=descending)

    seen: list[Organization] = []
    pages: list[list[Organization]] = []
    cursor = ""
    while True:
        page = keyset_page(rows, field="city", descending=descending, after=cursor, size=4)
        seen += page.rows
        pages.append(list(page.rows))
        cursor = page.after
        if not cursor:
            break
    assert seen == expected
    assert [len(rows_of) for rows_of in pages] == [4, 4, 3]

    back = keyset_page(rows, field="city", descending=descending, before=page.before, size=4)
    assert list(back.rows) == pages[1]
    assert back.after
    first = keyset_page(rows, field="city", descending=descending, before=back.before, size=4)
    assert list(first.rows) == pages[0]
    assert first.before == ""
    assert page.total == 11


@pytest.mark.django_db
def test_keyset_page_counts_to_the_cap_only() -> None:
    Session.objects.bulk_create(
        Session(session_key=f"k{number:05d}", session_data="", expire_date=timezone.now())
        for number in range(COUNT_CAP + 50)
    )
    page = keyset_page(Session.objects.all(), field="session_key")
    assert page.total == COUNT_CAP + 1
    assert page.total_words == "more than 1,000"
