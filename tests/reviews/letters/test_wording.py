"""The fixed sentences as data: complete, and filled in once."""

import re

import pytest

from reviews.letters import PLACEHOLDERS, LetterPart, TextKey, own_part_headings, required_texts
from tests.factories.wording import reviewed_wording

VERSIONS = ["2013-1", "2016-1", "2026-1"]


@pytest.mark.parametrize("version", VERSIONS)
def test_reviewed_version_has_every_text_its_parts_need_and_no_other(version: str) -> None:
    wording = reviewed_wording(version)
    needed = set(required_texts(wording.parts))
    assert [key for key in needed if not wording.texts.get(key)] == []
    assert set(wording.texts) <= set(TextKey)


@pytest.mark.parametrize("version", VERSIONS)
def test_reviewed_texts_hold_known_placeholders_alone(version: str) -> None:
    for key, text in reviewed_wording(version).texts.items():
        known = {"organization", *PLACEHOLDERS.get(TextKey(key), ())}
        assert set(re.findall(r"\{(\w*)\}", text)) <= known, key
        assert text == text.strip()
        assert "  " not in text


def test_required_texts_grow_with_the_parts() -> None:
    body = required_texts([])
    assert body[0] == TextKey.TITLE
    assert TextKey.CITES_NON_MTUS in body
    assert TextKey.CHANGES_HEADING in body, "any version may be corrected"
    assert TextKey.UPHOLD not in body
    assert {TextKey.UPHOLD, TextKey.CHECK} <= set(required_texts([LetterPart.COVER]))
    assert {TextKey.USE_LATE, TextKey.NO_ADDRESS} <= set(
        required_texts([LetterPart.DOCUMENTS, LetterPart.PROOF_OF_SERVICE])
    )
    optional = {TextKey.LETTERHEAD, TextKey.PHONE}
    assert set(required_texts(LetterPart)) == set(TextKey) - optional


def test_say_fills_each_placeholder_once() -> None:
    wording = reviewed_wording()
    said = wording.say(TextKey.PLAIN_ASKED_REST, request="{rest}", authorized="{organization}", rest="x")
    assert "{rest}" in said
    assert "{organization}" in said
    assert wording.say("unknown") == ""
    assert "Alder Creek" in wording.say(TextKey.BINDING)


def test_own_headings_are_those_of_the_parts() -> None:
    assert own_part_headings(reviewed_wording()) == (
        "Final Determination Letter",
        "Summary in plain language",
        "Documents considered",
        "Proof of service",
        "Changes in this version",
    )
