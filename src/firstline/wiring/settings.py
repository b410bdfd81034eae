"""Django's settings, made from the configuration (`FIRSTLINE_…`, see wiring/configuration.py)."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from firstline.wiring.configuration import configuration, database, secret_key

PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = secret_key()
ALLOWED_HOSTS = ["*"]  # web.ui.hosts decides: portals have host names of their own
OWN_HOSTS = configuration.all_hosts
CSRF_TRUSTED_ORIGINS = configuration.trusted_origins
PUBLIC_URL = configuration.public_url
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if configuration.behind_proxy else None
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_htmx",
    "firstline.events",
    "firstline.files",
    "firstline.people",
    "firstline.records",
    "firstline.tickets",
    "firstline.mail",
    "firstline.search",
    "firstline.live",
    "firstline.api",
    "firstline.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "firstline.web.ui.hosts.Hosts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firstline.web.ui.visits.Visits",
    "firstline.web.ui.reader.Reader",
    "firstline.wiring.refused.Refused",
    "firstline.web.ui.first_password.FirstPassword",
    "firstline.web.ui.devices.Devices",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "firstline.web.ui.refusals.Refusals",
]

ROOT_URLCONF = "firstline.wiring.urls"
WSGI_APPLICATION = "firstline.wiring.wsgi.application"
DESK = "firstline.wiring.asgi.Desk"  # what `firstline run` starts
HTTP_PROTOCOL = "firstline.wiring.connections:Connection"
CONFIGURATION = configuration
BEHIND_PROXY = configuration.behind_proxy
CLIENT_SECONDS = configuration.client_seconds
CONNECTIONS_PER_CLIENT = configuration.connections_per_client
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "firstline.web.ui.context.desk",
            ],
            "libraries": {
                "desk": "firstline.web.ui.tags",
                "keys": "firstline.web.agent.keys",
                "inbox": "firstline.web.agent.inbox.where",
            },
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["firstline.web.ui.accounts.Passwords"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "firstline.people.validators.UnlikeAddress",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "firstline.web.ui.accounts.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "firstline.web.ui.account_forms.SignInForm",
    "reset_password": "firstline.web.ui.passwords.AskForm",
    "user_token": "firstline.web.ui.passwords.LinkForm",
}
# allauth's own would keep a second list of addresses that lets people in.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# Tries are counted by web.ui.limits: allauth would count in a cache, which forgets at a restart.
ACCOUNT_RATE_LIMITS = False
MAY_GUESS_TOKEN = "firstline.web.ui.limits.may_guess_token"  # noqa: S105  # the API knows no screens
PASSWORD_RESET_TIMEOUT = 86400
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if configuration.behind_proxy else 0

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "firstline_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
SESSION_COOKIE_AGE = 14 * 86400
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "firstline_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "firstline.web.ui.refusals.expired_form"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SESSION_COOKIE_SECURE else 0
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "manifest-src": ["'self'"],
    }
}

LANGUAGE_CODE = configuration.language
LANGUAGES = [("ru", _("Russian")), ("bg", _("Bulgarian")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "firstline_language"
LOCALE_PATHS = [configuration.data / "locale"]  # compiled there at start, see cli/migrate.py
USE_I18N = True
USE_TZ = True
TIME_ZONE = configuration.time_zone

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = configuration.data / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "firstline.wiring.static.Storage"},
}
WHITENOISE_MAX_AGE = 60  # names with a hash are kept for ever without being told

DATA = configuration.data
FILES_FOLDER = configuration.data / "files"
DICTIONARIES = configuration.data / "search"
FILE_LIMIT = configuration.file_limit_mb * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600  # of collected static files, too: the desk itself serves them
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

QUEUE_FILE: Path | None = configuration.data / "queue.db"
REACTIONS = "firstline.wiring.reactions.REACTIONS"
REMOVALS = "firstline.wiring.removals.REMOVALS"
MAIL_LIMIT = configuration.mail_limit_mb * 1024 * 1024
SMTP_SECONDS = configuration.smtp_seconds
SMTP_CONNECTIONS = configuration.smtp_connections
SMTP_CONNECTIONS_PER_CLIENT = configuration.smtp_connections_per_client
MAIL_DOMAIN = configuration.mail_domain
MAIL_DOMAINS = configuration.mail_domains
AUTHSERV_IDS = configuration.authserv_ids
DNS_LOOKUP = "firstline.mail.outbound.signing.ask"
MAIL_HOSTS_ALLOWED = configuration.mail_hosts_allowed
OUTGOING_MAIL = configuration.outgoing_mail
MAIL_SECONDS = configuration.mail_seconds
MAIL_A_MINUTE = configuration.mail_a_minute
MAIL_A_MINUTE_TO_DOMAIN = configuration.mail_a_minute_to_domain
DEFAULT_FROM_EMAIL = f"firstline@{configuration.mail_domain}"
METRICS_TOKEN = configuration.metrics_token
DESK_NAME = configuration.name
UNDO_SECONDS = configuration.undo_seconds

LOGGING_CONFIG = "firstline.wiring.logging.configure"
LOGGING = {"level": configuration.log_level}
