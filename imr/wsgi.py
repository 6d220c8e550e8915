"""WSGI entry point of the web processes: `gunicorn imr.wsgi`."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.production")
# Settings give web processes a statement timeout; commands and workers run without one.
os.environ.setdefault("IMR_PROCESS", "web")

application = get_wsgi_application()
# Django would load the pages at the first request, in each worker anew; loaded here, before the fork, they are
# shared.
import_module(settings.ROOT_URLCONF)
