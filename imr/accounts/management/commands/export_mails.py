"""Write `docs/mails.md` from the list of mails."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from imr.accounts.enums import MailEvent, Role
from imr.accounts.rules.mails import MAILS

INTRODUCTION = """# Mails

What people are told by e-mail. Written by `manage.py export_mails` from `imr/accounts/rules/mails.py`; edit that one.

A mail says in neutral words that something happened, in which case, until when, and leads to a page that asks to sign
in. Its words have a gap for the case's number (`{number}`) and one for an instant (`{due}`), and no others: no name, no
treatment, no diagnosis, no claim number and no reason can get into one. A test renders all of them from a case whose
every answer is marked.

* **Who** is told: at the claims administrator who filed the case, and who chose to hear of every case of the
  organization; where that is nobody, its managers. Of the IMR organization the analyst or every administrator, the
  medical directors for the second read, and the reviewer of the case.
* **When**: each person chooses under *Your account*, *Choose your mails*, for each event: at once, in the daily digest
  at an hour of theirs (Pacific time), or not at all. Mails about papers that are served, about the account's safety and
  before something is deleted always go out at once. Every other mail has a link, and the header of RFC 8058, that
  ends its kind without signing in.
* **Once**: a row for each person and event is written in the transaction of the act, so that neither is without the
  other, and the act never waits for a mail server. A worker takes the row before it speaks to the server. An answer
  "not now" is tried again after 1, 5 and 15 minutes, 1, 3, 6 and 12 hours, nine times in all; "never" is given up; a
  connection that breaks on the way, or a worker that dies, leaves it unclear, and nobody but a person sends it again.
* **To whom** is settled when it goes out: the address that the account has then, nobody whose account is closed, and
  nothing that is over by then.
* **The queue** is under *Jobs*, *Mails*, with the state and problem of each; an administrator or operator can send
  again what was given up or is unclear. Where a viewer may not know the reviewers, theirs have no address and no case.

Invitations and links for a new password are not in this list: they carry a secret and go to an address alone.

"""


def document() -> str:
    """The whole text of `docs/mails.md`."""
    lines = ["| event | subject | words | for | usually |", "|---|---|---|---|---|"]
    for event, mail in MAILS.items():
        if event == MailEvent.DIGEST:
            continue
        roles = ", ".join(role.label for role in Role if role in mail.roles)
        usually = "always at once" if mail.why_fixed else mail.usual.label.lower()
        lines.append(f"| `{event}` | {mail.subject} | {mail.line} | {roles} | {usually} |")
    return INTRODUCTION + "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/mails.md from the list of mails."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "mails.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
