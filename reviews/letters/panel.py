"""One letter from the opinions of several reviewers: each analysis is given, no one is named (LC 4610.6(e), (f)).

A combined letter has the shape of any other: what the opinions say stands in its texts, under "Reviewer 1", "Reviewer
2", so that the PDF, the exports, the public copy and the leak test take it as they take every letter.
"""

from collections.abc import Sequence
from dataclasses import replace

from cases.enums import GuidelineBasis, Outcome
from reviews.enums import CitationSide, DocumentUse
from reviews.letters.final import (
    GuidelineBlock,
    LetterItem,
    PanelVoice,
    ReviewedDocument,
    SignedSnapshot,
)
from reviews.rules.panel import agreement_words, prevailing_outcome

_USES = (DocumentUse.CONSIDERED.value, DocumentUse.NOT_RELEVANT.value, DocumentUse.UNREAD.value)


def combined_snapshot(opinions: Sequence[SignedSnapshot]) -> SignedSnapshot:
    """What the determination of a panel freezes. `opinions` are in the order of the seats, all signed.

    Header, items and documents are those of the opinion that was signed last. Raises `ValueError` when the opinions do
    not decide the same items.
    """
    latest = max(opinions, key=lambda opinion: opinion.letter.decision_date)
    letters = [opinion.letter for opinion in opinions]
    positions = [item.position for item in latest.letter.items]
    if any([item.position for item in letter.items] != positions for letter in letters):
        raise ValueError("The opinions do not decide the same items.")
    letter = replace(
        latest.letter,
        date_assigned=min(one.date_assigned for one in letters),
        states_of_licensure=_by_reviewer([one.states_of_licensure for one in letters]),
        certifications=_by_reviewer([one.certifications for one in letters]),
        clinical_case_summary=_labeled([one.clinical_case_summary for one in letters]),
        items=tuple(_combined_item([one.items[place] for one in letters]) for place in range(len(positions))),
    )
    voices = tuple(
        PanelVoice(
            seat=seat,
            snapshot_sha256=opinion.sha256,
            outcomes=tuple((item.position, _decided(item)) for item in opinion.letter.items),
        )
        for seat, opinion in enumerate(opinions, start=1)
    )
    return SignedSnapshot(letter=letter, documents=_documents(opinions, latest), panel=voices)


def _combined_item(items: Sequence[LetterItem]) -> LetterItem:
    outcomes = [_decided(item) for item in items]
    analyses = [
        f"{_name(seat)} ({outcome.label}): {item.rationale}"
        for seat, (item, outcome) in enumerate(zip(items, outcomes, strict=True), start=1)
    ]
    return replace(
        items[-1],
        outcome=prevailing_outcome(outcomes),
        claims_administrator=_block(CitationSide.CLAIMS_ADMINISTRATOR, [item.claims_administrator for item in items]),
        reviewer=_block(CitationSide.REVIEWER, [item.reviewer for item in items]),
        rationale="\n\n".join([agreement_words(outcomes), *analyses]),
    )


def _block(side: CitationSide, blocks: Sequence[GuidelineBlock]) -> GuidelineBlock:
    """One block where all say the same; otherwise each under its reviewer."""
    if len({block.printed for block in blocks}) == 1:
        return blocks[0]
    bases = {block.basis for block in blocks} - {None, GuidelineBasis.NONE}
    return GuidelineBlock(
        side=side,
        basis=bases.pop() if len(bases) == 1 else GuidelineBasis.BOTH,
        text=_labeled([block.printed for block in blocks]),
    )


def _labeled(texts: Sequence[str]) -> str:
    if len(set(texts)) == 1:
        return texts[0]
    return "\n\n".join(f"{_name(seat)}: {text}" for seat, text in enumerate(texts, start=1))


def _by_reviewer(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The qualifications of each, not mixed with those of the others."""
    return tuple(f"{_name(seat)}: {'; '.join(names)}" for seat, names in enumerate(lists, start=1))


def _documents(opinions: Sequence[SignedSnapshot], latest: SignedSnapshot) -> tuple[ReviewedDocument, ...]:
    """A document was considered when one of the reviewers considered it."""
    uses: dict[int, set[str]] = {}
    for opinion in opinions:
        for paper in opinion.documents:
            uses.setdefault(paper.id, set()).add(paper.use)
    return tuple(
        replace(paper, use=next((use for use in _USES if use in uses[paper.id]), paper.use))
        for paper in latest.documents
    )


def _decided(item: LetterItem) -> Outcome:
    if item.outcome is None:
        raise ValueError(f"Item {item.position} is not decided.")
    return item.outcome


def _name(seat: int) -> str:
    return f"Reviewer {seat}"
