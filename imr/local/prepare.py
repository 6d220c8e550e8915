"""Brings the database up to date before the processes start: tables, reference data and, once, demo data.

Run as `python -m imr.local.prepare`. Prints the table of demo sign-ins, when there is one.
"""

import os
import sys

import django
from django.core.management import call_command, get_commands


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.dev")
    django.setup()

    from django.contrib.auth import get_user_model

    from imr.core.tasks import heartbeat

    call_command("migrate", interactive=False, verbosity=0)
    if "load_reference_data" in get_commands():
        call_command("load_reference_data", stdout=sys.stderr)
    # People are never deleted, so none means that this database is new.
    if "seed_demo" in get_commands() and not get_user_model().objects.exists():
        print("Loading demo data ...", flush=True)
        call_command("seed_demo", stdout=sys.stderr)
    # The worker's first act; without it the site would count as unready until the schedule's first beat.
    heartbeat.apply_async(retry=False)
    if "seed_demo" in get_commands():
        call_command("seed_demo", list=True)


if __name__ == "__main__":
    main()
