"""Paragraphs of the demo: two of the main reviewer's own, one that is everybody's, one that waits for a decision."""

from imr.accounts.models import User
from reviews.models import Paragraph, ParagraphVersion
from reviews.services.paragraph import ParagraphWords, create_paragraph, decide_version, propose_paragraph

OWN = (
    ParagraphWords(
        "no-home",
        "No home program",
        "The records do not show that a home exercise program was taught, followed and found insufficient before "
        "{{item}} was requested.",
    ),
    ParagraphWords(
        "facts",
        "Who and what",
        "The injured worker is a {{age}}-year-old {{sex}} with {{diagnosis}}, injured on {{date of injury}}. The "
        "request at issue is for {{item}}.",
    ),
)
SHARED = ParagraphWords(
    "guideline-met",
    "Guideline met",
    "{{guideline}} recommends the service when its conditions are met. The records show that they are: "
    "the requested service is medically necessary.",
)
WAITING = ParagraphWords(
    "guideline-not-met",
    "Guideline not met",
    "{{guideline}} recommends the service under conditions that the records do not show to be met. On this record "
    "the requested service is not medically necessary.",
)


def write_paragraphs(reviewer: User, director: User) -> None:
    """The paragraphs are there; a second call changes nothing."""
    if Paragraph.objects.filter(owner=reviewer).exists():
        return
    for words in OWN:
        create_paragraph(actor=reviewer, words=words)
    for words in (SHARED, WAITING):
        own = create_paragraph(actor=reviewer, words=words)
        shared = propose_paragraph(paragraph_id=own.pk, actor=reviewer)
        if words is SHARED:
            version = ParagraphVersion.objects.get(paragraph=shared)
            decide_version(version_id=version.pk, actor=director, is_approved=True)
