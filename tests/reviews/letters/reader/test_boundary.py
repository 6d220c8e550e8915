"""Where an item starts in text that does not mark it: found where the grammar allows, reported where it does not."""

import pytest

from reviews.letters.reader.boundary import text_start
from reviews.letters.reader.script import script_of_text

FULL = "The guideline recommends a trial of care at home before any further study of this region is"
SHORT = "considered."


def _start(*lines: str, item: str = "MRI of the left knee: Upheld") -> tuple[str, str]:
    """The item's text as it is cut, and the doubt about it."""
    script = script_of_text("\n".join(["Decision rationale: " + FULL[20:], *lines, item]))
    colon = script.text.rindex(": Upheld")
    found = text_start(script, 20, colon)
    return " ".join(script.text[found.start : colon].split()), found.doubt


@pytest.mark.parametrize(
    "lines",
    [
        [FULL, "considered. The request is not medically necessary."],
        [FULL, "the request as it was made is, in the light of the above, not medically necessary at this"],
        [FULL + " considered. The request is not medically necessary"],
        ["the plan of care, and the records show that this was tried and did not help for a long time."],
        [FULL, ""],
        [FULL, "considered. It should be tapered slowly.\f"],
    ],
)
def test_item_after_a_rationale_is_found(lines: list[str]) -> None:
    text, doubt = _start(*lines)
    if lines[-1].endswith("at this"):
        assert doubt or text == "MRI of the left knee"
    else:
        assert (text, doubt) == ("MRI of the left knee", "")


def test_item_that_a_page_breaks_in_mid_sentence_stays_whole() -> None:
    long = "Left knee arthroscopy with partial meniscectomy, debridement and repair of any tear found in"
    text, doubt = _start(FULL, SHORT, long + "\f", item="an outpatient center: Upheld")

    assert (text, doubt) == (long + " an outpatient center", "")


def test_story_of_an_item_starts_with_its_original_request() -> None:
    story = (
        "Norco 10/325mg, 90 tablets was the original request. Norco 10/325mg, 45 tablets was authorized",
        "by the Claims Administrator. The remaining IMR eligible portion of the original request, Norco,",
    )
    text, doubt = _start(FULL, SHORT, *story, item="45 tablets is: Upheld")

    assert text.startswith("Norco 10/325mg, 90 tablets was the original request.")
    assert text.endswith("45 tablets is")
    assert not doubt


def test_associated_service_opens_its_item_after_a_full_line_without_a_stop() -> None:
    tapering = "The request is not medically necessary. Opioids should be tapered slowly, over several"
    rest = "weeks, by a tenth each, as the schedule asks, with a visit each time, and never stopped at once"
    text, doubt = _start(FULL, tapering, rest, item="Associated surgical service: Sling: Upheld")
    unnamed, unnamed_doubt = _start(FULL, tapering, rest, item="Sling: Upheld")

    assert (text, doubt) == ("Associated surgical service: Sling", "")
    assert unnamed == "Sling" or unnamed_doubt


@pytest.mark.parametrize(
    ("lines", "item"),
    [
        # No full stop, and no room that would show the end of the rationale.
        ([FULL, "the study was done at once and gave a clear result that explains the pain of the claimant"], None),
        # A line ends early in mid-sentence.
        ([FULL, "considered, and"], None),
        # What would be the item is a sentence of a rationale.
        (
            [FULL, "considered. The study is needed because the pain was not controlled. It was asked for again with"],
            None,
        ),
        # Part of a story without its beginning.
        ([FULL, SHORT], "Ten were authorized by the Claims Administrator. The remaining is: Upheld"),
        # A paragraph without a full stop before the item, which may be the item's own beginning.
        ([FULL, SHORT, "", "Two visits", ""], None),
    ],
)
def test_doubtful_start_is_reported(lines: list[str], item: str | None) -> None:
    _, doubt = _start(*lines, item=item or "MRI of the left knee: Upheld")

    assert doubt
