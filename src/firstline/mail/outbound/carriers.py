"""The servers that take our mail: the installation's own, or one of the department that writes.

One mail has one connection and one time limit for all of it, so that no server holds a worker by
answering a letter at a time (D13). What a server says no to for good is told from what may end well
another time: a wrong password or certificate is put right by us, and then everything still goes.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from firstline.base import emails, outside, secrets
from firstline.mail import reasons
from firstline.mail.models import MailServer, OutgoingMail

WHOLE = 4  # times as long as one answer may a whole mail take, far below the lease of its row
# Codes of 5xx that speak of us and not of the mail: encryption or a password is wanted (RFC 4954).
OURS_TO_MEND = {530, 534, 535, 538}

# What the connection itself may end with, the narrower kinds first.
WORDS: tuple[tuple[type[Exception], str], ...] = (
    (outside.Refused, reasons.UNKNOWN_HOST),
    (socket.gaierror, reasons.UNKNOWN_HOST),
    (TimeoutError, reasons.NO_ANSWER),
    (ssl.SSLCertVerificationError, reasons.BAD_CERTIFICATE),
    (ssl.SSLError, reasons.NO_ENCRYPTION),
    (ConnectionRefusedError, reasons.NOT_LISTENING),
    (smtplib.SMTPServerDisconnected, reasons.HUNG_UP),
    (ConnectionError, reasons.HUNG_UP),
    (smtplib.SMTPException, reasons.NO_SIGN_IN),  # no way to sign in that both sides know
    (OSError, reasons.NO_CONNECTION),
)
CLOSING = 421  # the service is not there at all (RFC 5321, 4.2.3)


class Refused(Exception):
    """The server says no and will say no again."""


class Unreachable(Exception):
    """No mail was handed over, and it may go another time; the text says what the server said."""


class Down(Unreachable):
    """The server takes no mail at all now: it can't be reached, or does not let us in."""


class Unheard(Down):
    """All of the mail was handed over, and the server did not say whether it took it."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A server and how it is spoken to. `is_own`: the installation's, which may be anywhere."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    is_own: bool = False
    patience: float | None = None  # of somebody who waits before a page

    @property
    def silence(self) -> float:
        """Seconds until one answer."""
        return min(settings.MAIL_SECONDS, self.patience or settings.MAIL_SECONDS)

    @property
    def longest(self) -> float:
        """Seconds for a whole mail."""
        return self.patience or WHOLE * settings.MAIL_SECONDS

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


def carrier_of(mail: OutgoingMail) -> Carrier | None:
    """The server that this mail goes to; None: mail is kept as files. Raises Unreachable."""
    if mail.ticket is not None:
        row = MailServer.objects.filter(department=mail.ticket.department_id).first()
        if row is not None:
            return of_server(row)
    return own()


def own() -> Carrier | None:
    """The installation's server, if it has one."""
    given: dict[str, Any] | None = settings.OUTGOING_MAIL
    if given is None:
        return None
    security = "tls" if given["use_ssl"] else "starttls" if given["use_tls"] else "none"
    return Carrier(
        given["host"], given["port"], security, given["username"], given["password"], is_own=True
    )


def of_server(row: MailServer) -> Carrier:
    """A department's server with its password. Raises Unreachable where that can't be read."""
    try:
        password = secrets.open_(row.secret) if row.secret else ""
    except secrets.Unreadable as problem:
        raise Unreachable(reasons.LOST_PASSWORD) from problem
    return Carrier(row.host, row.port, row.security, row.user, password)


def hand_over(
    carrier: Carrier, sender: str, recipient: str, raw: bytes, *, utf8: bytes | None = None
) -> str:
    """Hand a mail to the server; what it answered. Raises Refused, Unreachable, Down, Unheard.

    `utf8`: the same mail with addresses beyond ASCII in its header, for a server that offers
    SMTPUTF8 (RFC 6531).
    """
    sender, recipient = emails.on_the_wire(sender), emails.on_the_wire(recipient)
    try:
        with _connected(carrier) as server:
            return _say(server, sender, recipient, raw, utf8)
    except (OSError, smtplib.SMTPException) as problem:
        said = readable(problem)
        if _is_final(problem):
            raise Refused(said) from problem
        if _is_down(problem):
            raise Down(said) from problem
        raise Unreachable(said) from problem


