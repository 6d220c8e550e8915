"""The catalog's selectors, its constraints and its loading."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guidelines.models import GuidelineEdition, GuidelineSection, GuidelineSource
from guidelines.selectors import catalog
from guidelines.services.catalog import load_catalog
from guidelines.services.reference import record_edit
from imr.core.errors import DomainError
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    load_catalog()


def titles(query: str, **options: Any) -> list[str]:
    return [f"{row.source} {row.year}: {row.place_label}" for row in catalog.sections_matching(query, **options)]


def source(name: str = "Knots & Ropes", **fields: Any) -> GuidelineSource:
    return GuidelineSource.objects.create(**{"code": "knots", "body": "other", "step": 3, "name": name, **fields})


def edition(of: GuidelineSource, year: int, since: str, until: str | None = None) -> GuidelineEdition:
    day = date.fromisoformat
    return GuidelineEdition.objects.create(
        source=of,
        year=year,
        effective_on=day(since),
        in_force_from=day(since),
        in_force_until=day(until) if until else None,
    )


def test_the_seed_letter_can_be_cited() -> None:
    mtus, *_ = catalog.sections_matching("exercise", on=date(2014, 3, 17), body="mtus")
    assert mtus.citation == (
        "Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20-9792.26 MTUS (Effective July 18, 2009) "
        "Page(s): 46-47 of 127"
    )
    odg, *_ = catalog.sections_matching("gym", body="odg")
    assert odg.citation == "Official Disability Guidelines (ODG), Low Back Chapter, Gym Memberships"


@pytest.mark.parametrize("query", ["gym memb", "GYM", "odg gym", "low back gym", "Official gym", "membership gy"])
def test_search_matches_the_start_of_words_of_source_chapter_and_section(query: str) -> None:
    assert "Official Disability Guidelines (ODG) 2013: Low Back Chapter, Gym Memberships" in titles(query)


@pytest.mark.parametrize("query", ["ym", "gym swimming", "emberships"])
def test_search_does_not_match_inside_words_or_part_of_the_query(query: str) -> None:
    assert not any("Gym Memberships" in title for title in titles(query))


def test_search_puts_sections_that_begin_with_the_query_first() -> None:
    assert titles("exercise")[0] == "Chronic Pain Medical Treatment 2016: Exercise"
    assert titles("low back complaints")[0] == "Low Back Complaints 2004: Whole guideline"


def test_search_takes_percent_underscore_and_backslash_literally() -> None:
    held = edition(source(), 2020, "2020-01-01")
    for title in ("Relief of 50% or more", "Plan_B", "Path\\Way"):
        GuidelineSection.objects.create(edition=held, title=title)
    assert titles("%") == titles("50%") == titles("relief 50%") == ["Knots & Ropes 2020: Relief of 50% or more"]
    assert titles("_") == titles("plan_b") == ["Knots & Ropes 2020: Plan_B"]
    assert titles("\\") == ["Knots & Ropes 2020: Path\\Way"]
    assert titles("relief%more") == []


@pytest.mark.parametrize(
    "query", ["", "   ", "'", "&|!:*()<->", "':*", "\x00", "--", "\x00gym\x00 '; drop table x", "ñ" * 200, "a " * 100]
)
def test_search_survives_any_query(query: str) -> None:
    assert isinstance(catalog.sections_matching(query), list)


def test_search_refuses_more_than_200_characters() -> None:
    assert catalog.sections_matching("x" * 200) == []
    with pytest.raises(DomainError) as refused:
        catalog.sections_matching("x" * 201)
    assert "201" in refused.value.fields["q"][0]


def test_search_keeps_to_limit_body_and_day() -> None:
    assert len(titles("pain", limit=5)) == 5
    assert {row.body for row in catalog.sections_matching("low back", body="odg", limit=100)} == {"odg"}
    day = date(2016, 7, 28)
    before, after = (titles("yoga", on=on) for on in (date(2016, 7, 27), day))
    assert before == ["Chronic Pain Medical Treatment 2009: Yoga"]
    assert after == ["Chronic Pain Medical Treatment 2016: Yoga"]
    assert titles("yoga", on=date(2017, 12, 1)) == []


def test_search_leaves_out_inactive_sources_and_asks_twice() -> None:
    GuidelineSource.objects.filter(code="odg").update(is_active=False)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert not titles("gym")
    assert len(queries) == 2


def test_search_can_use_the_index() -> None:
    with connection.cursor() as cursor:
        # Few rows are read faster without any index, and which one is taken hangs on statistics of the moment.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        statement = catalog._with_words(GuidelineSection.objects.order_by(), ["zolpidem"]).explain()
    assert "guidelinesection_words" in statement


@pytest.mark.parametrize(
    ("on", "year"),
    [(date(2009, 7, 17), None), (date(2009, 7, 18), 2009), (date(2016, 7, 27), 2009), (date(2016, 7, 28), 2016)],
)
def test_edition_in_force_changes_on_the_day(on: date, year: int | None) -> None:
    held = catalog.edition_in_force(GuidelineSource.objects.get(code="mtus-chronic-pain-medical-treatment"), on)
    assert (held.year if held else None) == year


def test_section_row_is_the_place_or_nothing() -> None:
    section = GuidelineSection.objects.get(title="Exercise", edition__year=2009)
    row = catalog.section_row(section.pk)
    assert row is not None
    assert (row.title, row.pages, row.page_total) == ("Exercise", "46-47", 127)
    assert catalog.section_row(0) is None


def test_editions_of_one_source_never_overlap() -> None:
    held, other = source(), source("Other", code="other")
    edition(held, 2010, "2010-01-01", "2012-01-01")
    edition(held, 2012, "2012-01-01")
    edition(other, 2011, "2011-01-01")
    for since, until in (("2011-12-31", None), ("2009-01-01", "2010-01-02"), ("2030-01-01", "2031-01-01")):
        with pytest.raises(IntegrityError, match="guidelineedition_no_overlap"), transaction.atomic():
            edition(held, 1999, since, until)
    with pytest.raises(IntegrityError, match="guidelineedition_span"), transaction.atomic():
        edition(held, 1998, "2000-01-01", "2000-01-01")
    draft = GuidelineEdition(
        source=held, year=1997, effective_on=date(2011, 1, 1), in_force_from=date(2011, 1, 1), in_force_until=None
    )
    with pytest.raises(ValidationError):
        draft.full_clean()


def test_mtus_is_the_first_step_and_nothing_else_is() -> None:
    for body, step in (("mtus", 2), ("odg", 1)):
        with pytest.raises(IntegrityError, match="mtus_is_step_one"), transaction.atomic():
            source(body=body, step=step)


def test_loading_twice_changes_nothing() -> None:
    tables = (GuidelineSource, GuidelineEdition, GuidelineSection)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    counts = load_catalog()
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert list(counts.values()) == [len(rows) for rows in before]


def test_loading_renews_a_row_unless_a_person_edited_it(cast: Cast) -> None:
    exercise = GuidelineSection.objects.get(title="Exercise", edition__year=2009)
    yoga = GuidelineSection.objects.get(title="Yoga", edition__year=2009)
    GuidelineSection.objects.filter(pk__in=[exercise.pk, yoga.pk]).update(pages="1")
    record_edit(actor=cast.operator, instance=yoga, fields=["pages"])
    load_catalog()
    exercise.refresh_from_db()
    yoga.refresh_from_db()
    assert (exercise.pages, yoga.pages) == ("46-47", "1")


def test_loading_leaves_out_what_overlaps_an_edition_of_a_person() -> None:
    odg = GuidelineSource.objects.get(code="odg")
    GuidelineSection.objects.filter(edition__source=odg).delete()
    odg.editions.all().delete()
    edition(odg, 2026, "2010-01-01")
    counts = load_catalog()
    assert list(odg.editions.values_list("year", flat=True)) == [2026]
    assert counts["editions"] == GuidelineEdition.objects.count() - 1
