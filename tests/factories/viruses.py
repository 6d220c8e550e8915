"""A file with the harmless test virus of the anti-virus industry."""

import io

import pikepdf

from tests.factories.cases import make_pdf
from tests.factories.clamd import EICAR


def infected_pdf() -> bytes:
    """A PDF whose only harm is the test virus in a comment of its page."""
    pdf = pikepdf.open(io.BytesIO(make_pdf()))
    pdf.Root.Note = pdf.make_stream(EICAR)
    buffer = io.BytesIO()
    pdf.save(buffer, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return buffer.getvalue()
