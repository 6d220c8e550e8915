"""Searching the text of a case's documents, and how far that text is read."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import QuerySet

from cases.enums import RecognitionState
from cases.models import Document, DocumentPage, DocumentReading, DocumentRecognition
from cases.rules.documents import OPENABLE

MOST_HITS = 1_000
# What `ts_headline` puts around a hit. No text on record holds them: control characters are removed before storing.
_START, _STOP = "\x02", "\x03"
_MARKED = re.compile(f"{_START}([^{_STOP}]*){_STOP}")


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a snippet; `is_hit` for those that were looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page that holds what was looked for, with the words around it."""

    document: Document
    number: int
    snippet: tuple[Words, ...]

    @property
    def plain_snippet(self) -> str:
        return "".join(words.text for words in self.snippet)

    @property
    def plain_words(self) -> str:
        """The words that were hit, as they stand on the page, each once, one a line: what a viewer marks."""
        return "\n".join(dict.fromkeys(words.text for words in self.snippet if words.is_hit))


@dataclass(frozen=True, slots=True)
class TextState:
    """How far the text of one document is read; without a reading it waits for a worker."""

    document: Document
    reading: DocumentReading | None
    recognition: DocumentRecognition | None = None

    @property
    def words(self) -> str:
        """What the page says of it."""
        if self.reading is None:
            return "Text is being read"
        pages = f"{self.reading.text_pages:,} of {self.document.page_count:,} pages have text"
        if self.reading.problem:
            return f"{pages}; the rest could not be read"
        if self.recognition is None:
            return pages if self.reading.text_pages else "Scanned: no text"
        if self.recognition.state == RecognitionState.RUNNING:
            return f"{pages}; scanned pages are being read, {self.recognition.pages_done:,} so far"
        if self.recognition.state == RecognitionState.FAILED:
            return f"{pages}; the scanned ones could not be read"
        return f"{pages}, {self.recognition.pages_recognized:,} of them read from a scan"

    @property
    def is_complete(self) -> bool:
        return self.reading is not None and self.reading.text_pages >= self.document.page_count


def search_query(words: str) -> SearchQuery:
    """Words that all have to be there, a "phrase", `or`, and `-without`, as people type it."""
    return SearchQuery(words, config="english", search_type="websearch")


def page_matches(
    documents: QuerySet[Document],
    query: SearchQuery,
    *,
    document_id: int | None = None,
    without_kinds: Collection[str] = (),
) -> list[int]:
    """The ids of the pages of `documents` that match, at most `MOST_HITS` + 1: as the documents arrived, then by page.

    With `document_id` only those of that document. Documents of `without_kinds` are left out.
    """
    pages = DocumentPage.objects.filter(document__in=documents.values("pk"), search=query).exclude(
        document__kind__in=list(without_kinds)
    )
    if document_id is not None:
        pages = pages.filter(document_id=document_id)
    ordered = pages.order_by("document__received_at", "document_id", "number")
    return list(ordered.values_list("pk", flat=True)[: MOST_HITS + 1])


def page_hits(ids: Iterable[int], query: SearchQuery) -> list[PageHit]:
    """The pages of these ids with their snippets, in the order of the ids. Ask for one screen at a time."""
    wanted = list(ids)
    pages = (
        DocumentPage.objects.filter(pk__in=wanted)
        .annotate(
            headline=SearchHeadline(
                "text",
                query,
                config="english",
                start_sel=_START,
                stop_sel=_STOP,
                max_words=28,
                min_words=14,
                max_fragments=2,
                fragment_delimiter=" … ",
            )
        )
        .select_related("document")
        .defer("text", "search")
    )
    found = {
        page.pk: PageHit(document=page.document, number=page.number, snippet=_pieces(page.headline)) for page in pages
    }
    return [found[pk] for pk in wanted if pk in found]


def text_states(documents: QuerySet[Document]) -> list[TextState]:
    """The documents, with how far the text of each is read."""
    readings = {
        reading.document_id: reading for reading in DocumentReading.objects.filter(document__in=documents.values("pk"))
    }
    begun = {one.document_id: one for one in DocumentRecognition.objects.filter(document__in=documents.values("pk"))}
    return [TextState(document, readings.get(document.pk), begun.get(document.pk)) for document in documents]


def unread_documents() -> QuerySet[Document]:
    """Documents whose text was never read."""
    return Document.objects.filter(removed_at__isnull=True, reading__isnull=True, scan__in=OPENABLE).order_by("pk")


def _pieces(headline: str) -> tuple[Words, ...]:
    """The snippet in words with and without a mark, on one line."""
    parts = _MARKED.split(" ".join(headline.split()))
    return tuple(Words(text, at % 2 == 1) for at, text in enumerate(parts) if text)
