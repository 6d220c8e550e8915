"""The part of the body."""

import pytest

from reviews.rules.checks.body_part import check_body_part
from tests.factories.checks import checked_pair


@pytest.mark.parametrize(
    ("item", "rationale"),
    [
        ("MRI of the lumbar spine", "The request for MRI of the cervical spine is not medically necessary."),
        ("Physical therapy for the right shoulder", "Knee strength is normal. Therapy is not medically necessary."),
        (
            "MRI of the lumbar spine",
            "Imaging of the neck is recommended with red flags. It is not medically necessary.",
        ),
        ("L4-5 discectomy", "The requested decompression of the neck is not medically necessary."),
    ],
)
def test_body_part_check_finds_another_part(item: str, rationale: str) -> None:
    (finding,) = check_body_part(checked_pair(item, rationale))
    assert finding.code == "body_part"
    assert finding.quote in rationale


@pytest.mark.parametrize(
    ("item", "rationale"),
    [
        ("MRI of the lumbar spine", "There is no red flag. The request is not medically necessary."),
        ("MRI of the lumbar spine", "Pain runs into the left leg. The request is not medically necessary."),
        ("Physical therapy for the lo9w back", "Lumbar therapy is not medically necessary."),
        (
            "MRI of the cervical spine",
            "A lumbar MRI was done before. This study of the neck is not medically necessary.",
        ),
        ("Neurology consultation for headaches", "The neck strain explains it. The consultation is not necessary."),
        ("EMG of the upper extremities", "The cervical request is for nerve tests. It is not medically necessary."),
        ("Associated surgical service: sling, right shoulder", "As the knee surgery is not medically necessary, ..."),
        ("Norco 10/325 mg #60", "Pain of the knee is unchanged. The request is not medically necessary."),
        ("Return to work evaluation of the back", "On the other hand, the low back is stiff. It is not necessary."),
    ],
)
def test_body_part_check_lets_near_and_unnamed_parts_be(item: str, rationale: str) -> None:
    assert not check_body_part(checked_pair(item, rationale))
