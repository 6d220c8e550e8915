"""Which records fit into a print pack, and where they stand."""

from reviews.rules.print_pack import MOST_BYTES, MOST_PAGES, places, within_cap


def test_records_are_taken_in_turn_up_to_the_cap_and_a_smaller_one_still_fits() -> None:
    assert within_cap([(1, MOST_PAGES - 1, 10), (2, 2, 10), (3, 1, 10), (4, 1, 10)]) == {1, 3}
    assert within_cap([(1, 1, MOST_BYTES), (2, 1, 1)]) == {1}
    assert within_cap([(1, MOST_PAGES + 1, 1)]) == frozenset()
    assert within_cap([]) == frozenset()


def test_places_follow_one_another_and_skip_what_gave_no_page() -> None:
    assert places({7: 3, 8: 0, 9: 2}, first=4) == {7: 4, 9: 7}
