"""`collectstatic` as in production, without the compressing that takes most of its time: do all references resolve?"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
from django.conf import settings
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.production")
    django.setup()
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
        *("css", "js", "mjs", "json", "svg", "txt", "html", "md", "wasm"),
        *("bcmap", "ttf", "otf", "eot", "pfb", "icc", "png", "gif", "ico", "webp", "jpg", "woff", "woff2"),
    )
    call_command("collectstatic", "--no-input", "--verbosity", "0")
