"""WSGI entry point of the web processes: `gunicorn imr.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.production")
# Settings give web processes a statement timeout; commands and workers run without one.
os.environ.setdefault("IMR_PROCESS", "web")

application = get_wsgi_application()
