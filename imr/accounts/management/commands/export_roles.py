"""Write `docs/roles.md` from the table of roles."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from imr.accounts.enums import Action, Role, Scope
from imr.accounts.roles import GRANTS

INTRODUCTION = """# Roles

Who may do what. Written by `manage.py export_roles` from `imr/accounts/roles.py`, the table that pages, the API and
the access tests go by; edit that one.

* **any**: on every object.
* **organization**: on what belongs to the person's own organization.
* **assigned**: on what the reviewer is assigned to.
* **own**: on what the person made, or is.
* –: not at all.

What lies outside a person's reach does not exist for them: the answer is 404, the same as for what was never there.
What is in reach but not allowed is refused with words (403). Nobody changes their own role or closes their own account.
Claims managers manage the claims people of their organization; administrators claims people and reviewers;
operators everybody, without seeing who a reviewer is.
"""

_CELLS = {Scope.ANY: "any", Scope.ORGANIZATION: "organization", Scope.ASSIGNED: "assigned", Scope.OWN: "own"}


def document() -> str:
    """The whole text of `docs/roles.md`."""
    lines = [
        INTRODUCTION,
        "| act | " + " | ".join(role.label for role in Role) + " |",
        "|---" * (len(Role) + 1) + "|",
    ]
    for action in Action:
        scopes = [GRANTS[action].get(role) for role in Role]
        lines.append(f"| {action.label} | " + " | ".join(_CELLS[scope] if scope else "–" for scope in scopes) + " |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/roles.md from the table of roles."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "roles.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
