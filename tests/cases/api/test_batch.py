"""A file with applications over the API: the same path as on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Batch
from cases.services.bulk import read_batch, work_batch
from tests.factories.accounts import Cast
from tests.factories.api import make_program, problems
from tests.factories.batches import answers, csv_file

pytestmark = pytest.mark.django_db


def test_program_sends_follows_and_reads_the_results(cast: Cast) -> None:
    program = make_program(cast.manager)
    rows = [answers("A-1"), answers("A-2", **{"Worker: city": ""})]

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("october.csv", csv_file(rows), content_type="text/csv")

    missing = program.upload("bulk/", file=file(), goal="submit")
    assert missing.status_code == 400
    assert set(problems(missing)) == {"is_lacking_accepted", "is_attested", "attested_name"}
    ticks = {"is_lacking_accepted": "true", "is_attested": "true", "attested_name": "Ines Kovac"}
    answer = program.upload("bulk/", file=file(), goal="submit", **ticks)
    assert answer.status_code == 202, answer.content
    batch = Batch.objects.get()
    assert answer.json()["url"].endswith(f"/bulk/{batch.pk}/")
    read_batch(batch_id=batch.pk)
    work_batch(batch_id=batch.pk)
    found = program.get(f"bulk/{batch.pk}/").json()
    assert found["state"] == "done"
    assert found["counts"] == {"total": 2, "waiting": 0, "checked": 0, "refused": 1, "drafted": 0, "filed": 1}
    listed = program.get(f"bulk/{batch.pk}/rows/").json()
    assert listed["next"] is None
    filed, refused = listed["results"]
    assert filed["case_number"].startswith("CM")
    assert refused["problems"] == [{"row": 3, "column": "Worker: city", "message": "Enter the city."}]
    only = program.get(f"bulk/{batch.pk}/rows/", state="filed").json()
    assert [row["row"] for row in only["results"]] == [2]
    assert program.get(f"bulk/{batch.pk}/rows/", after="?").status_code == 400
