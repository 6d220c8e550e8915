"""Settings that hold everywhere. `dev`, `test` and `production` say only how they differ."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import dj_database_url
from celery.schedules import crontab
from django.utils.csp import CSP
from kombu import Queue

from imr.local.paths import PROJECT_ROOT
from imr.settings import env, logs

ENV: Final = env.read(env.current_mode())
BASE_DIR: Final = PROJECT_ROOT

# The product

IMR_MODE: env.Mode = env.current_mode()
IMR_BASE_URL: str = ENV["IMR_BASE_URL"]
IMR_DOCUMENT_ROOT: str = str(ENV["IMR_DOCUMENT_ROOT"])
IMR_ORGANIZATION_NAME: str = ENV["IMR_ORGANIZATION_NAME"]
IMR_REVIEWER_GUIDELINE_LABEL: str = ENV["IMR_REVIEWER_GUIDELINE_LABEL"]
IMR_LETTER_LOGO: Path | None = ENV["IMR_LETTER_LOGO"]
IMR_SIGN_LETTERS: bool = ENV["IMR_SIGN_LETTERS"]
IMR_SIGNING_KEY: Path | None = ENV["IMR_SIGNING_KEY"]
IMR_SIGNING_CERTIFICATE: Path | None = ENV["IMR_SIGNING_CERTIFICATE"]
IMR_SIGNING_PASSPHRASE: str = ENV["IMR_SIGNING_PASSPHRASE"]
IMR_SIGNING_FORMER_CERTIFICATES: Path | None = ENV["IMR_SIGNING_FORMER_CERTIFICATES"]
# Where development and tests make a key of their own when none is set.
IMR_SIGNING_FOLDER: Path = BASE_DIR / ".local" / "signing"
# Host and port, or the path of a socket; None: no virus check.
IMR_CLAMD_ADDRESS: tuple[str, int] | str | None = ENV["CLAMD_ADDRESS"]
IMR_SESSION_IDLE_SECONDS = 30 * 60
IMR_SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
# A worker that died loses its job after the lease; a job that nobody picked up is published again after this.
IMR_JOB_LEASE_SECONDS = 45
IMR_JOB_REPUBLISH_SECONDS = 30
TRUSTED_PROXY_COUNT: int = ENV["TRUSTED_PROXY_COUNT"]

# Django

DEBUG: bool = ENV["DEBUG"]
SECRET_KEY: str = ENV["SECRET_KEY"]
ALLOWED_HOSTS: list[str] = ENV["ALLOWED_HOSTS"]
CSRF_TRUSTED_ORIGINS: list[str] = [IMR_BASE_URL]
ROOT_URLCONF = "imr.urls"
WSGI_APPLICATION = "imr.wsgi.application"
ASGI_APPLICATION = "imr.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "reviews",
    "cases",
    "guidelines",
    "imr.audit",
    "imr.accounts",
    "imr.core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "imr.settings.static.StaticFilesConfig",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_htmx",
    "axes",
    "pgtrigger",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "imr.core.middleware.KnownMethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "imr.core.middleware.SessionLimitsMiddleware",
    "imr.core.middleware.WorkContextMiddleware",
    "imr.core.middleware.PrivateResponsesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    # Last, so that it sees the outcome of every sign-in.
    "axes.middleware.AxesMiddleware",
    "imr.core.middleware.DomainErrorMiddleware",
]

FORM_RENDERER = "imr.core.renderer.UswdsRenderer"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "imr.navigation.frame",
            ],
        },
    },
]

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
# Instants are stored in UTC; deadlines and pages are in the time of California.
TIME_ZONE = "America/Los_Angeles"

# Database

_STATEMENT_TIMEOUT = " -c statement_timeout=10000" if ENV["IMR_PROCESS"] == "web" else ""

DATABASES: dict[str, Any] = {
    "default": {
        **dj_database_url.parse(ENV["DATABASE_URL"]),
        # A sync gunicorn worker and a Celery child serve one request or task at a time, so each needs exactly
        # one connection, kept open. A psycopg pool would add its threads to every process (and must not be
        # carried through the worker's fork) and save nothing. With the health check a restarted server costs
        # no request.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "connect_timeout": 5,
        "options": "-c idle_in_transaction_session_timeout=60000" + _STATEMENT_TIMEOUT,
    }
)

# Sign-in and sessions

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_RESET_TIMEOUT = 60 * 60

SESSION_ENGINE = "django.contrib.sessions.backends.db"
# The middleware of imr.core ends an idle session; this ends any.
SESSION_COOKIE_AGE = IMR_SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "imr.core.views.csrf_failure"

# Five failures lock the account and, counted apart, the address, for a quarter of an hour. The count is kept
# in PostgreSQL: a flushed Redis does not reset it.
AXES_HANDLER = "imr.accounts.services.lockout.LockoutHandler"
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "imr.accounts.services.lockout.client_username"
AXES_LOCKOUT_CALLABLE = "imr.accounts.views.session.locked_out"
# The audit record says who signed in when.
AXES_DISABLE_ACCESS_LOG = True
# Operators use the admin site, and the tries of reviewers stand under addresses that name them.
AXES_ENABLE_ADMIN = False
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
# Only our own proxies may say where a request came from.
AXES_IPWARE_PROXY_COUNT: int | None = ENV["TRUSTED_PROXY_COUNT"] or None
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if AXES_IPWARE_PROXY_COUNT else ["REMOTE_ADDR"]
)

# Headers

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF, "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    # The view that shows a PDF inside one of our pages overrides this.
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
}

# Uploads and forms

# Files go to disk, not to memory; the rest of a request is a form of a case with a long list of items.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# What a file, a case, and the unfinished uploads of one person may hold; what stays unfinished for so long is dropped.
IMR_MAX_FILE_BYTES = 200 * 1024 * 1024
IMR_MAX_CASE_FILES = 200
IMR_MAX_CASE_BYTES = 2 * 1024 * 1024 * 1024
IMR_MAX_OPEN_UPLOADS = 50
IMR_MAX_OPEN_UPLOAD_BYTES = 2 * 1024 * 1024 * 1024
IMR_UPLOAD_EXPIRES = timedelta(hours=24)
# All records of a case as one file: so long after it was made, and so many of one person at a time.
IMR_PACKAGE_KEPT = timedelta(hours=48)
IMR_MAX_PACKAGES = 5

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = str(BASE_DIR / "staticfiles")
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("uswds", BASE_DIR / "node_modules" / "@uswds" / "uswds" / "dist"),
    ("tus", BASE_DIR / "node_modules" / "tus-js-client" / "dist"),
    *(
        ("pdfjs" if part == "build" else f"pdfjs/{part}", BASE_DIR / "node_modules" / "pdfjs-dist" / part)
        for part in ("build", "web", "cmaps", "standard_fonts", "wasm", "iccs")
    ),
]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": IMR_DOCUMENT_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# No MEDIA_URL route: records and letters leave only through views that check access and record it.

# Per process: nothing that must be right across processes is cached, and the broker's Redis must not evict.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Mail

MAILERS: dict[str, dict[str, Any]] = {"default": ENV["MAIL_URL"]}
DEFAULT_FROM_EMAIL: str = ENV["MAIL_FROM"]
SERVER_EMAIL: str = ENV["MAIL_FROM"]

# API

IMR_API_REQUESTS_PER_MINUTE = 600
# Of the public check page, from one address.
IMR_CHECKS_PER_MINUTE = 30
# Requests a minute from one address to pages behind one-time links.
IMR_UPLOAD_LINKS_PER_MINUTE = 30
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # The first one says how to sign in, in the answer 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "imr.accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["imr.accounts.api.throttling.AccountThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["imr.core.api.parsers.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "imr.core.api.negotiation.FixedNegotiation",
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "imr.core.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "imr.core.api.errors.exception_handler",
    # Spaces as Django's own JSON has them: an unknown address and a case of somebody else read the same.
    "COMPACT_JSON": False,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "IMR API",
    "DESCRIPTION": (
        "Independent Medical Review cases, documents, letters and the guideline catalog. Programs send "
        "`Authorization: Bearer <token>`; a token acts for one claims administrator. Errors have one shape: "
        "`type`, and `errors` with `code`, `detail` and `attr`."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],
}

# Queue

# For clients of Redis itself; Celery spells a socket's address in its own way.
REDIS_URL: str = ENV["REDIS_URL"]
CELERY_BROKER_URL: str = ENV["REDIS_URL"].replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2_000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_WORKER_CONCURRENCY: int = ENV["WORKER_CONCURRENCY"]
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Far above the hard time limit: a running task is never handed out again.
    "visibility_timeout": 900,
    # Look for the messages of dead workers every 10 s, not every 100 s.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A request that publishes must not hang on a broker that is away; the outbox has the job.
    "socket_connect_timeout": 1,
    # Without these kombu tries again for six seconds, and every signature would take so long.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_timeout": 10,
    "socket_keepalive": True,
}
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_DEFAULT_QUEUE = "misc"
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("letters", "scan", "mail", "misc")]
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {
        "task": "imr.core.tasks.heartbeat",
        "schedule": 30.0,
        # Nobody needs the beats of a time when no worker was there.
        "options": {"expires": 30},
    },
    "deadline-alerts": {
        "task": "cases.tasks.raise_deadline_alerts",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "assignments": {
        "task": "reviews.tasks.watch_assignments",
        "schedule": crontab(minute="5-59/10"),
        "options": {"expires": 600},
    },
    "mail-digests": {
        "task": "imr.accounts.tasks.send_digests",
        "schedule": crontab(minute="2-59/15"),
        "options": {"expires": 900},
    },
    "tend-mails": {
        "task": "imr.accounts.tasks.tend_mails",
        "schedule": crontab(minute="7-59/15"),
        "options": {"expires": 900},
    },
    "tend-drafts": {"task": "cases.tasks.tend_drafts", "schedule": crontab(hour="14", minute="5")},
    "unanswered-requests": {
        "task": "cases.tasks.return_unanswered_cases",
        "schedule": crontab(minute="5,35"),
        "options": {"expires": 1800},
    },
    "finish-cases": {
        "task": "cases.tasks.finish_cases",
        "schedule": crontab(minute="15"),
        "options": {"expires": 3600},
    },
    "publish-cases": {
        "task": "reviews.tasks.publish_closed_cases",
        "schedule": crontab(minute="20"),
        "options": {"expires": 3600},
    },
    "file-warnings": {"task": "reviews.tasks.warn_of_lapses", "schedule": crontab(hour="14", minute="20")},
    "verify-letters": {"task": "reviews.tasks.promise_verification", "schedule": crontab(hour="9", minute="15")},
    "expire-uploads": {
        "task": "cases.tasks.expire_uploads",
        "schedule": crontab(minute="25"),
        "options": {"expires": 3600},
    },
    "expire-packages": {
        "task": "cases.tasks.expire_packages",
        "schedule": crontab(minute="40"),
        "options": {"expires": 3600},
    },
    "watch-scans": {
        "task": "cases.tasks.watch_scans",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "clean-up": {"task": "imr.core.tasks.clean_up", "schedule": crontab(hour="10", minute="30")},
}

# Logs

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
LOGGING: dict[str, Any] = logs.configuration(ENV["LOG_LEVEL"])
