"""Uploads: what is taken in, and in which words the rest is refused (rows B42 to B65 of the list of bad inputs)."""

import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from imr.core.pdf_intake import MAX_BYTES, RefusedFileError, TooLargeFileError, inspect_pdf
from tests.factories.cases import make_pdf
from tests.factories.clamd import EICAR

Change = Callable[[pikepdf.Pdf], None]


def changed(change: Change, *, pages: int = 1) -> bytes:
    """A small PDF after `change`."""
    pdf = pikepdf.open(io.BytesIO(make_pdf(pages)))
    change(pdf)
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def saved(data: bytes, folder: Path) -> Path:
    path = folder / "upload"
    path.write_bytes(data)
    return path


def open_action(kind: str, **more: Any) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name(f"/{kind}"), **more)

    return change


def page_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name("/JavaScript"), JS=String("app.alert(1)")))


def named_script(pdf: pikepdf.Pdf) -> None:
    tree = Dictionary(Names=Array([String("a"), Dictionary(S=Name("/JavaScript"), JS=String("1"))]))
    pdf.Root.Names = Dictionary(JavaScript=tree)


def link_launch(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=Dictionary(S=Name("/Launch")))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["note.txt"] = b"hello"


def xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def huge_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.MediaBox = Array([0, 0, 2_834_645, 792])


def huge_image(pdf: pikepdf.Pdf) -> None:
    image = pdf.make_stream(b"", Subtype=Name.Image, Width=30_000, Height=30_000, BitsPerComponent=8)
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(I=image))


def no_pages(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0]


