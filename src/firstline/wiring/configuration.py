"""The environment variables of Firstline (`FIRSTLINE_…`), read and checked once at start."""

import contextlib
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Configuration(BaseSettings):
    """Everything that can be set; docs/configuration.md is made from the descriptions."""

    model_config = SettingsConfigDict(env_prefix="FIRSTLINE_")

    data: Path = Field(Path("data"), description="Folder for the database, files and mail.")
    port: int = Field(8000, ge=0, le=65535, description="Port of the web server.")
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    smtp_port: int = Field(
        2525, ge=0, le=65535, description="Port of the SMTP listener; 0 turns it off."
    )
    smtp_host: str = Field("127.0.0.1", description="Address the mail listeners listen on.")
    lmtp_port: int = Field(
        0, ge=0, le=65535, description="Port of the LMTP listener; 0 turns it off."
    )
    smtp_seconds: float = Field(
        300,
        ge=1,
        le=3600,
        description="How long a mail server may be silent, or take for one mail, in seconds.",
    )
    smtp_connections: int = Field(
        200, ge=1, description="Connections of each mail listener at once, from all addresses."
    )
    smtp_connections_per_client: int = Field(
        50, ge=1, description="How many of them one address may have, such as your relay's."
    )
    url: str = Field(
        "", description="Public address, used in links and mails; unset: http://127.0.0.1:PORT."
    )
    name: str = Field("Firstline", description="Name of the desk, shown to customers and in mails.")
    database_url: str = Field(
        "",
        description="postgresql://user:password@host:port/name; unset: SQLite in the data folder.",
    )
    email_url: str = Field(
        "",
        description="smtp://user:password@host:port, smtps:// or smtp+tls://; unset: mail is kept as files.",
    )
    mail_domain: str = Field(
        "desk.example", description="Domain of reply addresses and Message-IDs."
    )
    mail_domains: list[str] = Field(
        default_factory=list,
        description="Further domains whose mail comes to this installation, as a JSON list; "
        "departments may have their system addresses there.",
    )
    mail_hosts_allowed: list[str] = Field(
        default_factory=list,
        description="Mail servers inside the own network that may be asked: names, addresses or "
        "networks such as 10.0.0.0/8, as a JSON list.",
    )
    mail_limit_mb: int = Field(35, ge=1, le=200, description="Largest mail taken in, in MB.")
    mail_a_minute: int = Field(
        600, ge=1, description="How many mails one server that sends for us gets in a minute."
    )
    mail_a_minute_to_domain: int = Field(
        120, ge=1, description="How many of them may go to the same domain in a minute."
    )
    mail_seconds: float = Field(
        30, ge=1, le=120, description="How long a server that sends for us may take for one answer."
    )
    authserv_ids: list[str] = Field(
        default_factory=list,
        description="Names of your receiving servers in Authentication-Results, whose verdict on a sender "
        "counts, as a JSON list. They must remove such fields that others wrote; imap:NAME counts for "
        "mailboxes only.",
    )
    file_limit_mb: int = Field(
        10, ge=1, le=200, description="Largest file taken in by a form, in MB."
    )
    language: str = Field("en", description="Language where a reader has none: ru, bg or en.")
    time_zone: str = Field(
        "UTC", description="Time zone where a reader has none, such as Europe/Sofia."
    )
    undo_seconds: int = Field(
        10,
        ge=0,
        le=120,
        description="How long what an agent says can be taken back before it leaves; 0: it leaves at once.",
    )
    allowed_hosts: list[str] = Field(
        default_factory=list, description="Further host names to answer to, as a JSON list."
    )
    behind_proxy: bool = Field(
        False,
        description="Whether a proxy in front sets X-Forwarded-Proto and X-Forwarded-For.",
    )
    client_seconds: float = Field(
        30,
        ge=0.1,
        le=600,
        description="How long a client may take for the head of a request, may send nothing of its "
        "body, or may leave an answer lying, in seconds.",
    )
    connections_per_client: int = Field(
        200,
        ge=0,
        description="Connections that one client address may have at once, live streams aside; behind a "
        "proxy: requests. 0: any number.",
    )
    metrics_token: str = Field("", description="Bearer token for /metrics; unset: loopback only.")
    threads: int = Field(8, ge=2, le=64, description="Threads that answer web requests.")
    workers: int = Field(2, ge=1, le=32, description="Threads that run jobs.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in {"ru", "bg", "en"}:
            raise ValueError("must be ru, bg or en")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not a time zone such as Europe/Sofia")
        return ZoneInfo(value).key

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"postgresql", "postgres", "sqlite"}:
            raise ValueError("must begin with postgresql:// or sqlite://")
        return value

    @field_validator("email_url")
    @classmethod
    def _known_transport(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname):
            raise ValueError("must look like smtp://host:port")
        return value

    @property
    def public_url(self) -> str:
        return (self.url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def all_hosts(self) -> list[str]:
        return [
            "127.0.0.1",
            "localhost",
            "[::1]",
            urlsplit(self.public_url).hostname or "",
            *self.allowed_hosts,
        ]

    @property
    def trusted_origins(self) -> list[str]:
        return [self.public_url]

    @property
    def outgoing_mail(self) -> dict[str, Any] | None:
        """How mail goes out, or None: then it is kept as files."""
        if not self.email_url:
            return None
        parts = urlsplit(self.email_url)
        return {
            "host": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 25),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp+tls",
        }


def _read() -> Configuration:
    try:
        return Configuration()
    except ValidationError as problem:
        lines = [
            f"  FIRSTLINE_{'_'.join(str(part) for part in error['loc']).upper()}: {error['msg']}"
            for error in problem.errors()
        ]
        sys.exit("Firstline can't start with this configuration:\n" + "\n".join(lines))


configuration = _read()


def database() -> dict[str, Any]:
    """Django's description of the database."""
    parts = urlsplit(configuration.database_url)
    if parts.scheme in {"postgresql", "postgres"}:
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or options.pop("host", "")),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": parts.path or configuration.data / "firstline.db",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        "TEST": {"NAME": configuration.data / "test.db"},
    }


def secret_key() -> str:
    """The installation's key, made on the first start and kept in the data folder."""
    path = configuration.data / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # two first starts at once: both read the same
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()
