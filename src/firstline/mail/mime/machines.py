"""Addresses that no person reads, told by their local part (RFC 3834 2, RFC 2142, RFC 5230 4.6)."""

import re

_WORD = r"(?:\A|(?<=[-_.+=]))"
_END = r"(?=[-_.+=\d]|\Z)"
_NO_REPLY = (
    r"(?:no|do[-_.]?not|don[-_.]?t|never)[-_.]?(?:reply|answer|respond|response)s?"
    r"|(?:ne|nicht|keine|non|nao)[-_.]?(?:otvech\w*|otgovar\w*|pas[-_.]?repondre|repondre|antworten"
    r"|antwort|rispondere|responder|responda)|no[-_.]?(?:responder|responda|contestar)"
)
# Mail systems and mailing lists: what they send is never to be answered, whoever is named in From.
_MAIL_SYSTEM = re.compile(
    r"(?:owner-|bounces?[-+=]|return-\d).+"
    r"|.+-(?:owner|request)|.+[-_.=]bounces?(?:[-+=].*)?|.+-returns?-\d.*|bounces?"
    r"|.*[a-z0-9]=[a-z0-9](?:[a-z0-9-]*[.])+[a-z]{2,24}",  # the recipient's own address inside: VERP
    re.IGNORECASE,
)
# What forwards a person's mail writes their address into its own, or signs it.
_FORWARDED = re.compile(r".*[+]caf_=.*|.*(?:\A|[+])srs[01]?[-+=].*|prvs=.*|btv1=.*", re.IGNORECASE)
_MACHINE = re.compile(
    rf".*{_WORD}(?:{_NO_REPLY}|dmarc(?:[-_.]?(?:reports?|rua|support))?|tls[-_.]?rpt){_END}.*"
    r"|(?:mailer|mail)[-_.]?daemon.*|postmaster\b.*|daemon|mdaemon|majordomo|listserv|mailman|sympa"
    r"|auto(?:mailer|responder|reply|answer)|notifications?|scomp|fbl(?:[-_.].*)?"
    r"|(?:abuse|feedback|complaint)[-_.]?(?:reports?|loop)|smtp-tls-reporting",
    re.IGNORECASE,
)


def is_machine(address: str) -> bool:
    """Whether this address says itself that nobody reads there."""
    local = address.strip("<> ").rpartition("@")[0][:256]
    return _MACHINE.fullmatch(local) is not None or _MAIL_SYSTEM.fullmatch(local) is not None


def is_mail_system(address: str) -> bool:
    """Whether this envelope sender or Sender is a mailing list's or one that only takes bounces; not
    where a server forwards a person's mail."""
    local = address.strip("<> ").rpartition("@")[0][:256]
    return _MAIL_SYSTEM.fullmatch(local) is not None and not _FORWARDED.fullmatch(local)
