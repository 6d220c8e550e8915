"""The engines. Each makes a finished PDF of a `Sample`, warm, by its documented interface."""

import asyncio
import base64
import io
import json
import pickle
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from bin.bench_letters.blocks import Block, Run, Sample
from bin.bench_letters.naive import render_naively

FONTS = {"Serif": "Liberation Serif", "SerifBold": "Liberation Serif:bold", "Sans": "Liberation Sans"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Engine:
    """One way to make the letter. `forks` says whether a prepared process may be forked, as a worker is."""

    name = ""
    forks = True

    def prepare(self) -> None:
        """Whatever is done once in a process; the first letter afterwards is as fast as the next."""

    def render(self, sample: Sample) -> bytes:
        raise NotImplementedError

    def processes(self) -> list[psutil.Process]:
        """Processes that work for the engine beside the calling one."""
        return []

    def cpu_seconds(self) -> float:
        """CPU time that the engine has taken so far, everywhere."""
        return time.process_time()

    def close(self) -> None:
        """Nothing that was started runs afterwards."""


class Product(Engine):
    """This product, by the worker's own path: `warm_up` before the fork, then `render_letter_pdf`."""

    name = "this product"

    def prepare(self) -> None:
        import django

        django.setup()
        from imr.core import pdf

        pdf.warm_up()

    def render(self, sample: Sample) -> bytes:
        from reviews.services.rendering import render_letter_pdf

        letter, wording = pickle.loads(sample.letter)  # noqa: S301  our own bytes
        return render_letter_pdf(letter, wording=wording).data


class Naive(Engine):
    """WeasyPrint with the naive template and the naive call."""

    name = "naive WeasyPrint"

    def prepare(self) -> None:
        render_naively([Block(level=1, runs=[Run("Warm-up")])])

    def render(self, sample: Sample) -> bytes:
        return render_naively(sample.blocks)


class Chromium(Engine):
    """Headless Chromium kept warm: the product's own page, printed over CDP with tags, one tab for each at a time."""

    name = "Chromium, warm"
    forks = False

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._playwright: Any = None
        self._browser: Any = None
        self._tabs: list[Any] = []
        self._spent: dict[int, float] = {}

    def prepare(self) -> None:
        self._loop.run_until_complete(self._open(1))

    async def _open(self, tabs: int) -> None:
        if self._browser is None:
            from playwright.async_api import async_playwright

            program = next(filter(None, map(shutil.which, BROWSERS)), None)
            if program is None:
                raise FileNotFoundError("Chromium")
            self._playwright = await async_playwright().start()
            self._browser = await self._playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        while len(self._tabs) < tabs:
            page = await (await self._browser.new_context()).new_page()
            self._tabs.append((page, await page.context.new_cdp_session(page)))

    def render(self, sample: Sample) -> bytes:
        return self._loop.run_until_complete(self._print(self._tabs[0], sample))

    async def _print(self, tab: Any, sample: Sample) -> bytes:
        page, devtools = tab
        await page.set_content(sample.html.replace("</head>", f"<style>{sample.css}</style></head>"))
        answer = await devtools.send(
            "Page.printToPDF",
            {
                "preferCSSPageSize": True,
                "printBackground": True,
                "generateTaggedPDF": True,
                "generateDocumentOutline": True,
                "displayHeaderFooter": True,
                "headerTemplate": "<span></span>",
                "footerTemplate": (
                    '<div style="width:100%;text-align:center;font:8.5pt Liberation Sans">'
                    f"{sample.number} · page <span class=pageNumber></span> of "
                    "<span class=totalPages></span></div>"
                ),
            },
        )
        return base64.b64decode(answer["data"])

    def load(self, samples: Iterator[Sample], *, tabs: int, until: float) -> list[float]:
        """Print on `tabs` tabs at once until the moment `until`; seconds per letter."""
        return self._loop.run_until_complete(self._load(samples, tabs, until))

    async def _load(self, queue: Iterator[Sample], tabs: int, until: float) -> list[float]:
        await self._open(tabs)
        spent: list[float] = []

        async def work(tab: Any) -> None:
            for sample in queue:
                started = time.monotonic()
                if started >= until:
                    return
                await self._print(tab, sample)
                spent.append(time.monotonic() - started)

        await asyncio.gather(*(work(tab) for tab in self._tabs[:tabs]))
        return spent

    def processes(self) -> list[psutil.Process]:
        found = []
        for one in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if "chrom" in one.name().lower():
                    found.append(one)
        return found

    def cpu_seconds(self) -> float:
        # Client and driver would be there with any browser: only the browser itself is charged.
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                self._spent[process.pid] = times.user + times.system
        return sum(self._spent.values())

    def close(self) -> None:
        async def stop() -> None:
            if self._browser is not None:
                await self._browser.close()
            if self._playwright is not None:
                await self._playwright.stop()

        self._loop.run_until_complete(stop())


class Typst(Engine):
    """Typst's compiler, kept, with PDF/UA-1."""

    name = "Typst"
    forks = False

    def __init__(self) -> None:
        self._compiler: Any = None

    def prepare(self) -> None:
        import typst

        self._compiler = typst.Compiler(str(Path(__file__).with_name("letter.typ")))

    def render(self, sample: Sample) -> bytes:
        blocks = [asdict(block) for block in sample.blocks]
        letter = json.dumps({"number": sample.number, "blocks": blocks})
        return bytes(self._compiler.compile(format="pdf", pdf_standards="ua-1", sys_inputs={"letter": letter}))


class ReportLab(Engine):
    """ReportLab's platypus; its files are not tagged."""

    name = "ReportLab"

    def prepare(self) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        for name, pattern in FONTS.items():
            found = subprocess.run(["fc-match", "-f", "%{file}", pattern], capture_output=True, text=True, check=True)
            pdfmetrics.registerFont(TTFont(name, found.stdout))
        pdfmetrics.registerFontFamily("Serif", normal="Serif", bold="SerifBold", italic="Serif", boldItalic="SerifBold")
        self._page()

    def render(self, sample: Sample) -> bytes:
        return self._page(sample)

    def _page(self, sample: Sample | None = None) -> bytes:
        from reportlab.lib.colors import grey
        from reportlab.lib.pagesizes import LETTER
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfgen.canvas import Canvas
        from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

        text = ParagraphStyle("text", fontName="Serif", fontSize=11, leading=15.6, spaceBefore=8)
        small = ParagraphStyle("small", fontName="Sans", fontSize=9.5, leading=12.8)
        head = ParagraphStyle("head", fontName="Sans", fontSize=11, leading=14.3, spaceBefore=17, keepWithNext=1)
        number = sample.number if sample else ""

        class Numbered(Canvas):  # type: ignore[misc]
            """Knows the number of pages only at the end, so it keeps them until then."""

            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                self._kept: list[dict[str, Any]] = []

            def showPage(self) -> None:  # noqa: N802
                self._kept.append(dict(self.__dict__))
                self._startPage()

            def save(self) -> None:
                for page in self._kept:
                    self.__dict__.update(page)
                    self.setFont("Sans", 8.5)
                    self.drawCentredString(306, 48, f"{number} · page {self.getPageNumber()} of {len(self._kept)}")
                    super().showPage()
                super().save()

        story: list[Any] = []
        for block in sample.blocks if sample else ():
            if block.rows:
                width = max(sum(cell.span for cell in row) for row in block.rows)
                rows = [
                    [part for cell in row for part in (Paragraph(_markup(cell.runs), small), *[""] * (cell.span - 1))]
                    for row in block.rows
                ]
                grid = Table([row + [""] * (width - len(row)) for row in rows], colWidths=[468 / width] * width)
                grid.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.75, grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
                story.append(grid)
            else:
                story.append(Paragraph(_markup(block.runs), head if block.level else text))
        out = io.BytesIO()
        SimpleDocTemplate(out, pagesize=LETTER, title="Final Determination").build(story, canvasmaker=Numbered)
        return out.getvalue()


def _markup(runs: Sequence[Run]) -> str:
    from html import escape

    return "".join(f"<b>{escape(run.text)}</b>" if run.is_bold else escape(run.text) for run in runs)


ENGINES: dict[str, Callable[[], Engine]] = {
    "product": Product,
    "naive": Naive,
    "chromium": Chromium,
    "typst": Typst,
    "reportlab": ReportLab,
}


def available() -> dict[str, Callable[[], Engine]]:
    """The engines that are installed here; this product and the baseline always are."""
    from importlib.util import find_spec

    has = {
        "chromium": find_spec("playwright") is not None and any(map(shutil.which, BROWSERS)),
        "typst": find_spec("typst") is not None,
        "reportlab": find_spec("reportlab") is not None,
    }
    return {name: engine for name, engine in ENGINES.items() if has.get(name, True)}


def pss(process: psutil.Process) -> int:
    """Bytes of memory that are the process's own, with its share of what it shares; 0 when it has ended."""
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_full_info().pss)
    return 0