def hurried(carrier: Carrier, seconds: float) -> Carrier:
    """The same server, for somebody who waits before a page."""
    return replace(carrier, patience=seconds)


def readable(problem: Exception) -> str:
    """What a server said or what happened on the way, on one line."""
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{problem.smtp_code} {_text(problem.smtp_error)}"
    if isinstance(problem, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(problem):
        return reasons.NO_STARTTLS
    return next((words for kind, words in WORDS if isinstance(problem, kind)), reasons.INTERNAL)


def _say(
    server: "_Plain", sender: str, recipient: str, raw: bytes, utf8: bytes | None = None
) -> str:
    server.ehlo_or_helo_if_needed()
    options: list[str] = []
    if utf8 is not None and server.has_extn("smtputf8"):
        raw, options = utf8, ["SMTPUTF8", "BODY=8BITMIME"]
    elif not (sender + recipient).isascii():
        raise Refused(reasons.NO_SMTPUTF8)
    if server.has_extn("size"):
        options.append(f"size={len(raw)}")
    for code, answer in (server.mail(sender, options), server.rcpt(recipient)):
        if code not in (250, 251):
            raise smtplib.SMTPResponseException(code, answer)
    try:
        code, answer = server.data(raw)
    except (OSError, smtplib.SMTPServerDisconnected) as problem:
        if server.has_mail:
            raise Unheard(f"{reasons.UNHEARD}: {readable(problem)}") from problem
        raise
    if code != 250:
        raise smtplib.SMTPResponseException(code, answer)
    return f"{code} {_text(answer)}"


@contextmanager
def _connected(carrier: Carrier) -> Iterator["_Plain"]:
    """A connection that is ready for mail, and that ends whatever happens."""
    kind = _Tls if carrier.security == MailServer.Security.TLS else _Plain
    server = kind(carrier)
    clock = threading.Timer(carrier.longest, server.cut)
    clock.daemon = True
    clock.start()
    try:
        server.greet()
        if carrier.security == MailServer.Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if carrier.user:
            server.login(carrier.user, carrier.password)
        yield server
        clock.cancel()  # the mail is handed over: whatever the farewell is, nobody waits for it
    except (OSError, smtplib.SMTPException) as problem:
        if server.was_cut:
            raise TimeoutError from problem
        raise
    finally:
        clock.cancel()
        server.close()


class _Plain(smtplib.SMTP):
    """An SMTP client that connects where the rule for hosts lets it."""

    was_cut = False
    has_mail = False  # whether all of the mail, with its last line, went out

    def __init__(self, carrier: Carrier) -> None:
        super().__init__(local_hostname=settings.MAIL_DOMAIN, timeout=carrier.silence)
        self.carrier = carrier
        self._host = carrier.host  # the name that its certificate has to have

    def greet(self) -> None:
        """Connect, and hear the server's greeting."""
        code, answer = self.connect(self.carrier.host, self.carrier.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)

    def send(self, s: Any) -> None:
        """Send a command, a text, or the mail: that one is bytes."""
        super().send(s)
        self.has_mail = self.has_mail or isinstance(s, bytes)

    def cut(self) -> None:
        """End the connection from another thread: its time is over."""
        self.was_cut = True
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        if self.carrier.is_own:
            return socket.create_connection((host, port), timeout)
        return outside.connect(host, port, timeout)


class _Tls(_Plain):
    """The same, encrypted from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _is_final(problem: Exception) -> bool:
    if isinstance(problem, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return False
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(problem, smtplib.SMTPResponseException):
        code = problem.smtp_code
        return 500 <= code < 600 and code not in OURS_TO_MEND
    return False


def _is_down(problem: Exception) -> bool:
    """Whether the next mail would fare the same."""
    if isinstance(problem, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return True
    if isinstance(problem, smtplib.SMTPResponseException):
        code = problem.smtp_code
        is_login = isinstance(problem, smtplib.SMTPAuthenticationError)
        return is_login or code == CLOSING or code in OURS_TO_MEND
    return True


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:1000]
