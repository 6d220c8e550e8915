"""Examples for the description of the interface. The people are invented."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

ADDRESS: Final = {"address_line_1": "100 Main Street", "city": "Sacramento", "state": "CA", "zip_code": "95814"}
APPLICATION: Final[dict[str, Any]] = {
    "review_type": "regular",
    "employee": {
        "first_name": "Maria",
        "last_name": "Sandoval",
        **ADDRESS,
        "phone": "(916) 555-0134",
        "birth_date": "1972-05-17",
        "sex": "female",
    },
    "claim": {"claim_number": "WC-2026-00815", "date_of_injury": "2025-11-03"},
    "employer": {"firm_name": "Delta Orchards, Inc."},
    "requesting_physician": {
        "first_name": "Noah",
        "last_name": "Bell",
        "specialty": "Physical Medicine & Rehabilitation",
        **ADDRESS,
        "phone": "(916) 555-0177",
    },
    "claims_administrator": {
        "firm_name": "Sierra Claims Services",
        "last_name": "Kovac",
        **ADDRESS,
        "phone": "(916) 555-0100",
    },
    "ur_decision": {
        "decided_on": "2026-11-02",
        "served_on": "2026-11-02",
        "service_method": "electronic",
        "is_conditional": False,
        "primary_diagnosis": "Lumbago",
        "icd_code": "M54.50",
        "is_liability_disputed": False,
    },
    "attorney": None,
    "designee": None,
    "signature": {
        "signer": "employee",
        "signer_name": "Maria Sandoval",
        "signed_on": "2026-11-06",
        "consent_signed_on": "2026-11-06",
    },
}
ITEM: Final = {
    "description": "6 sessions of aquatic therapy for the lumbar spine, 3 times a week for 2 weeks",
    "category": "rehabilitation-physical-and-occupational-therapy",
    "ur_outcome": "denied",
}
NEW_CASE: Final = OpenApiExample(
    "A whole application as a draft", value={**APPLICATION, "items": [ITEM], "submit": False}, request_only=True
)
SUBMISSION: Final = OpenApiExample(
    "Submit in spite of a missing signed form",
    value={"is_attested": True, "attested_name": "Ines Kovac", "confirmed": ["INE-SIG"]},
    request_only=True,
)
