"""ASGI entry point, for servers that want one; `make run` and the image serve `imr.wsgi`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.production")
os.environ.setdefault("IMR_PROCESS", "web")

application = get_asgi_application()
