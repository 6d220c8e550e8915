"""Files that hold determinations: which are found, what is in them, and words for what cannot be read."""

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reviews.letters.archive import archive_notes, archive_problem, differences, is_plain
from reviews.letters.exchange import ExchangedDetermination
from reviews.letters.reader import LetterFormat, ReadLetter, UnreadableLetterError
from reviews.letters.source import (
    MAX_LETTER_BYTES,
    SourceError,
    exchanged_in,
    found_sources,
    on_one_line,
    read_source,
)
from tests.reviews.letters.test_exchange import DATA


def _determination(**changes: Any) -> ExchangedDetermination:
    return ExchangedDetermination.from_data(DATA | changes)


def _read(source: bytes | str, *, seen: list[bytes | str]) -> ReadLetter:
    seen.append(source)
    if source == "F3":
        return ReadLetter(LetterFormat.F3, "2016", "CM16-0000009", "", "", None, missing=("date assigned",))
    raise UnreadableLetterError("Expected a letter.", "line 1")


def test_folders_are_searched_to_any_depth_and_links_to_folders_are_left(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    for name in ("b/deep/one.PDF", "b/two.txt", "a.json", "notes.md"):
        (tmp_path / name).write_text("x")
    (tmp_path / "b" / "around").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "z.txt").symlink_to(tmp_path / "z.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    found = {
        str(source.path.relative_to(tmp_path)): source.problem
        for source in found_sources([tmp_path, tmp_path / "a.json", tmp_path / "notes.md", tmp_path / "gone.pdf"])
    }
    assert list(found.items()) == [
        ("a.json", ""),
        ("b/deep/one.PDF", ""),
        ("b/two.txt", ""),
        ("pipe.txt", "This is no ordinary file."),
        ("z.txt", "There is no such file."),
        ("notes.md", "Only .pdf, .txt and .json files are read."),
        ("gone.pdf", "There is no such file."),
    ]
    (tmp_path / "empty").mkdir()
    (empty,) = found_sources([tmp_path / "empty"])
    assert empty.problem == "There is no .pdf, .txt or .json file in this folder."


def test_letters_are_handed_on_as_text_or_bytes_and_problems_named(tmp_path: Path) -> None:
    seen: list[bytes | str] = []
    read = partial(_read, seen=seen)
    path = tmp_path / "letter.txt"
    for data, expected in (
        ("Größe".encode(), "Größe"),
        (b"\xef\xbb\xbfx", "x"),
        ("x é".encode("utf-16"), "x é"),
        (b"%PDF-1.7 \xff", b"%PDF-1.7 \xff"),
    ):
        path.write_bytes(data)
        assert read_source(path, read).problem == "line 1: Expected a letter."
        assert seen.pop() == expected
    path.write_bytes(b"abc \xe9")
    assert read_source(path, read).problem == "The text is not UTF-8 (byte 5)."
    path.write_text("F3")
    assert read_source(path, read).problem == (
        "CM16-0000009: Read in part only (form F3, 0 items). Missing: date assigned."
    )
    with path.open("wb") as handle:
        handle.truncate(MAX_LETTER_BYTES + 1)
    assert read_source(path, read).problem == "The file is larger than 20 MB; no letter is."


def test_exchange_files_are_read_as_a_list_or_one_object(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for text, count in ((json.dumps(DATA), 1), ("[]", 0), (json.dumps([DATA] * 3, indent=2), 3)):
        path.write_text("﻿" + text, encoding="utf-8")
        assert [one.to_data() for one in exchanged_in(path)] == [_determination().to_data()] * count
    # Longer than what is read at once, so that objects are cut off.
    long = DATA | {"clinical_case_summary": "word " * 60_000}
    path.write_text(json.dumps([DATA, long, DATA]))
    assert [len(one.clinical_case_summary) for one in exchanged_in(path)][1] == 300_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Determination 1: not JSON of the exchange form: the file ends in the middle."),
        ('"x"', 'Determination 1: not JSON of the exchange form: expected an object, found “"”.'),
        ("[" + json.dumps(DATA), "Determination 2: not JSON of the exchange form: the file ends in the middle."),
        (
            json.dumps([DATA]) + "x",
            "Determination 2: not JSON of the exchange form: there is something after",
        ),
        ('[{"a": NaN}]', "Determination 1: not JSON of the exchange form: NaN is no value."),
        ('[{"a": 1, "a": 1}]', 'the key "a" stands twice in one object.'),
        ("[" + '{"a":' * 100_000, "Determination 1: not JSON of the exchange form: it is nested too deeply."),
        (json.dumps([DATA, {}]), "Determination 2: “application_received” is missing in the determination."),
        ('[{"a": "' + "x" * 5_000_000, "Determination 1: not JSON of the exchange form: it is longer than any"),
    ],
    ids=range(9),
)
def test_exchange_files_say_where_they_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(SourceError) as caught:
        list(exchanged_in(path))
    assert words in str(caught.value)


def test_exchange_files_in_another_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'[{"\xe9"')
    with pytest.raises(SourceError, match="not UTF-8"):
        list(exchanged_in(path))
    with pytest.raises(SourceError, match="cannot be opened: No such file"):
        list(exchanged_in(tmp_path / "gone.json"))


def _with_item(**changes: Any) -> ExchangedDetermination:
    return _determination(items=[DATA["items"][0] | changes])


@pytest.mark.parametrize(
    ("determination", "words"),
    [
        (_determination(case_number="../../etc/passwd"), "“../../etc/passwd” is no case number; one looks like"),
        (_determination(priority="x" * 41), "The priority has more than 40 characters."),
        (_determination(certifications=[]), "A state of licensure or a certification is missing."),
        (_determination(clinical_case_summary=" \n "), "The clinical case summary is empty."),
        (_with_item(item="a\x00b"), "Item 1, text holds a character that cannot be kept (U+0000)."),
        (_with_item(decision_rationale="\ud800"), "Item 1, decision rationale holds a character that cannot be kept"),
        (_with_item(decision_rationale="x" * 300_000), "The texts have more than 300,000 characters together"),
    ],
    ids=range(7),
)
def test_what_cannot_be_archived_is_named(determination: ExchangedDetermination, words: str) -> None:
    assert archive_problem(determination).startswith(words)
    assert archive_problem(_determination()) == ""


def test_what_would_be_refused_at_entry_is_noted_and_not_plain() -> None:
    hidden = _with_item(decision_rationale="right \u202eto left")
    assert archive_notes(hidden) == (
        (
            "Item 1, decision rationale holds what would be refused at entry: "
            "Remove the hidden direction marks after “right”."
        ),
    )
    assert not is_plain(hidden)
    assert not is_plain(_with_item(item="soft\u00adhyphen"))
    assert is_plain(_with_item(item="  plain,\n\nin two paragraphs é × 45°"))
    assert archive_notes(_determination(certifications=["Surgery, Hand"])) == (
        "“Surgery, Hand” (certifications) holds a comma: a printed letter shows it as two.",
    )


def test_differences_name_each_place() -> None:
    first, second = _determination(), _with_item(decision="Upheld")
    assert differences(first, first.folded()) == ()
    assert differences(first, second) == ("item 1, decision",)
    more = _determination(items=DATA["items"] * 2, priority="Expedited")
    assert differences(first, more) == ("priority", "item 2 (added)")
    assert differences(more, first) == ("priority", "item 2 (missing)")


def test_lines_stay_lines_whatever_a_file_is_called() -> None:
    assert on_one_line("a\nb\x1b[31m\u202e\udcff é") == "a\\nb\\x1b[31m\\u202e\\udcff é"
