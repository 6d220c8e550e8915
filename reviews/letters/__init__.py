"""The words and figures of letters, as frozen dataclasses: written, read back, exchanged."""

from reviews.letters.exchange import ExchangedDetermination, ExchangedItem, ExchangeError, folded
from reviews.letters.final import (
    FinalDeterminationLetter,
    GuidelineBlock,
    LetterItem,
    PanelVoice,
    ReviewedDocument,
    SignedSnapshot,
    canonical_json,
    digest_of,
)
from reviews.letters.phrases import (
    ItemShape,
    TextPiece,
    item_shape,
    item_text,
    linked,
    paragraphs_of,
    printed_citations,
)
from reviews.letters.served import LetterChange, Parties, Recipient, ServedLetter
from reviews.letters.wording import (
    PLACEHOLDERS,
    LetterPart,
    LetterWording,
    TextKey,
    own_part_headings,
    required_texts,
)

__all__ = [
    "PLACEHOLDERS",
    "ExchangeError",
    "ExchangedDetermination",
    "ExchangedItem",
    "FinalDeterminationLetter",
    "GuidelineBlock",
    "ItemShape",
    "LetterChange",
    "LetterItem",
    "LetterPart",
    "LetterWording",
    "PanelVoice",
    "Parties",
    "Recipient",
    "ReviewedDocument",
    "ServedLetter",
    "SignedSnapshot",
    "TextKey",
    "TextPiece",
    "canonical_json",
    "digest_of",
    "folded",
    "item_shape",
    "item_text",
    "linked",
    "own_part_headings",
    "paragraphs_of",
    "printed_citations",
    "required_texts",
]
