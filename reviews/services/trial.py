"""The letter as it was rendered for trial before its signature: kept, and taken instead of rendering it once more."""

import hashlib
import logging
import os
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from imr.core import pdf, storage
from imr.core.errors import UnavailableError
from reviews.letters import FinalDeterminationLetter
from reviews.models import Determination
from reviews.services.rendering import letter_source_sha256

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """Bytes in the document store, how many pages they have, and whether they are those of the trial."""

    stored: storage.StoredFile
    page_count: int
    is_trial: bool = False


def trial_fields(trial: pdf.RenderedPdf) -> dict[str, Any]:
    """What a determination holds of its trial; nothing when it is not known what the trial was made from."""
    if not trial.source_sha256:
        return {}
    return {
        "trial_sha256": hashlib.sha256(trial.data).hexdigest(),
        "trial_source_sha256": trial.source_sha256,
        "trial_page_count": trial.page_count,
    }


def keep_trial_after_commit(trial: pdf.RenderedPdf) -> None:
    """With the caller's transaction the trial's bytes are in the document store; without it no file was written.

    A store that refuses them, or a process that dies before, costs nothing but a rendering: the signature stands.
    """
    if trial.source_sha256:
        transaction.on_commit(lambda: _keep(trial.data), robust=True)


def kept_trial(determination: Determination, letter: FinalDeterminationLetter) -> StoredLetter | None:
    """The kept trial, if its bytes are whole and `letter`, which must be the signed one, would be made from the same
    page, style sheets and renderer now; otherwise None.
    """
    if not determination.trial_sha256 or determination.trial_page_count is None:
        return None
    if determination.trial_source_sha256 != letter_source_sha256(letter):
        logger.info("trial_outdated", extra={"determination_id": determination.pk})
        return None
    try:
        with storage.open_verified(determination.trial_sha256) as handle:
            size = handle.seek(0, os.SEEK_END)
    except storage.IntegrityError:
        logger.warning("trial_unusable", extra={"determination_id": determination.pk})
        return None
    return StoredLetter(
        storage.StoredFile(determination.trial_sha256, size), determination.trial_page_count, is_trial=True
    )


def _keep(data: bytes) -> None:
    try:
        storage.store_bytes(data)
    except UnavailableError:
        logger.warning("trial_not_kept")
