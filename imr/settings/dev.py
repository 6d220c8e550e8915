"""Development on one machine: embedded servers, plain static files, mail in `.local/mail`."""

from importlib.util import find_spec

from imr.settings.base import *
from imr.settings.base import INSTALLED_APPS

# Migration order is a tool of development; `make run` alone does not install it.
if find_spec("django_linear_migrations"):
    INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
