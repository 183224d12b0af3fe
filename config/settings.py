"""One settings file for every installation. What differs comes from config/env.py."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import logs
from config.env import BASE_DIR, DEMO_HOSTS, read_or_stop

environment = read_or_stop()
production = environment.is_production
is_https = environment.public_url.startswith("https://")

OPENFLOOR_ENV = environment.name
PUBLIC_URL = environment.public_url
MFA_REQUIRED = environment.mfa_required
MAIL_DELIVERY = environment.mail_server is not None
GOV_BANNER = environment.gov_banner
WORKERS = environment.workers
REDIS_URL = environment.redis_url
REDIS_PREFIX = environment.redis_prefix
VAR_DIR = environment.var

DEBUG = False
SECRET_KEY = environment.secret_key
SECRET_KEY_FALLBACKS = list(environment.former_secret_keys)
ALLOWED_HOSTS = list(environment.allowed_hosts)
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
AUTH_USER_MODEL = "engagements.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "daphne",
    "config",
    "readouts",
    "qa",
    "engagements",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "config.middleware.request_record",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "config.middleware.page_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    }
]
# Widgets and fields are overridden in templates/django/forms, beside the pages that use them.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data

POOL = {"min_size": 1, "max_size": 20, "timeout": 10}
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
DATABASES: dict[str, dict[str, Any]] = {"default": dict(environment.database)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # With the default mode a transaction that reads before it writes fails when another writes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": SQLITE_PRAGMAS,
    }
    # A database in memory would know neither WAL nor the locks that are to be tested.
    DATABASES["default"]["TEST"] = {"NAME": f"{DATABASES['default']['NAME']}.test"}
else:
    # Server-side binding also keeps the values out of the database's own log.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "pool": POOL} | {
        key: value
        for key, value in environment.database.get("OPTIONS", {}).items()
        if key != "pool"
    }

if environment.redis_url:
    CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [environment.redis_url], "prefix": environment.redis_prefix},
        }
    }
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": environment.redis_url,
            "KEY_PREFIX": environment.redis_prefix,
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Background work: rows in the same database, so that a task is laid by the transaction it is for

TASKS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}
}

# Mail: without a server it stays in the outbox, where the demonstration shows it

DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.mail_from
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10
if environment.mail_server is not None:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = environment.mail_server.host
    EMAIL_PORT = environment.mail_server.port
    EMAIL_HOST_USER = environment.mail_server.user
    EMAIL_HOST_PASSWORD = environment.mail_server.password
    EMAIL_USE_TLS = environment.mail_server.use_tls
    EMAIL_USE_SSL = environment.mail_server.use_ssl

# Where an agency's system is told of its lists: by https to the public internet, and in the
# demonstration to this machine, too

WEBHOOKS_MAY_STAY_HERE = not production

# Language and time

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: production serves hashed names that collectstatic made; the demonstration serves
# the sources as they are, so that it starts without that step

STATIC_URL = "/static/"
STATIC_ROOT = environment.var / "static" if production else None
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.staticfinder.DesignSystemFinder",
]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "config.storage.HashedStorage"
        if production
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = not production
WHITENOISE_USE_FINDERS = not production
WHITENOISE_MAX_AGE = 60 if production else 0
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Accounts: by invitation, signed in by e-mail

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/office/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "engagements.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An invitation proves its address, so accepting one stores it as verified; a changed one is not.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if is_https else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Openfloor"
ALLAUTH_TRUSTED_PROXY_COUNT = environment.proxies

# Sessions and cookies. The prefix makes browsers refuse a cookie that another host has set

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = production
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if production else "openfloor_session"
CSRF_COOKIE_NAME = "__Host-csrf" if production else "openfloor_csrf"
CSRF_TRUSTED_ORIGINS = [environment.public_url]

# Transport and headers

SECURE_SSL_REDIRECT = production
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = production
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if environment.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Whose pages may open a live socket: exactly these, byte by byte.
SOCKET_ORIGINS = [environment.public_url]
if not production:
    SOCKET_ORIGINS += [f"http://{host}:{environment.port}" for host in DEMO_HOSTS]

# Safari before 15.4 does not count a WebSocket of its own origin as 'self'.
SOCKET_ORIGIN = environment.public_url.replace("http", "ws", 1)
VIDEO_HOSTS = list(environment.video_hosts)
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, SOCKET_ORIGIN],
        "frame-src": VIDEO_HOSTS,
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": production,
    }
}

# Limits for one stakeholder, and for what is refused before it is read

QUESTIONS_A_MINUTE = environment.questions_a_minute
MESSAGES_A_MINUTE = environment.messages_a_minute
SOCKETS_EACH = environment.sockets_each

# For one network address, which a whole office may share

REGISTRATIONS_A_MINUTE = environment.registrations_a_minute

# Of one request: its fields, and all of it. A file of 25 MB fits in with what belongs to it; files
# larger than 2.5 MB wait on disk, not in memory

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MOST_BYTES_SENT = 32 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5

LOGGING_CONFIG = None
logs.configure(level=environment.log_level, as_json=production)
