"""What may go wrong with a mailbox: a word for the database, a sentence for people."""

import ast
import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from imap_tools.errors import ImapToolsError

from firstline.base import outside

SENTENCES = {
    "unknown": gettext_lazy(
        "There is no such host, or it lies inside our network and FIRSTLINE_MAIL_HOSTS_ALLOWED does "
        "not list it. Check the name."
    ),
    "unreachable": gettext_lazy(
        "No IMAP server answers there. Check the host, the port and the kind of encryption."
    ),
    "certificate": gettext_lazy(
        "The server's certificate is not valid. Check the host's name; nothing was sent there."
    ),
    "certificate-host": gettext_lazy(
        "The server's certificate is not valid for this host. Check the host's name; nothing was sent "
        "there."
    ),
    "certificate-expired": gettext_lazy(
        "The server's certificate has expired. Ask whoever runs the server to renew it; nothing was "
        "sent there."
    ),
    "certificate-issuer": gettext_lazy(
        "The server's certificate is not valid here: nobody that this machine trusts has signed it. "
        "Check the host's name, or let the machine trust that issuer; nothing was sent there."
    ),
    "starttls": gettext_lazy("The server does not offer STARTTLS. Try TLS and port 993."),
    "login": gettext_lazy(
        "The server refuses the user name or the password. Many providers want a password made for "
        "this program. The server said: %(detail)s"
    ),
    "mechanism": gettext_lazy("The server does not offer OAuth 2. Use a password."),
    "token": gettext_lazy(
        "The provider gives no access any more: %(detail)s. Sign in there again."
    ),
    "account": gettext_lazy(
        "The provider let us in, but the mail server refuses this user. Sign in as the owner of the "
        "mailbox, and check at the provider that IMAP is switched on. The server said: %(detail)s"
    ),
    "client": gettext_lazy(
        "The provider does not accept the client ID or the client secret: %(detail)s. Enter both as "
        "they stand there (a secret may have expired), and sign in again."
    ),
    "silent": gettext_lazy(
        "The token address does not answer as it should. Check the address; if it is right, try "
        "again later."
    ),
    "unsigned": gettext_lazy(
        "Nobody has signed in at the provider yet. Open the mailbox and sign in there."
    ),
    # What may go wrong while somebody signs in.
    "denied": gettext_lazy(
        "Access was refused at the provider. Sign in again and allow it; in a company its "
        "administrator may have to allow it first."
    ),
    "answer": gettext_lazy(
        "The provider refused the sign-in: %(detail)s. Check the client ID and the scope, and that "
        "the redirect address is registered there."
    ),
    "code": gettext_lazy("The sign-in came too late or was used already. Sign in again."),
    "refresh": gettext_lazy(
        "The provider let you in, but gave no lasting access (refresh token). Allow offline access "
        "for this application at the provider, take back its former access, and sign in again."
    ),
    "changed": gettext_lazy("The mailbox was changed meanwhile. Sign in again."),
    "secret": gettext_lazy(
        "The password was kept with another secret key. Enter the password again."
    ),
    "folder": gettext_lazy("The mailbox has no folder “%(detail)s”. Choose another one."),
    "lost": gettext_lazy("The connection to the server breaks off. It is tried again by itself."),
    "refused": gettext_lazy("The server refuses to hand out mails. It said: %(detail)s"),
    "storage": gettext_lazy(
        "The desk could not store a mail; it stays in the mailbox. Check the disk and the database."
    ),
}
# Codes of OpenSSL (X509_verify_cert_error_string).
EXPIRED, HOST, ISSUER = "certificate-expired", "certificate-host", "certificate-issuer"
CERTIFICATES = {10: EXPIRED, 18: ISSUER, 19: ISSUER, 20: ISSUER, 21: ISSUER, 62: HOST, 64: HOST}
# What only a person can mend is not tried every minute: providers lock accounts for that.
FOR_PEOPLE = frozenset(
    {"account", "certificate", "client", "login", "mechanism", "secret", "starttls", "token"}
    | {"unsigned", EXPIRED, HOST, ISSUER}
)
# What signing in at the provider mends.
FOR_SIGN_IN = frozenset({"account", "client", "token", "unsigned"})
UNSIGNED = "unsigned"
DETAIL = 200


class Trouble(Exception):
    """The mailbox can't be read; `code` is a key of SENTENCES."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = " ".join(detail.split())[:DETAIL]

    @property
    def stored(self) -> str:
        """As it stands in `Mailbox.problem`."""
        return f"{self.code}: {self.detail}" if self.detail else self.code

    @property
    def text(self) -> str:
        """For people, in their language."""
        return sentence(self.stored)


class Answered(Exception):
    """The server answered NO or BAD, and the connection still stands."""


def code_of(stored: str) -> str:
    """The word of what stands in `Mailbox.problem`."""
    return stored.partition(": ")[0]


def sentence(stored: str) -> str:
    """What is wrong with the mailbox, and what to do."""
    code, _colon, detail = stored.partition(": ")
    if code not in SENTENCES:
        return stored
    return str(SENTENCES[code]) % {"detail": detail or _("nothing")}


@contextmanager
def told(otherwise: str = "lost") -> Iterator[None]:
    """Turn what sockets and libraries raise into Trouble; what is not clear is `otherwise`."""
    try:
        yield
    except ssl.SSLCertVerificationError as problem:
        raise Trouble(CERTIFICATES.get(problem.verify_code, "certificate")) from problem
    except outside.Refused as problem:
        raise Trouble("unknown") from problem
    except imaplib.IMAP4.abort as problem:
        raise Trouble(otherwise) from problem
    except (imaplib.IMAP4.error, ImapToolsError) as problem:
        raise Answered(_said(problem)) from problem
    except (OSError, EOFError, ValueError) as problem:
        raise Trouble(otherwise) from problem


# How imaplib words a BAD: "UID command error: BAD [b'Unknown command']".
BAD = re.compile(r"\A\w+ command error: BAD (\[.*\])\Z", re.DOTALL)


def _said(problem: Exception) -> str:
    """The server's own words."""
    if found := BAD.match(str(problem)):
        with contextlib.suppress(SyntaxError, ValueError):
            problem = imaplib.IMAP4.error(*ast.literal_eval(found[1]))
    result = getattr(problem, "command_result", None)
    parts = result[1] if result and len(result) > 1 else problem.args
    words = parts if isinstance(parts, list | tuple) else [parts]
    texts = [
        one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in words
    ]
    return " ".join(texts)[:DETAIL]
