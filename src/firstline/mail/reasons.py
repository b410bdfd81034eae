"""Why a mail did not arrive, in plain words; what the server said stands behind them, quoted.

A mail keeps what happened as it was. What the desk itself says is kept in English and is told in the
language of whoever reads it; the words of a server are nobody's to translate.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.base import failures

SUPPRESSED = "not sent, because earlier mail to this address came back"
UNHEARD = "no answer to the whole mail"
UNKNOWN_HOST = "the host is unknown or may not be reached"
NO_ANSWER = "the server did not answer in time"
NO_CONNECTION = "no connection to the mail server"
NOT_LISTENING = "the mail server refuses the connection"
HUNG_UP = "the mail server ended the connection"
NO_ENCRYPTION = "no encrypted connection to the mail server"
BAD_CERTIFICATE = "the certificate of the mail server is not valid"
NO_STARTTLS = "the mail server does not offer STARTTLS"
NO_SIGN_IN = "the mail server does not let us sign in with a password"
NO_SMTPUTF8 = "the mail server does not take addresses beyond ASCII"
BAD_ADDRESS = "not an address that mail can go to"
TOO_LATE = "not sent within a day"
LOST_PASSWORD = "the password of the mail server has to be given again"  # noqa: S105
UNDELIVERABLE = "undeliverable"
INTERNAL = failures.INTERNAL
# Whole sentences of ours.
OURS: dict[str, Promise] = {
    UNKNOWN_HOST: gettext_lazy("the host name of the mail server is unknown or not allowed"),
    NO_ANSWER: gettext_lazy("the mail server did not answer in time"),
    LOST_PASSWORD: gettext_lazy("the password of the mail server has to be entered again"),
    UNDELIVERABLE: gettext_lazy("it came back, and no reason was given"),
    NO_CONNECTION: gettext_lazy("the mail server cannot be reached"),
    NOT_LISTENING: gettext_lazy(
        "no mail server answers there: check its name, the port and the kind of encryption"
    ),
    HUNG_UP: gettext_lazy("the mail server ended the connection"),
    NO_ENCRYPTION: gettext_lazy(
        "no encrypted connection to the mail server: check the port and the kind of encryption"
    ),
    BAD_CERTIFICATE: gettext_lazy(
        "the certificate of the mail server is not valid for its name, so nothing was sent there"
    ),
    NO_STARTTLS: gettext_lazy("the mail server does not offer STARTTLS: try TLS and port 465"),
    NO_SIGN_IN: gettext_lazy("the mail server does not let us sign in with a password"),
    NO_SMTPUTF8: gettext_lazy(
        "our mail server cannot send to addresses with such letters (SMTPUTF8); use another address "
        "of this person or another mail server"
    ),
    BAD_ADDRESS: gettext_lazy("no mail can go to this address: check how it is written"),
    TOO_LATE: gettext_lazy("it could not be sent within a day"),
    **failures.SENTENCES,
}
# What stands before the words of somebody else.
BEFORE: dict[str, Promise] = {
    SUPPRESSED: gettext_lazy("an earlier mail to this address came back"),
    UNHEARD: gettext_lazy(
        "the mail server did not say whether it took the mail, so it may come twice"
    ),
}
# The type before the words in a report (RFC 3464, 2.3.6) says nothing to people.
DIAGNOSTIC_TYPE = re.compile(r"^\s*(?:smtp|lmtp|dns|unix|x-[\w-]+)\s*;\s*", re.IGNORECASE)
SHOWN = 300
# The first that fits is told: enhanced codes (RFC 3463), then codes and words of servers.
REASONS: tuple[tuple[str, Promise], ...] = (
    (
        r"[45]\.2\.2|mailbox (?:is )?full|over quota|quota exceeded",
        gettext_lazy("the mailbox is full"),
    ),
    (
        r"5\.1\.[1-3]|user unknown|unknown user|no such user|does not exist",
        gettext_lazy("there is no such address"),
    ),
    (
        r"5\.4\.4|5\.1\.2|host unknown|domain not found",
        gettext_lazy("there is no such mail domain"),
    ),
    (
        r"[45]\.7\.\d|spam|policy|blocked|blacklist",
        gettext_lazy("the other server does not want it"),
    ),
    (r"5\.3\.4|552|too (?:large|big)", gettext_lazy("it is too large for the other server")),
    (r"\b535\b|authentication", gettext_lazy("our mail server does not accept our password")),
    (
        r"greylist|^4\d\d|\b4\.\d\.\d",
        gettext_lazy("the other server asks to come again later"),
    ),
    (
        r"did not answer|timed out|refused|unreachable|not be reached|unexpectedly closed|certificate",
        gettext_lazy("the mail server cannot be reached"),
    ),
)


def plain(problem: str) -> str:
    """The problem as people understand it, with the words of the server; "" for none."""
    if not problem:
        return ""
    start, _colon, rest = problem.partition(": ")
    if start in BEFORE:
        return _with(BEFORE[start], rest) if rest else str(BEFORE[start])
    if problem in OURS:
        return str(OURS[problem])
    if failures.is_exception(problem):
        return _of_exception(problem)
    for pattern, words in REASONS:
        if re.search(pattern, problem, re.IGNORECASE):
            return _with(words, problem)
    return _told(problem)


def _of_exception(problem: str) -> str:
    """What former versions kept of an error in Python's words, without those words."""
    for pattern, words in REASONS:
        if re.search(pattern, problem, re.IGNORECASE):
            return str(words)
    return failures.told(problem)


def said(problem: str) -> str:
    """The words of a report without the type that stands before them."""
    return DIAGNOSTIC_TYPE.sub("", problem)


def _with(reason: Promise, answer: str) -> str:
    return _("%(reason)s (%(answer)s)") % {"reason": reason, "answer": _told(answer)}


def _told(answer: str) -> str:
    """A sentence of ours in the reader's language; of anybody else's, the words in quotation."""
    if answer in OURS:
        return str(OURS[answer])
    if failures.is_exception(answer):
        return _of_exception(answer)
    return _("“%(words)s”") % {"words": said(answer)[:SHOWN]}
