"""Which items share one rationale. Pure."""

from collections.abc import Iterable


def grouped_positions(rows: Iterable[tuple[int, int | None]]) -> dict[int, tuple[int, ...]]:
    """By the position of an item the positions of the others of its group; those that are alone are left out.

    `rows` are pairs of a position and its group, `None` for an item with a rationale of its own.
    """
    groups: dict[int, list[int]] = {}
    for position, group in rows:
        if group is not None:
            groups.setdefault(group, []).append(position)
    shared = [sorted(positions) for positions in groups.values() if len(positions) > 1]
    return {own: tuple(other for other in positions if other != own) for positions in shared for own in positions}
