#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL and REDIS_URL they use the embedded servers of this machine."""

import os
import sys

# These neither read nor write data, so no server has to run for them.
WITHOUT_SERVERS = frozenset({"help", "version", "--version", "--help", "-h", "collectstatic", "diffsettings"})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.dev")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here: run `make setup`, then use .venv/bin/python manage.py.")

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in WITHOUT_SERVERS and not os.environ["DJANGO_SETTINGS_MODULE"].endswith(".production"):
        from imr.local.start import start_or_exit

        start_or_exit()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
