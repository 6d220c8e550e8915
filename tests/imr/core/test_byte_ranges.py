"""Parts of files by the `Range` header."""

from io import BytesIO

import pytest

from imr.core.byte_ranges import (
    ByteRange,
    UnsatisfiableRangeError,
    asked_part,
    continues_opening,
    partial_response,
    unsatisfiable_response,
)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-0", ByteRange(0, 0)),
        ("bytes=0-99", ByteRange(0, 99)),
        ("bytes=90-500", ByteRange(90, 99)),
        ("bytes=40-", ByteRange(40, 99)),
        ("bytes=-10", ByteRange(90, 99)),
        ("bytes=-500", ByteRange(0, 99)),
        # Several parts, other units, and nonsense are answered with the whole.
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=a-b", None),
        ("bytes=" + "9" * 40 + "-", None),
        ("bytes=٣-٤", None),
    ],
)
def test_asked_part_follows_the_standard(header: str, part: ByteRange | None) -> None:
    assert asked_part(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_part_outside_of_the_file_is_refused(header: str) -> None:
    with pytest.raises(UnsatisfiableRangeError):
        asked_part(header, 100)


@pytest.mark.parametrize(
    ("header", "continues"),
    [
        ("bytes=1-5", True),
        ("bytes=500-", True),
        ("bytes=0-5", False),
        ("bytes=00-5", False),
        ("bytes=-5", False),
        ("", False),
        ("bytes=1-2,4-5", False),
    ],
)
def test_only_a_part_behind_the_beginning_continues_an_opening(header: str, continues: bool) -> None:
    assert continues_opening(header) is continues


def test_partial_response_holds_the_part_and_closes_the_file() -> None:
    handle = BytesIO(bytes(range(100)))
    response = partial_response(handle, ByteRange(10, 19), size=100, content_type="application/pdf")
    assert (response.status_code, response["Content-Range"], response["Content-Length"]) == (
        206,
        "bytes 10-19/100",
        "10",
    )
    assert b"".join(response) == bytes(range(10, 20))
    assert handle.closed


@pytest.mark.django_db
def test_a_browser_that_hangs_up_half_way_closes_the_file() -> None:
    handle = BytesIO(bytes(100))
    partial_response(handle, ByteRange(0, 99), size=100, content_type="application/pdf").close()
    assert handle.closed


def test_unsatisfiable_response_says_the_size() -> None:
    response = unsatisfiable_response(100)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */100")
