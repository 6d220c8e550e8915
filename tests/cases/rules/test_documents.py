"""Names of files: what a person reads and what a download is called."""

import pytest

from cases.rules.documents import safe_file_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("knee %22left%22.pdf", 'knee "left".pdf'),  # as browsers write a quotation mark in a form
        ("a%0D%0Ab.pdf", "a b.pdf"),
        ("50% better.pdf", "50% better.pdf"),
        ("..\\..\\x\u202efdp.exe.pdf", "x fdp.exe.pdf"),
        ("-", "document.pdf"),
    ],
)
def test_name_of_a_file_reads_as_the_person_wrote_it(sent: str, shown: str) -> None:
    assert safe_file_name(sent) == shown
