"""Writes docs/workflow.md from the transition table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.enums import PARTY_LABELS, CaseStatus, DeadlineKind
from cases.workflow import TRANSITIONS


class Command(BaseCommand):
    help = "Write docs/workflow.md from the transition table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", default=str(Path(settings.BASE_DIR) / "docs" / "workflow.md"))

    def handle(self, *args: Any, **options: Any) -> None:
        Path(options["out"]).write_text(workflow_document(), encoding="utf-8")
        self.stdout.write(f"Wrote {options['out']}.")


def workflow_document() -> str:
    """The document: statuses with both labels, then every event with sources, target, roles, clocks and citation."""
    lines = [
        "# The life of a case",
        "",
        "Made by `manage.py export_workflow` from `cases/workflow.py`; a test fails when it is out of step.",
        "The same table makes the buttons, the permissions and the trigger in the database.",
        "",
        "## Statuses",
        "",
        "| status | for staff | for the parties |",
        "|---|---|---|",
    ]
    lines += [f"| `{status.value}` | {status.label} | {PARTY_LABELS[status]} |" for status in CaseStatus]
    lines += [
        "",
        "## Events",
        "",
        "| event | from | to | who | starts | stops | law |",
        "|---|---|---|---|---|---|---|",
    ]
    for event, row in TRANSITIONS.items():
        sources = ", ".join(status.value for status in CaseStatus if status in row.sources)
        roles = ", ".join(sorted(role.label for role in row.roles)) or "system"
        cells = (
            f"{event.label} (`{event.value}`)",
            sources,
            row.target.value,
            roles,
            _clocks(row.starts),
            _clocks(row.stops),
            row.citation or "–",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _clocks(kinds: tuple[DeadlineKind, ...]) -> str:
    return ", ".join(kind.label for kind in kinds) or "–"
