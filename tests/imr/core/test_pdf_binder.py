"""Binding PDFs of strangers into one (B18)."""

from pathlib import Path

import pikepdf
import pytest

from imr.core import pdf_binder
from imr.core.pdf_binder import BindingError, Bookmark, bind
from tests.factories.cases import make_pdf


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_pages_follow_one_another_under_bookmarks_and_a_damaged_file_spoils_only_itself(tmp_path: Path) -> None:
    sources = [
        write(tmp_path, "one.pdf", make_pdf(2, text="First")),
        write(tmp_path, "broken.pdf", b"%PDF-1.7 nothing"),
        write(tmp_path, "two.pdf", make_pdf(1, text="Second")),
    ]
    target = tmp_path / "whole.pdf"
    outline = [Bookmark("Reports", 0, (Bookmark("1. First", 0), Bookmark("2. Second", 2)))]

    assert bind(sources, target, title="Records", bookmarks=outline) == (2, 0, 1)

    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 3
        assert b"Second" in pdf.pages[2].Contents.read_bytes()
        assert str(pdf.docinfo["/Title"]) == "Records"
        with pdf.open_outline() as found:
            (top,) = found.root
            assert [item.title for item in (top, *top.children)] == ["Reports", "1. First", "2. Second"]


def test_answers_of_a_form_stand_on_the_pages(tmp_path: Path) -> None:
    with pikepdf.open(write(tmp_path, "blank.pdf", make_pdf(1))) as pdf:
        look = pdf.make_stream(b"BT /F1 12 Tf (Filled in) Tj ET")
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 200, 20]
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String("name"),
                V=pikepdf.String("Filled in"),
                Rect=[100, 100, 300, 120],
                F=4,
                AP=pikepdf.Dictionary(N=look),
            )
        )
        pdf.pages[0].Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.save(tmp_path / "form.pdf")

    assert bind([tmp_path / "form.pdf"], tmp_path / "whole.pdf") == (1,)

    with pikepdf.open(tmp_path / "whole.pdf") as pdf:
        assert "/Annots" not in pdf.pages[0] or not len(pdf.pages[0].Annots)
        assert any(b"Filled in" in form.read_bytes() for form in pdf.pages[0].form_xobjects.values())


def test_a_program_that_takes_too_long_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_binder, "BIND_SECONDS", 0.001)
    with pytest.raises(BindingError):
        bind([write(tmp_path, "one.pdf", make_pdf(1))], tmp_path / "whole.pdf")
    assert not (tmp_path / "whole.pdf").exists()
