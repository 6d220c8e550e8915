"""Reading the documents of a case: what counts, what lies before the reviewer, what came late, what counts no more."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cases.enums import KEPT_REMOVALS, DocumentKind, DocumentRemoval, LateDecision, Lateness, ScanState
from cases.models import Document, PageOrigin
from cases.rules.documents import HELD_BACK, OPENABLE


def current_documents(case_id: int | OuterRef) -> QuerySet[Document]:
    """The documents that count, the earliest first: not removed, not replaced, not refused."""
    return Document.objects.filter(case_id=case_id, removed_at__isnull=True)


def reviewable_documents(case_id: int | OuterRef) -> QuerySet[Document]:
    """Of those, the ones that the reviewer considers and the letter lists.

    A document that is still being checked for viruses is not among them, nor one that came after the records were
    complete, unless somebody decided to forward it: it never joins silently. Proof that an earlier determination was
    carried out is no record.
    """
    on_time = ~Q(lateness__in=HELD_BACK) | Q(late_decision=LateDecision.FORWARDED)
    rows = current_documents(case_id).filter(on_time, scan__in=OPENABLE)
    return rows.exclude(kind=DocumentKind.IMPLEMENTATION_PROOF)


def readable_records(case_id: int) -> QuerySet[Document]:
    """What a reviewer may open: the reviewable documents, and what they took the place of."""
    replaced = Q(removal__in=KEPT_REMOVALS, scan__in=OPENABLE) & (
        ~Q(lateness__in=HELD_BACK) | Q(late_decision=LateDecision.FORWARDED)
    )
    current = reviewable_documents(case_id).values("pk")
    return Document.objects.filter(Q(pk__in=current) | replaced, case_id=case_id)


def openable_documents() -> QuerySet[Document]:
    """Documents that people of the case may open: those that count, and what they took the place of."""
    return Document.objects.filter(Q(removed_at__isnull=True) | Q(removal__in=KEPT_REMOVALS))


def former_documents(case_id: int) -> QuerySet[Document]:
    """Earlier versions, what was divided or joined, and what did not pass the virus check, the latest first.

    `arranged_as` is the arrangement in which its pages went elsewhere, where there is one.
    """
    became = PageOrigin.objects.filter(source=OuterRef("pk"), result__document__isnull=False)
    return (
        Document.objects.filter(case_id=case_id, removal__in=[*KEPT_REMOVALS, DocumentRemoval.VIRUS])
        .annotate(arranged_as=Subquery(became.values("result__arrangement")[:1]))
        .select_related("replaced_by")
        .order_by("-removed_at", "-pk")
    )


def undecided_documents() -> QuerySet[Document]:
    """Documents that came after the records were complete, and about which nobody has decided."""
    return Document.objects.filter(
        removed_at__isnull=True, lateness__in=[Lateness.AFTER_COMPLETE, Lateness.AFTER_SIGNATURE], late_decision=""
    )


def unscanned_documents() -> QuerySet[Document]:
    """Documents that wait for the virus check, the earliest first."""
    return Document.objects.filter(removed_at__isnull=True, scan=ScanState.WAITING).order_by("received_at", "pk")
