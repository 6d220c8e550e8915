"""Brings the database up to date before the processes start: tables, reference data and, once, demo data.

Run as `python -m imr.local.prepare`. Prints the table of demo sign-ins.
"""

import os
import sys

import django
from django.core.management import call_command

from imr.local.paths import LOCAL

# There while demo data are being loaded: what was interrupted is taken up again.
LOADING = LOCAL / "demo-loading"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.dev")
    django.setup()

    from django.conf import settings
    from django.contrib.auth import get_user_model

    from imr.core.tasks import heartbeat

    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference_data", stdout=sys.stderr)
    database = str(settings.DATABASES["default"]["NAME"])
    interrupted = LOADING.exists() and LOADING.read_text() == database
    # People are never deleted, so none means that this database is new.
    if interrupted or not get_user_model().objects.exists():
        print("Loading demo data ...", flush=True)
        LOADING.parent.mkdir(exist_ok=True)
        LOADING.write_text(database)
        call_command("seed_demo", stdout=sys.stderr)
        LOADING.unlink()
    # The worker's first act; without it the site would count as unready until the schedule's first beat.
    heartbeat.apply_async(retry=False)
    call_command("seed_demo", list=True)


if __name__ == "__main__":
    main()
