"""Reading request bodies without guessing: what JSON leaves open is refused here, before anything is done with it."""

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from imr.core.text import TextError, clean_text

MAX_BODY_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 32
MAX_FIELDS: Final = 200
MAX_DIGITS: Final = 18

# Always matches a whole string, a cut-off one too, so that the scan never goes back: its time grows with the length.
_BRACKETS_AND_STRINGS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|([\[{])|([\]}])', re.DOTALL)


class TooLargeError(APIException):
    """The body is larger than any request of this interface has to be (HTTP 413)."""

    status_code = 413
    default_detail = "The request is larger than 1 MB. Send documents to the case's documents, one at a time."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """JSON of at most 1 MB in UTF-8, nested at most 32 deep, every key once, with finite numbers of ordinary length.

    Raises `ParseError` (400) or `TooLargeError` (413). Text that cannot be stored (NUL, half surrogate pairs) is
    reported as a `ValidationError` at its place.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        data = stream.read(MAX_BODY_BYTES + 1)
        if len(data) > MAX_BODY_BYTES:
            raise TooLargeError
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8: look at byte {error.start + 1:,}.") from error
        return parse_json(text)


def parse_json(text: str) -> Any:
    """The value of a JSON text; see `StrictJSONParser`."""
    if not text.strip():
        raise ParseError("The body is empty. Send a JSON object.")
    _refuse_deep(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_number,
            parse_int=_whole_number,
        )
    except ValueError as error:
        raise ParseError(f"The body is not JSON: {error}.") from error
    problems: dict[str, list[ErrorDetail]] = {}
    _find_bad_text(value, "", problems)
    if problems:
        raise ValidationError(problems)
    return value


def _refuse_deep(text: str) -> None:
    depth = 0
    for found in _BRACKETS_AND_STRINGS.finditer(text):
        if found.group(1):
            depth += 1
            if depth > MAX_DEPTH:
                raise ParseError(f"The body is nested too deeply; the most is {MAX_DEPTH} levels.")
        elif found.group(2):
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if not key.isprintable():
            raise ParseError("A key holds a character that does not print.")
        if key in found:
            raise ParseError(f"The key “{key[:50]}” stands twice in one object.")
        found[key] = value
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise ParseError(f"{word} is not a number in JSON.")


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ParseError("A number is too large.")
    return value


def _whole_number(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise ParseError(f"A number has more than {MAX_DIGITS} digits.")
    return int(digits)


def _find_bad_text(value: Any, place: str, problems: dict[str, list[ErrorDetail]]) -> None:
    """The depth is limited before, so this may call itself."""
    if isinstance(value, str):
        if "\x00" in value or any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            problems[place or "non_field_errors"] = [ErrorDetail(_words(value), code="text")]
    elif isinstance(value, dict):
        for key, inner in value.items():
            _find_bad_text(inner, f"{place}.{key}" if place else key, problems)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _find_bad_text(inner, f"{place}.{index}" if place else str(index), problems)


def _words(value: str) -> str:
    try:
        clean_text(value, multiline=True)
    except TextError as error:
        return str(error)
    return "Remove the invisible character."


class StrictMultiPartParser(MultiPartParser):
    """A form with files, of at most 200 fields. A part whose head is not UTF-8 counts as not sent."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> "DataAndFiles[Any, Any]":
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except (TooManyFieldsSent, TooManyFilesSent) as error:
            raise ParseError(_TOO_MANY) from error
        except RequestDataTooBig as error:
            raise TooLargeError from error
        if sum(len(values) for _, values in parsed.data.lists()) > MAX_FIELDS:
            for _, files in parsed.files.lists():
                for file in files:
                    file.close()
            raise ParseError(_TOO_MANY)
        return parsed


_TOO_MANY: Final = f"The form has more than {MAX_FIELDS} fields."
