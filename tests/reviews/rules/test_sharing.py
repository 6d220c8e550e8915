"""Groups of items."""

from reviews.rules.sharing import grouped_positions


def test_groups_name_the_others_and_leave_out_who_is_alone() -> None:
    rows = [(1, 7), (2, None), (3, 7), (4, 8), (5, 7)]
    assert grouped_positions(rows) == {1: (3, 5), 3: (1, 5), 5: (1, 3)}
    assert grouped_positions([]) == {}
