"""Letters as files in a folder, many at a time."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from imr.core import pdf
from imr.core.errors import DomainError
from imr.core.parallel import Lost, in_order
from reviews.exceptions import LetterTextError
from reviews.letters import ExchangedDetermination, FinalDeterminationLetter, LetterWording
from reviews.letters.archive import differences, is_case_number, is_plain
from reviews.letters.reader import UnreadableLetterError
from reviews.letters.source import Reader
from reviews.models import ArchivedDetermination
from reviews.selectors.archive import letter_of, wording_for
from reviews.selectors.exchange import exchange_of_letter
from reviews.selectors.template import NoWordingError
from reviews.services.rendering import render_letter_pdf

SECONDS: Final = 120
# With the renderer warm the longest letter that is let through takes 35 MiB more.
ADDRESS_SPACE: Final = 1 << 29


@dataclass(frozen=True, slots=True)
class LetterToRender:
    """A letter with its wording, or, with `problem` set, a case whose letter cannot be made."""

    number: str
    letter: FinalDeterminationLetter | None = None
    wording: LetterWording | None = None
    problem: str = ""


def render_files(
    *, letters: Iterable[LetterToRender], folder: Path, jobs: int, reader: Reader, check_all: bool = False
) -> Iterator[tuple[str, str]]:
    """Each letter is in `folder` as a PDF under its case number, complete, or its problem is told: pairs of case number
    and problem, the problem empty where all went well. A file of that name is replaced.

    A letter is written only when what it says can be read back from the file, where that is not certain from its
    characters alone; with `check_all`, every letter is read back. Raises `OSError` when there can be no such folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pdf.warm_up()
    work = partial(_render, folder=folder, reader=reader, check_all=check_all)
    for one, answer in in_order(work, letters, jobs=jobs, seconds=SECONDS, address_space=ADDRESS_SPACE):
        yield one.number, answer.reason if isinstance(answer, Lost) else answer


def archived_pdf(archived: ArchivedDetermination) -> pdf.RenderedPdf:
    """An archived determination as a letter in the wording of its day.

    Raises `LetterTextError` with a sentence for each text that cannot be printed, and where no wording was in force.
    """
    try:
        letter = letter_of(archived)
        return render_letter_pdf(letter, wording=wording_for(letter))
    except (pdf.RenderError, NoWordingError) as error:
        raise LetterTextError([str(error)]) from error


def read_back_problem(data: bytes, letter: ExchangedDetermination, read: Reader) -> str:
    """Where the PDF says something else than `letter`, in words; empty when every field is the same."""
    try:
        found = read(data)
    except UnreadableLetterError as error:
        return f"The finished letter cannot be read back. {error}"
    if found.determination is None:
        return "The finished letter cannot be read back as a whole."
    places = differences(letter, found.determination)
    return f"The finished letter reads otherwise in: {', '.join(places)}." if places else ""


def _render(one: LetterToRender, *, folder: Path, reader: Reader, check_all: bool) -> str:
    if one.letter is None or not is_case_number(one.number):
        return one.problem or "This is no case number, so there is no name for the file."
    try:
        rendered = render_letter_pdf(one.letter, wording=one.wording)
        said = exchange_of_letter(one.letter)
        if (check_all or not is_plain(said)) and (problem := read_back_problem(rendered.data, said, reader)):
            return problem
        _write(folder / f"{one.number}.pdf", rendered.data)
    except DomainError as error:
        return error.message
    except pdf.RenderError as error:
        return str(error)
    except OSError as error:
        return f"The file cannot be written: {error.strerror}."
    return ""


def _write(path: Path, data: bytes) -> None:
    """The file is there with all of its bytes, or as it was before."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".letter-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
