"""What every engine gets: a letter, and its page taken apart for engines that do not read HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_BOLD = {"b", "strong", "th"}
_TEXT = {"p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "address", "figcaption"}
_SILENT = {"head", "style", "script", "svg"}


@dataclass(slots=True)
class Run:
    """A piece of text in one style."""

    text: str
    is_bold: bool = False
    href: str = ""


@dataclass(slots=True)
class Cell:
    runs: list[Run] = field(default_factory=list)
    is_head: bool = False
    span: int = 1


@dataclass(slots=True)
class Block:
    """`level` is 1 to 6 for a heading and 0 for a paragraph; a table has rows and no runs."""

    level: int = 0
    runs: list[Run] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sample:
    """One letter: the words as this product holds them (pickled, so that the other engines load nothing of it), the
    page that it makes of them, and the same page in blocks."""

    number: str
    letter: bytes
    html: str
    css: str
    blocks: tuple[Block, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._bold = 0
        self._href = ""
        self._silent = 0
        self._runs: list[Run] = []
        self._level = 0
        self._table: Block | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._runs.append(Run("\n"))
        elif tag == "a":
            self._href = given.get("href") or ""
        elif tag == "table":
            self._close()
            self._table = Block()
        elif tag == "tr" and self._table is not None:
            self._table.rows.append([])
        elif tag in {"td", "th"} and self._table is not None:
            self._runs = []
            self._table.rows[-1].append(Cell(self._runs, tag == "th", int(given.get("colspan") or 1)))
        elif tag in _TEXT and self._table is None:
            self._close()
            self._level = int(tag[1]) if tag[0] == "h" else 0
        self._bold += tag in _BOLD

    def handle_endtag(self, tag: str) -> None:
        self._bold -= tag in _BOLD
        if tag in _SILENT:
            self._silent -= 1
        elif tag == "a":
            self._href = ""
        elif tag == "table" and self._table is not None:
            self.blocks.append(self._table)
            self._table, self._runs = None, []
        elif tag in _TEXT and self._table is None:
            self._close()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if self._silent or not text:
            return
        before = " " if data[0].isspace() and self._runs else ""
        after = " " if data[-1].isspace() else ""
        self._runs.append(Run(f"{before}{text}{after}", self._bold > 0, self._href))

    def _close(self) -> None:
        if self._runs:
            self.blocks.append(Block(level=self._level, runs=self._runs))
        self._runs, self._level = [], 0


def blocks_of(html: str) -> tuple[Block, ...]:
    """The page's text in order, each once."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.blocks)
