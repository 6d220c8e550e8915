"""The JSON Schema of the exchange form, for programs that write or check it."""

from typing import Any, Final

from cases.enums import Outcome

_DAY: Final = {"type": "string", "pattern": "^(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])/[0-9]{4}$"}
_TEXT: Final = {"type": "string", "pattern": "\\S"}
_TEXTS: Final = {"type": "array", "items": _TEXT, "minItems": 1}


def _field(kind: dict[str, Any], description: str) -> dict[str, Any]:
    return {**kind, "description": description}


_ITEM: Final = {
    "item": _field(_TEXT, "The whole text of the item as the letter names it, without the colon and the outcome."),
    "decision": {
        "enum": [outcome.label for outcome in Outcome],
        "description": "The outcome of the item. That of the case follows from its items.",
    },
    "claims_administrator_guideline": _field(
        _TEXT, "What the claims administrator rested on: the whole block after its label, its first sentence included."
    ),
    "reviewer_guideline": _field(_TEXT, "What the reviewer rested on, likewise."),
    "decision_rationale": _field(_TEXT, "The reasons."),
}
_DETERMINATION: Final = {
    "case_number": {
        "type": "string",
        "pattern": "^CM[0-9]{2}-[0-9]{7,8}$",
        "description": "CM, two digits of the year of registration, a dash, seven or eight digits.",
    },
    "priority": _field({**_TEXT, "maxLength": 40}, "Standard or Expedited."),
    "date_assigned": _field(_DAY, "Day on which the review was assigned, MM/DD/YYYY as every date."),
    "date_of_injury": _field(_DAY, "Day of the injury."),
    "decision_date": _field(_DAY, "Day of the determination."),
    "ur_denial_date": _field(_DAY, "Day of the utilization review decision under review."),
    "application_received": _field(_DAY, "Day on which the application arrived."),
    "states_of_licensure": _field(_TEXTS, "States in which the reviewer is licensed, in printed order."),
    "certifications": _field(_TEXTS, "Certifications and specialties of the reviewer, in printed order."),
    "clinical_case_summary": _field(_TEXT, "The summary of the case."),
    "items": {
        "type": "array",
        "minItems": 1,
        "description": "The disputed items or services, in printed order.",
        "items": {"$ref": "#/$defs/item"},
    },
}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


EXCHANGE_SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:imr:exchange:determinations:1",
    "title": "Determinations of Independent Medical Review",
    "description": (
        "A list of determinations as their letters print them. Every run of white space in a text is one blank. There "
        "is no field for a person's name."
    ),
    "type": "array",
    "items": {"$ref": "#/$defs/determination"},
    "$defs": {"determination": _object(_DETERMINATION), "item": _object(_ITEM)},
}
