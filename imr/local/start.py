"""Starting the embedded servers for a command or a test run."""

import os
import sys

from environs import Env

from imr.local.paths import PROJECT_ROOT
from imr.local.services import ServiceError, ensure_services


def start_or_exit() -> None:
    """The servers answer afterwards; where they cannot be started the process ends with one sentence."""
    Env().read_env(PROJECT_ROOT / ".env", recurse=False)
    try:
        ensure_services(os.environ)
    except ServiceError as error:
        sys.exit(str(error))
