"""Background work of reviews. Handlers take ids, call one service and are safe to run twice."""

from imr.core.jobs import Queue, job
from reviews.services.dispatch import SERVE_LETTER
from reviews.services.dispatch import serve_letter as serve
from reviews.services.letter import RENDER_LETTER
from reviews.services.letter import render_letter as render


@job(RENDER_LETTER, queue=Queue.LETTERS)
def render_letter(*, determination_id: int) -> None:
    render(determination_id=determination_id)


@job(SERVE_LETTER, queue=Queue.LETTERS)
def serve_letter(*, dispatch_id: int) -> None:
    serve(dispatch_id=dispatch_id)
