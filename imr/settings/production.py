"""Production: every secret and address comes from the environment, and only HTTPS is served."""

from imr.settings.base import *
from imr.settings.base import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "imr.settings.static.ManifestStorage"}

SECURE_SSL_REDIRECT = True
# Probes come over plain HTTP from the container's own side.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
