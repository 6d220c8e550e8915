"""PDFs as one with bookmarks, pages of one, or turned, by a child process (`pdf_bind`)."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

logger = logging.getLogger(__name__)

# Under the time limit of a task, with room for storing what was made.
BIND_SECONDS: Final = 90
# The same when what was made is looked at afterwards, as a file that comes in is.
ARRANGE_SECONDS: Final = 45
_PROGRAM: Final = Path(__file__).with_name("pdf_bind.py")


class BindingError(Exception):
    """The files could not be bound; nothing of the target may be used."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark to page `page`, counted from 0."""

    title: str
    page: int
    kids: tuple["Bookmark", ...] = ()


@dataclass(frozen=True, slots=True)
class PageLabel:
    """From page `page` on, counted from 0, pages are called `prefix` and a number that begins at 1 again."""

    page: int
    prefix: str


def bind(
    sources: Sequence[Path],
    target: Path,
    *,
    title: str = "",
    bookmarks: Sequence[Bookmark] = (),
    labels: Sequence[PageLabel] = (),
) -> tuple[int, ...]:
    """`target` has the pages of all `sources`, one after another; returns how many pages each of them gave.
    One that cannot be read gives 0 and does not stop the others. Takes at most 90 seconds and, in a process of its
    own, 2 GB of memory besides the files themselves. Raises `BindingError`; then `target` is gone.
    """
    outline, labeled = [asdict(one) for one in bookmarks], [asdict(one) for one in labels]
    return _run(sources, target, BIND_SECONDS, title=title, outline=outline, labels=labeled)


def take_pages(source: Path, target: Path, *, pages: Sequence[int], title: str = "") -> None:
    """`target` has those pages of `source`, counted from 1, in that order. Limits and errors as of `bind`, in half
    the time; raises `BindingError` too when a page is not there."""
    counts = _run([source], target, ARRANGE_SECONDS, title=title, outline=[], labels=[], pages=list(pages))
    if counts != (len(pages),):
        target.unlink(missing_ok=True)
        raise BindingError("pages")


def turn_pages(source: Path, target: Path, *, turns: Mapping[int, int]) -> None:
    """`target` is `source` with pages, counted from 1, turned right by 90, 180 or 270 degrees, and all else as it was.
    Limits and errors as of `take_pages`."""
    _run([source], target, ARRANGE_SECONDS, title="", outline=[], labels=[], turns=sorted(turns.items()))


def _run(sources: Sequence[Path], target: Path, seconds: float, **wishes: Any) -> tuple[int, ...]:
    plan = {"sources": [str(source) for source in sources], "target": str(target), **wishes}
    try:
        done = subprocess.run(  # noqa: S603  our own program and paths of ours
            [sys.executable, "-I", str(_PROGRAM)],
            input=json.dumps(plan).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"PATH": "", "LC_ALL": "C.UTF-8"},
        )
        counts = tuple(int(count) for count in json.loads(done.stdout)["pages"])
    except subprocess.TimeoutExpired as error:
        target.unlink(missing_ok=True)
        raise BindingError("timeout") from error
    except (ValueError, KeyError, TypeError) as error:
        # The child was ended by one of its limits, or gave up.
        logger.warning("pdf_bind_failed", extra={"status": done.returncode})
        target.unlink(missing_ok=True)
        raise BindingError(f"status {done.returncode}") from error
    return counts


def bind_each(sources: Sequence[Path], target: Path) -> tuple[int, ...]:
    """As `bind`, but one that spoils the whole is left out too, with 0 pages: alone it spoils nothing but itself."""
    with suppress(BindingError):
        return bind(sources, target)
    counts = []
    good: list[Path] = []
    for at, source in enumerate(sources):
        single = target.with_suffix(f".{at}")
        try:
            counts.append(bind([source], single)[0])
        except BindingError:
            counts.append(0)
        if counts[-1]:
            good.append(single)
    bind(good, target)
    for at in range(len(sources)):
        target.with_suffix(f".{at}").unlink(missing_ok=True)
    return tuple(counts)
