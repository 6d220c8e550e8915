"""The archive takes a determination once, as it came, and lets nothing that is known be changed."""

from collections.abc import Iterable
from typing import Any

import pytest

from imr.audit.models import Event
from reviews.letters import ExchangedDetermination
from reviews.models import ArchivedCitation, ArchivedDetermination, ArchivedItem
from reviews.selectors.archive import ArchiveFilters, ExchangeReader, archive_matches, letter_of
from reviews.selectors.exchange import all_determinations, determination_count, exchange_of
from reviews.services.archive import ImportResult, ImportSource, import_determinations
from tests.factories.letters import make_signable
from tests.reviews.letters.test_exchange import DATA

pytestmark = pytest.mark.django_db


def take(*found: dict[str, Any], name: str = "a.json", **options: Any) -> ImportResult:
    """Import determinations in the exchange form."""
    reader = ExchangeReader()
    read = (reader.read(ExchangedDetermination.from_data(data)) for data in found)
    return import_determinations(source=ImportSource(name, "0" * 64), found=read, **options)


def _numbers() -> list[str]:
    return list(ArchivedDetermination.objects.order_by("case_number").values_list("case_number", flat=True))


def _events() -> list[tuple[str, Any]]:
    return list(Event.objects.filter(action="archive.import").values_list("outcome", "detail__stored"))


def test_determination_is_archived_once_and_never_changed() -> None:
    result = take(DATA, DATA | {"case_number": "CM16-0000002"})
    assert (result.stored, result.unchanged, result.items, result.problems) == (2, 0, 2, [])
    kept = ArchivedDetermination.objects.get(case_number="CM16-0000001")
    assert exchange_of(kept).to_data() == ExchangedDetermination.from_data(DATA).to_data()
    assert kept.clinical_case_summary == DATA["clinical_case_summary"]
    citation = ArchivedCitation.objects.filter(item__determination=kept, side="reviewer").get()
    assert (citation.is_mtus, citation.chapter, citation.year) == (True, "Knee Complaints", 2004)

    spaced = DATA | {"clinical_case_summary": "First  paragraph. Second\nparagraph."}
    assert take(spaced, name="again.json").unchanged == 1
    changed = take(DATA | {"case_number": "CM16-0000003"}, DATA | {"priority": "Expedited"}, name="changed.json")
    assert len(changed.problems) == 1
    assert changed.problems[0].startswith("CM16-0000001: Differs from what was archived on ")
    assert changed.problems[0].endswith(" from a.json in: priority. Nothing was changed.")
    assert _numbers() == ["CM16-0000001", "CM16-0000002"]
    assert _events() == [("done", 2), ("refused", 0)]


def test_dry_run_and_bad_determinations_store_nothing() -> None:
    dry = take(DATA, DATA | {"priority": "Expedited"}, is_dry_run=True)
    assert (dry.stored, dry.problems) == (1, ["CM16-0000001: The file holds it twice, with different words."])
    assert take(DATA, DATA, is_dry_run=True).unchanged == 1
    assert take(DATA | {"case_number": "7"}).problems == ["7: “7” is no case number; one looks like CM16-0123456."]
    assert _numbers() == []
    assert _events() == [("refused", 0)]


def test_own_cases_are_compared_with_what_was_signed_here() -> None:
    case = make_signable()
    waiting = take(DATA | {"case_number": case.case.number})
    assert "a case of ours without a valid determination" in waiting.problems[0]
    signed = case.sign()
    own = exchange_of(signed).to_data()
    assert take(own).unchanged == 1
    changed = take(own | {"clinical_case_summary": "Something else."})
    assert changed.problems[0].endswith(
        "Differs from what was signed here in: clinical case summary. Nothing was changed."
    )
    assert _numbers() == []
    take(DATA)
    assert determination_count() == 2
    assert [exchange_of(one).case_number for one in all_determinations()] == sorted(
        [str(case.case.number), "CM16-0000001"]
    )


def test_letter_of_the_archive_has_the_wording_of_its_day() -> None:
    take(DATA)
    letter = letter_of(ArchivedDetermination.objects.get())
    assert (letter.template_version, letter.decision_date.year) == ("2016-1", 2017)
    assert letter.items[0].reviewer.printed == DATA["items"][0]["reviewer_guideline"]
    assert letter.gaps() == ()


def _found(filters: ArchiveFilters) -> list[str]:
    return sorted(row.case_number for row in archive_matches(filters).rows)


def test_search_finds_words_and_narrows() -> None:
    item = DATA["items"][0]
    take(
        DATA,
        DATA
        | {
            "case_number": "CM16-0000002",
            "decision_date": "03/01/2016",
            "items": [item | {"item": "MRI of the left knee", "decision": "Upheld"}, item],
        },
        DATA | {"case_number": "CM16-0000003", "certifications": ["Surgery, Hand"]},
    )
    assert _found(ArchiveFilters(words="knees")) == ["CM16-0000002"]
    assert _found(ArchiveFilters(words="medically necessary")) == ["CM16-0000001", "CM16-0000002", "CM16-0000003"]
    assert _found(ArchiveFilters(words="necessary", until=2016)) == ["CM16-0000002"]
    assert _found(ArchiveFilters(outcome="partial_overturn")) == ["CM16-0000002"]
    assert _found(ArchiveFilters(since=2017, number="0003")) == ["CM16-0000003"]
    assert _found(ArchiveFilters(doubtful=True)) == ["CM16-0000003"]
    assert _found(ArchiveFilters(format="f0")) == []


def test_long_imports_go_by_the_batch(django_assert_max_num_queries: Any) -> None:
    def many() -> Iterable[dict[str, Any]]:
        return (DATA | {"case_number": f"CM16-{number:07}"} for number in range(250))

    with django_assert_max_num_queries(25):
        assert take(*many()).stored == 250
    assert ArchivedItem.objects.count() == 250
    assert [exchange_of(one).case_number for one in all_determinations()] == [f"CM16-{n:07}" for n in range(250)]
