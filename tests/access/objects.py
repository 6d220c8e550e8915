"""What the access test asks id-taking pages for.

Each app has a module here (`tests/access/cases.py`, …) that names, for a route, how to build the objects:

    @objects_for("cases:case-detail", "cases:case-documents")
    def case(cast: Cast) -> Objects:
        mine, theirs = make_case(cast.home), make_case(cast.away)
        return Objects(kwargs={"pk": mine.pk}, foreign={"pk": theirs.pk}, missing={"pk": 0},
                       reach={Role.CLAIMS_STAFF: "own", Role.ADMINISTRATOR: "any"})

`reach` says for each role that may carry out the act which of the two objects exist for it: "own" the first alone,
"any" both, and a role that is not named neither. Roles that may not carry out the act get 403 for every id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from imr.accounts.enums import Role
from tests.factories.accounts import Cast

type Reach = Literal["own", "any"]


@dataclass(frozen=True, slots=True)
class Objects:
    """Arguments of a route: an object of the cast's home organization, a foreign one, and one that is not there."""

    kwargs: Mapping[str, Any]
    foreign: Mapping[str, Any]
    missing: Mapping[str, Any]
    reach: Mapping[Role, Reach] = field(default_factory=dict)


type Builder = Callable[[Cast], Objects]

REGISTRY: dict[str, Builder] = {}


def objects_for(*names: str) -> Callable[[Builder], Builder]:
    """Register the builder for these route names."""

    def register(builder: Builder) -> Builder:
        for name in names:
            assert name not in REGISTRY, f"{name} is registered twice"
            REGISTRY[name] = builder
        return builder

    return register
