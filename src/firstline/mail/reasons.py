"""Why a mail did not arrive, in plain words; what the server said stands behind them."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SUPPRESSED = "not sent, because earlier mail to this address came back"
UNHEARD = "no answer to the whole mail"
# The first that fits is told: enhanced codes (RFC 3463), then codes and words of servers.
REASONS: tuple[tuple[str, Promise], ...] = (
    (rf"^{SUPPRESSED}", gettext_lazy("nothing is sent there since a mail came back")),
    (
        rf"^{UNHEARD}",
        gettext_lazy("the mail server did not say whether it took the mail, so it may come twice"),
    ),
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
    for pattern, words in REASONS:
        if re.search(pattern, problem, re.IGNORECASE):
            return _("%(reason)s (%(answer)s)") % {"reason": words, "answer": problem[:300]}
    return problem[:300]
