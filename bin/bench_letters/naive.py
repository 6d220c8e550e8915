"""The baseline: the letter as one writes it first, and the call that one makes first. It is kept as it is.

Four margin boxes, a running header, custom properties, flex for letterhead and items, cards around the items,
collapsed borders, justified and hyphenated text in a wide face (DejaVu Serif, for Noto Serif is not on every machine;
in a size that gives the page counts of the product's letter); the style sheet inside the page; a new fetcher and a new
font set for every letter.
"""

from collections.abc import Iterable
from html import escape

from bin.bench_letters.blocks import Block, Cell, Run

STYLE = """
:root { --ink: #1b1b1b; --brand: #1b2b4b; --line: #a9aeb1; --soft: #f3f4f6; }
@page {
  size: letter; margin: 1in 0.95in 0.9in;
  @top-left { content: element(head); }
  @top-right { content: string(title); font-size: 8pt; color: #565c65; }
  @bottom-left { content: "Confidential medical information"; font-size: 8pt; color: #565c65; }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 8pt; color: #565c65; }
}
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--ink); font-family: "DejaVu Serif", serif; font-size: 10pt; line-height: 1.42;
  text-align: justify; hyphens: auto;
}
.head { position: running(head); font-family: "Liberation Sans", sans-serif; font-size: 8pt; color: #565c65; }
h1, h2, h3, h4 { font-family: "Liberation Sans", sans-serif; color: var(--brand); hyphens: none; text-align: left; }
h1 { font-size: 14pt; string-set: title content(); margin: 0 0 6pt; }
h2 { font-size: 11pt; margin: 18pt 0 6pt; break-after: avoid; border-bottom: 1px solid var(--line); }
h3, h4 { font-size: 11pt; margin: 12pt 0 4pt; break-after: avoid; }
p { margin: 0 0 8pt; orphans: 3; widows: 3; }
.facts { width: 100%; border-collapse: collapse; margin: 10pt 0; }
.facts { font-family: "Liberation Sans", sans-serif; font-size: 9.5pt; }
.facts td, .facts th { border: 1px solid var(--line); padding: 4pt 6pt; text-align: left; vertical-align: top; }
.facts th { background: var(--soft); }
.letterhead { display: flex; justify-content: space-between; align-items: center; }
.letterhead { border-bottom: 2pt solid var(--brand); }
.letterhead span { font-family: "Liberation Sans", sans-serif; font-weight: bold; font-size: 13pt; }
.card { border-left: 3pt solid var(--line); padding-left: 6pt; }
.card .decision { display: flex; justify-content: space-between; }
a { color: #005ea2; text-decoration: none; }
"""


def naive_page(blocks: Iterable[Block]) -> str:
    """The letter's HTML, style sheet and all."""
    body: list[str] = []
    is_open = False
    for at, block in enumerate(blocks):
        if block.rows:
            body.append(_table(block.rows))
            continue
        text = _inline(block.runs)
        if at == 0 and not block.level:
            body.append(f'<div class="head">{text}</div><div class="letterhead"><span>{text}</span></div>')
            continue
        if block.level and is_open:
            body.append("</div>")
            is_open = False
        if block.level >= 3:
            body.append(f'<div class="card"><div class="decision"><h{block.level}>{text}</h{block.level}></div>')
            is_open = True
        else:
            tag = f"h{block.level}" if block.level else "p"
            body.append(f"<{tag}>{text}</{tag}>")
    if is_open:
        body.append("</div>")
    return (
        '<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>Final Determination</title>'
        f"<style>{STYLE}</style></head><body>{''.join(body)}</body></html>"
    )


def render_naively(blocks: Iterable[Block]) -> bytes:
    """The letter as PDF, by the shortest call."""
    from weasyprint import HTML  # only in the process of this engine

    return bytes(HTML(string=naive_page(blocks)).write_pdf())


def _table(rows: Iterable[Iterable[Cell]]) -> str:
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            tag = "th" if cell.is_head else "td"
            cells.append(f'<{tag} colspan="{cell.span}">{_inline(cell.runs)}</{tag}>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table class="facts">{"".join(lines)}</table>'


def _inline(runs: Iterable[Run]) -> str:
    parts = []
    for run in runs:
        text = escape(run.text).replace("\n", "<br>")
        if run.href:
            text = f'<a href="{escape(run.href)}">{text}</a>'
        parts.append(f"<strong>{text}</strong>" if run.is_bold else f"<span>{text}</span>" if run.href else text)
    return "".join(parts)
