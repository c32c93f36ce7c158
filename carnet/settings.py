"""Settings: one file, told apart by the environment; everything that lasts lies in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("CARNET_DATA", PACKAGE.parent / ".carnet" / "data")).resolve()
DEBUG = os.environ.get("CARNET_DEBUG") == "1"
#: The demo hands out sign-in links on the terminal and writes e-mails to files; nothing else differs.
DEMO = os.environ.get("CARNET_DEMO") == "1"


#: Who may found further organisations: "administrators" of one, "everybody" with a sign-in, "nobody".
NEW_ORGANISATIONS = os.environ.get("CARNET_NEW_ORGANISATIONS", "administrators")


def _secret_key() -> str:
    """Return the key kept in the data folder, made on first use and readable by its owner only."""
    if given := os.environ.get("CARNET_SECRET_KEY"):
        return given
    path = DATA / "secret-key"
    DATA.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def _database() -> dict[str, Any]:
    """Return the database: SQLite in the data folder unless CARNET_DATABASE_URL names another (or a PostgreSQL)."""
    url = os.environ.get("CARNET_DATABASE_URL", "")
    if not url or url.startswith("sqlite:///"):
        return {
            "ENGINE": "carnet.base.sqlite",
            "NAME": url.removeprefix("sqlite:///") or str(DATA / "carnet.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Writers queue at BEGIN, not half-way; FULL keeps acknowledged bookings through a power cut.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
                    "PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;PRAGMA temp_store=MEMORY;"
                    "PRAGMA journal_size_limit=27103364;"
                ),
            },
            "TEST": {"NAME": str(DATA / "test.sqlite3")},
        }
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "carnet.base.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Only what asks for it is prepared, see `carnet.base.prepared`; without a threshold, nothing could be.
        "OPTIONS": {"options": "-c lock_timeout=10s", "connect_timeout": 5, "prepare_threshold": 5},
    }


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("CARNET_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
#: Proxies in front of Carnet, as addresses or networks: of these alone X-Forwarded-For is believed.
TRUSTED_PROXIES = [one.strip() for one in os.environ.get("CARNET_TRUSTED_PROXIES", "").split(",") if one.strip()]
#: Links in messages start with this, never with what a request claims to be its host.
BASE_ADDRESS = os.environ.get("CARNET_BASE_ADDRESS", "http://localhost:8000")
HTTPS = BASE_ADDRESS.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks_db",
    "carnet.base",
    "carnet.organisations",
    "carnet.customisation",
    "carnet.outbox",
    "carnet.resources",
    "carnet.catalogue",
    "carnet.customers",
    "carnet.appointments",
    "carnet.jobsheets",
    "carnet.messages",
    "carnet.desk",
    "carnet.demo",
    # Behind ours, so that our templates win.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carnet.base.security_policy.security_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # What follows concerns pages only; requests to the API go from here straight to their views.
    "carnet.api.short_way.short_way",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "carnet.organisations.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "carnet.organisations.sign_ins.note_sign_ins",
    "carnet.organisations.middleware.OrganisationMiddleware",
    "carnet.desk.uploads.FilesOfForms",
    "carnet.api.short_way.remember_views",
]

ROOT_URLCONF = "carnet.urls"
WSGI_APPLICATION = "carnet.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "carnet.base.context.page",
            ],
        },
    }
]

DATABASES = {"default": _database()}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# What is counted across processes lies in the database; as many counters as anybody can fill push none out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "carnet.organisations.accounts.ClosedSignup"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"passkey": "10/m/ip"}
MFA_ADAPTER = "carnet.organisations.accounts.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Carnet"
# A code typed as it changes is still good; used twice it is not: see `carnet.organisations.second_step`.
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"

SESSION_ENGINE = "carnet.organisations.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# Where a proxy ends TLS, requests reach us as http; forms of our own address are still ours.
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(BASE_ADDRESS))]
CSRF_FAILURE_VIEW = "carnet.base.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

_LOGS_ADDRESSES = ("django.request", "django.security.csrf")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "carnet.base.logged_paths.WithoutSecrets"}},
    "loggers": {name: {"filters": ["without_secrets"]} for name in _LOGS_ADDRESSES},
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [path for path in (PACKAGE.parent / "locale", PACKAGE / "locale") if path.is_dir()]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Nothing is collected: static files are served from where the build put them.
STATIC_ROOT: str | None = None
STATICFILES_DIRS = [PACKAGE / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# The build puts a hash of the content into each name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/.+\.[0-9A-Za-z]{8,10}\.\w+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EMAIL_BACKEND = os.environ.get(
    "CARNET_EMAIL_BACKEND",
    "django.core.mail.backends.filebased.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend",
)
#: Whether letters leave the house; the demo's lie in a folder where nobody looks.
MAIL_IS_SET_UP = "CARNET_SMTP_HOST" in os.environ or "CARNET_EMAIL_BACKEND" in os.environ
EMAIL_FILE_PATH = str(DATA / "mail")
EMAIL_HOST = os.environ.get("CARNET_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("CARNET_SMTP_PORT", "25"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("CARNET_FROM", "carnet@localhost")
SILENCED_SYSTEM_CHECKS: list[str] = []
