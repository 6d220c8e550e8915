"""The suite: real PostgreSQL and Redis, plain static names, mail in memory."""

import tempfile

from imr.settings.base import *
from imr.settings.base import DATABASES, ENV, INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]

DATABASES["default"]["TEST"] = {"NAME": ENV["TEST_DATABASE_NAME"]}
# Nothing a test writes has to survive a power cut.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
# Tests open connections and drop databases; a kept connection would stand in the way.
DATABASES["default"]["CONN_MAX_AGE"] = 0

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# What somebody collected here before must not be served in place of the files under test.
STATIC_ROOT = tempfile.mkdtemp(prefix="imr-test-static-")

IMR_DOCUMENT_ROOT = tempfile.mkdtemp(prefix="imr-test-documents-")
STORAGES["default"]["OPTIONS"]["location"] = IMR_DOCUMENT_ROOT
