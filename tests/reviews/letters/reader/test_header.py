"""The header table, however an extraction orders it."""

import pytest

from reviews.letters.reader.header import header_fields
from reviews.letters.reader.script import script_of_text

WANTED = {
    "case_number": "CM16-0123456",
    "date_assigned": "12/05/2016",
    "date_of_injury": "03/04/2012",
    "decision_date": "01/03/2017",
    "ur_denial_date": "10/10/2016",
    "priority": "Standard",
    "application_received": "10/24/2016",
}
ROWS = (
    "Case Number: CM16-0123456\nDate Assigned: 12/05/2016 Date of Injury: 03/04/2012\n"
    "Decision Date: 01/03/2017 UR Denial Date: 10/10/2016\n"
)
COLUMNS = (
    "Case Number:\nDate Assigned:\nDecision Date:\nPriority:\n\nCM16-0123456\n12/05/2016\n01/03/2017\nStandard\n\n"
    "Date of Injury:\nUR Denial Date:\nApplication\nReceived:\n\n03/04/2012\n10/10/2016\n10/24/2016\n"
)


def _fields(text: str) -> tuple[dict[str, str], bool]:
    script = script_of_text(text)
    return header_fields(script, 0, len(script.text))


@pytest.mark.parametrize(
    "text",
    [
        ROWS + "Priority: Standard Application Received: 10/24/2016",
        ROWS.replace(" Date of", "\tDate of") + "Priority:\tStandard\tApplication Received:\t10/24/2016",
        ROWS + "Priority: Standard Application\nReceived:\n10/24/2016",
        ROWS + "                       Application\nPriority:   Standard       10/24/2016\n          Received:",
        COLUMNS,
        COLUMNS.replace("\n\n", "\n"),
        # Each label and value a block of its own, one value out of line.
        ("Case Number:\n\nCM16-0123456\n\nDate Assigned:\n\n12/05/2016\n\nDate of Injury:\n\nDecision Date:\n\n"
        "01/03/2017\n\nUR Denial Date: 10/10/2016\n\nPriority:\n\nStandard\n\nApplication\nReceived:\n\n"
        "03/04/2012\n10/24/2016\n"),
        # Two lines of a label around its value.
        ("Case Number: CM16-0123456\nDate Assigned: 12/05/2016   Date of Injury: 03/04/2012\n   UR Denial\n"
        "Decision Date: 01/03/2017        10/10/2016\n    Date:\nPriority: Standard Application Received: 10/24/2016"),
        # Another table with the same labels before it, as on a cover page.
        "Case Number: CM16-0123456\nPriority: Expedited\nDate of Injury: 01/01/2001\n" + ROWS
        + "Priority: Standard Application Received: 10/24/2016",
        # All labels by columns, all values by rows.
        ("Case Number:\nDate Assigned:\nDecision Date:\nPriority:\nDate of Injury:\nUR Denial Date:\nApplication "
        "Received:\nCM16-0123456\n12/05/2016\n03/04/2012\n01/03/2017\n10/10/2016\nStandard\n10/24/2016"),
    ],
)  # fmt: skip
def test_values_find_their_labels(text: str) -> None:
    assert _fields(text) == (WANTED, True)


def test_dates_beside_their_labels_are_kept_though_they_make_no_sense() -> None:
    fields, is_sure = _fields(
        ROWS.replace("03/04/2012", "03/04/2020") + "Priority: Standard Application Received: 1/2/2016"
    )

    assert is_sure
    assert (fields["date_of_injury"], fields["application_received"]) == ("03/04/2020", "1/2/2016")


def test_dates_told_apart_by_order_alone_must_make_sense() -> None:
    _, is_sure = _fields(COLUMNS.replace("03/04/2012", "03/04/2020"))

    assert not is_sure
