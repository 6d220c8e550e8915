"""A record of many pages, as they come: half of them with text, half of them scans with text beneath."""

import io
import random
from functools import cache

import pikepdf
from PIL import Image

WORDS = (
    *("lumbar", "spine", "extension", "flexion", "weakness", "numbness", "strength", "reflex", "radiculopathy"),
    *("therapy", "sessions", "medication", "report", "examination", "patient", "denies", "pain", "relief"),
    *("function", "home", "exercise", "program", "imaging", "degenerative"),
)


def page_words(number: int) -> list[str]:
    """The lines of page `number`; one in a hundred pages speaks of an antalgic gait."""
    chance = random.Random(number)
    lines = [f"Page {number} of the record. Visit {number // 4 + 1}."]
    lines += [" ".join(chance.choices(WORDS, k=11)) for _ in range(34)]
    if number % 100 == 50:
        lines[10] = "He walks with an antalgic gait and uses a cane."
    return lines


@cache
def big_pdf(pages: int) -> bytes:
    """A PDF of so many pages with a flat page tree and no order for the web, which is the hardest to page through."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for number in range(1, pages + 1):
        resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        lines = "".join(f"({line}) Tj T* " for line in page_words(number))
        content = f"BT /F1 11 Tf 15 TL 50 740 Td {lines}ET"
        if number % 2 == 0:
            resources.XObject = pikepdf.Dictionary(Im1=_scan(pdf, number))
            content = f"q 612 0 0 792 0 0 cm /Im1 Do Q 3 Tr {content}"
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, 612, 792],
            Resources=resources,
            Contents=pdf.make_stream(content.encode()),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _scan(pdf: pikepdf.Pdf, number: int) -> pikepdf.Stream:
    """Letter paper at 150 dots an inch in gray, with something like lines of type."""
    chance = random.Random(number)
    picture = Image.new("L", (1275, 1650), 250)
    for row in range(100, 1550, 28):
        for column in range(100, 1150, 30):
            picture.paste(chance.randrange(20, 120), (column, row, column + chance.randrange(8, 26), row + 14))
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=60)
    stream = pdf.make_stream(data.getvalue())
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = 1275, 1650, 8
    stream.ColorSpace, stream.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.DCTDecode
    return stream
