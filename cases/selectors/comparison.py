"""Two applications side by side: the answers of both, and where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.selectors.answers import AnswerSection


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """An answer of both sides; empty where a side has none."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        return self.left != self.right


@dataclass(frozen=True, slots=True)
class SectionPair:
    title: str
    answers: tuple[AnswerPair, ...]

    @property
    def differs(self) -> bool:
        """Whether any answer differs."""
        return any(pair.differs for pair in self.answers)


def side_by_side(left: Sequence[AnswerSection], right: Sequence[AnswerSection]) -> tuple[SectionPair, ...]:
    """The sections of both in the order of the left, those that only the right has at the end."""
    mine = {section.title: section for section in left}
    theirs = {section.title: section for section in right}
    return tuple(_pair(title, mine.get(title), theirs.get(title)) for title in dict.fromkeys((*mine, *theirs)))


def _pair(title: str, left: AnswerSection | None, right: AnswerSection | None) -> SectionPair:
    mine = {answer.label: answer.value for answer in left.answers} if left else {}
    theirs = {answer.label: answer.value for answer in right.answers} if right else {}
    labels = dict.fromkeys((*mine, *theirs))
    pairs = (AnswerPair(label, mine.get(label, ""), theirs.get(label, "")) for label in labels)
    return SectionPair(title, tuple(pair for pair in pairs if pair.left or pair.right))