def shared_kids(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    pdf.Root.Pages.Kids = Array([page] * 5_001)


def page_loop(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids = Array([pdf.Root.Pages])


def bomb(size: int) -> bytes:
    """A PDF whose only page's content inflates to `size` bytes of blanks."""
    packer = zlib.compressobj(9)
    block = b" " * (1024 * 1024)
    packed = b"".join([*(packer.compress(block) for _ in range(size // len(block))), packer.flush()])
    pdf = pikepdf.open(io.BytesIO(make_pdf()))
    stream = pdf.make_stream(b"")
    stream.write(packed, filter=Name.FlateDecode)
    pdf.pages[0].obj.Contents = stream
    buffer = io.BytesIO()
    pdf.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return buffer.getvalue()


def locked(**passwords: str) -> bytes:
    pdf = pikepdf.open(io.BytesIO(make_pdf()))
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        encryption=pikepdf.Encryption(**passwords, allow=pikepdf.Permissions(extract=False)),  # type: ignore[arg-type]
    )
    return buffer.getvalue()


def docx() -> bytes:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


def attach_virus(pdf: pikepdf.Pdf) -> None:
    """clamd passes the test virus when it lies compressed inside of an attached file."""
    pdf.attachments["invoice.exe"] = pikepdf.AttachedFileSpec(pdf, zlib.compress(EICAR))


def form_action(pdf: pikepdf.Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("name"), AA=Dictionary(K=Dictionary(S=Name("/JavaScript"), JS=String("1"))))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def nested_arrays() -> bytes:
    """An object of 200,000 arrays inside of each other."""
    body = b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\n"
    return body + b"trailer << /Root 1 0 R /Size 2 >>\nstartxref\n9\n%%EOF\n"


REFUSED: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("B42-empty", lambda: b"", "empty", "empty"),
    ("B42-header", lambda: b"%PDF-1.7\n", "incomplete", "not a complete PDF"),
    ("B43-truncated", lambda: make_pdf(20)[:-400], "cut_off", "cut off"),
    ("B44-html", lambda: b"<!doctype html><p>hello</p>" * 20, "not_pdf", "it looks like a web page"),
    ("B44-docx", docx, "not_pdf", "it looks like a"),
    ("B44-jpeg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 200, "not_pdf", "it looks like a JPEG"),
    ("B44-exe", lambda: b"MZ" + b"\x00" * 400, "not_pdf", "it looks like a Windows program"),
    ("B46-password", lambda: locked(user="secret", owner="secret"), "password", "password-protected"),
    ("B48-open-action", lambda: changed(open_action("JavaScript", JS=String("1"))), "scripts", "contains scripts"),
    ("B48-page-action", lambda: changed(page_action), "scripts", "contains scripts"),
    ("B48-named", lambda: changed(named_script), "scripts", "contains scripts"),
    ("B49-launch", lambda: changed(link_launch), "actions", "starts programs"),
    ("B49-submit", lambda: changed(open_action("SubmitForm")), "actions", "sends data"),
    ("B49-import", lambda: changed(open_action("ImportData")), "actions", "sends data"),
    ("B49-remote", lambda: changed(open_action("GoToR")), "actions", "opens other files"),
    ("B50-attached", lambda: changed(attach), "attached_files", "contains attached files"),
    ("B50-virus-inside", lambda: changed(attach_virus), "attached_files", "contains attached files"),
    ("B52-form-action", lambda: changed(form_action), "scripts", "contains scripts"),
    ("B52-xfa", lambda: changed(xfa), "xfa", "dynamic form"),
    ("B54-shared-kids", lambda: changed(shared_kids), "too_many_pages", "5,000 pages"),
    ("B56-loop", lambda: changed(page_loop), "damaged", "damaged"),
    ("B56-nested", nested_arrays, "damaged", "damaged"),
    ("B56-no-pages", lambda: changed(no_pages), "no_pages", "no pages"),
    ("B57-page", lambda: changed(huge_page), "huge_page", "200 by 200 inches"),
    ("B57-image", lambda: changed(huge_image), "huge_image", "lower resolution"),
    ("B58-before", lambda: b"<html>" + b" " * 2_000 + make_pdf(), "stray_bytes", "something else"),
    ("B58-after", lambda: make_pdf() + docx() + b"\x00" * 2_000, "stray_bytes", "something else"),
]


@pytest.mark.parametrize(("make", "code", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_bad_upload_is_refused_in_words(make: Callable[[], bytes], code: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError) as raised:
        inspect_pdf(saved(make(), tmp_path))

    assert raised.value.code == code
    assert words in raised.value.message
    assert raised.value.status == 400


def test_bomb_is_refused_in_time_and_this_process_is_unharmed(tmp_path: Path) -> None:
    """B53: one megabyte that inflates to one gigabyte."""
    data = bomb(1024 * 1024 * 1024)
    assert len(data) < 2 * 1024 * 1024
    began = monotonic()

    with pytest.raises(RefusedFileError) as raised:
        inspect_pdf(saved(data, tmp_path))

    assert raised.value.code == "too_complex"
    assert monotonic() - began < 30


def test_file_over_the_limit_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    """B59: a sparse file, so that nothing can be read of it in time."""
    path = tmp_path / "large"
    with path.open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)

    with pytest.raises(TooLargeFileError) as raised:
        inspect_pdf(path)

    assert raised.value.status == 413


def test_restricted_file_is_taken_and_flagged(tmp_path: Path) -> None:
    """B47: it opens without a password, and its owner forbids to copy from it."""
    facts = inspect_pdf(saved(locked(user="", owner="secret"), tmp_path))

    assert facts.is_restricted
    assert facts.page_count == 1


def test_pages_and_pages_with_text_are_counted(tmp_path: Path) -> None:
    """B55, B65: the declared count is not believed, and pages without text are noticed."""

    def mix(pdf: pikepdf.Pdf) -> None:
        pdf.add_blank_page()
        pdf.Root.Pages.Count = 2_147_483_647

    facts = inspect_pdf(saved(changed(mix, pages=3), tmp_path))

    assert (facts.page_count, facts.text_page_count, facts.is_restricted) == (4, 3, False)


def test_filled_form_without_actions_and_links_are_taken(tmp_path: Path) -> None:
    """B52: a plain form is what the DWC form is."""

    def fill(pdf: pikepdf.Pdf) -> None:
        field = Dictionary(FT=Name.Tx, T=String("name"), V=String("Maria"))
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([0, 0, 1, 1]),
            A=Dictionary(S=Name.URI, URI=String("https://example.org")),
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    assert inspect_pdf(saved(changed(fill), tmp_path)).page_count == 1


def test_blank_rotated_and_heavy_pages_are_taken_with_their_share_of_text(tmp_path: Path) -> None:
    """B65: a scan is a record too; a page of many megabytes is a good scan, not an attack."""

    def scan(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = 90
        pdf.add_blank_page()
        picture = pdf.make_stream(
            os.urandom(5_000 * 2_700),
            Subtype=Name.Image,
            Width=5_000,
            Height=2_700,
            BitsPerComponent=8,
            ColorSpace=Name.DeviceGray,
        )
        page = pdf.add_blank_page()
        page.Resources = Dictionary(XObject=Dictionary(I=picture))
        page.Contents = pdf.make_stream(b"q 612 0 0 792 0 0 cm /I Do Q")

    facts = inspect_pdf(saved(changed(scan), tmp_path))

    assert (facts.page_count, facts.text_page_count) == (3, 1)


@pytest.mark.parametrize("name", ["record.PDF ", "record.pdf.exe", "record", "record.html"])
def test_name_and_declared_type_decide_nothing(name: str, tmp_path: Path) -> None:
    """B45: the bytes decide, whatever the file is called."""
    good, bad = tmp_path / name, tmp_path / f"other-{name}.pdf"
    good.write_bytes(make_pdf())
    bad.write_bytes(b"<!doctype html><script>alert(1)</script>" * 10)

    assert inspect_pdf(good).page_count == 1
    with pytest.raises(RefusedFileError):
        inspect_pdf(bad)
