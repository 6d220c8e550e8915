"""Which treatment a kind of license covers, by the codes of DWC's treatment categories.

LC 3209.3 calls eight kinds of practitioner physicians; only M.D. and D.O. practice without a field. A podiatrist, a
dentist and, for the eye, an optometrist prescribe in their own fields, which the categories do not tell apart: that is
a question for a person. The others may not prescribe, inject or operate at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from reviews.enums import LicenseKind

_DRUGS, _INJECTIONS, _SURGERY = "pharmaceuticals", "injection", "surgery"


class Scope(IntEnum):
    """How far a license covers a treatment, the least first."""

    OUTSIDE = 0
    DOUBTFUL = 1
    INSIDE = 2


@dataclass(frozen=True, slots=True)
class _Field:
    """Category codes, or their beginnings: those of the license's own field, and those that it does not allow."""

    own: tuple[str, ...] = ()
    barred: tuple[str, ...] = (_DRUGS, _INJECTIONS, _SURGERY)


_FIELDS: Mapping[LicenseKind, _Field] = {
    LicenseKind.DC: _Field(own=("rehabilitation-chiropractic",)),
    LicenseKind.PSYD: _Field(own=("psychological-services",)),
    LicenseKind.LAC: _Field(own=("rehabilitation-acupuncture",)),
    LicenseKind.DDS: _Field(own=("evaluation-and-management-dental",), barred=()),
    LicenseKind.DPM: _Field(barred=()),
    LicenseKind.OD: _Field(own=("pharmaceuticals-ophthalmic-drugs",), barred=(_INJECTIONS, _SURGERY)),
}


def scope_of(kind: LicenseKind, category: str) -> Scope:
    """How far a license of that kind covers a treatment of that category (empty: not known)."""
    field = _FIELDS.get(kind)
    if field is None or category.startswith(field.own):
        return Scope.INSIDE
    return Scope.OUTSIDE if category.startswith(field.barred) else Scope.DOUBTFUL
