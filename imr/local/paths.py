"""Where the embedded servers keep their data and their sockets.

Both addresses can be computed without a server running, so settings can name them before anything starts.
"""

import hashlib
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import quote

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent.parent
LOCAL: Final = PROJECT_ROOT / ".local"
POSTGRES_DATA: Final = LOCAL / "postgres"
REDIS_DATA: Final = LOCAL / "redis"
LOGS: Final = LOCAL / "logs"

DATABASE: Final = "imr"
DATABASE_USER: Final = "imr"
POSTGRES_PORT: Final = 5432  # only part of the socket's file name: no server listens on the network

# The kernel refuses socket paths over 107 bytes; the longest name below is ".s.PGSQL.5432.lock".
_SOCKET_PATH_BYTES = 107 - len("/postgres/.s.PGSQL.5432.lock")


def run_directory() -> Path:
    """The folder of sockets and locks: `.local/run`, or one in the temporary folder when that path is too long."""
    inside = LOCAL / "run"
    if len(bytes(inside)) <= _SOCKET_PATH_BYTES:
        return inside
    digest = hashlib.sha256(bytes(PROJECT_ROOT)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"imr-{digest}"


def postgres_socket_directory() -> Path:
    return run_directory() / "postgres"


def redis_socket() -> Path:
    return run_directory() / "redis.sock"


def default_database_url() -> str:
    return f"postgresql://{DATABASE_USER}@{quote(str(postgres_socket_directory()), safe='')}/{DATABASE}"


def default_redis_url() -> str:
    return f"unix://{quote(str(redis_socket()))}"
