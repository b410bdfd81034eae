"""To which public address a mail was written that came to a department by forwarding (cap 150).

Only addresses of our own count, so that nobody makes us write in another's name.
"""

import re
from collections.abc import Collection, Iterator

from firstline.mail.mime import addresses
from firstline.mail.mime.parse import Mail

# What forwarding servers write, the most telling first.
TRACES = (
    "x-original-to",
    "x-forwarded-to",
    "x-forwarded-for",
    "delivered-to",
    "resent-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
)
FOR = re.compile(r"\bfor\s+<?([^\s<>;]{1,254}@[^\s<>;]{1,253})>?")
WORD = re.compile(r"[^\s<>,;]{1,254}@[^\s<>,;]{1,253}")
MOST = 60


def written_to(mail: Mail, own: Collection[str]) -> str:
    """Which of `own` (lower-case) the mail was written to, "" where it names none of them.

    What the writer named (To, Cc) comes first; where that names several, the one that also left a
    trace on the way; a hidden copy leaves a trace alone.
    """
    named = _among(own, (one.email for one in (*mail.to, *mail.cc)[:MOST]))
    traced = _among(own, _traces(mail))
    both = [one for one in named if one in traced]
    return next(iter([*both, *named, *traced]), "")


def _traces(mail: Mail) -> Iterator[str]:
    """The addresses that servers on the way wrote down."""
    for name in TRACES:
        for value in mail.headers.get(name, ())[:MOST]:
            yield from (one.email for one in addresses.read(value)[:MOST])
            yield from WORD.findall(value)[:MOST]  # Gmail parts two addresses with a blank
    for value in mail.headers.get("received", ())[:MOST]:
        yield from FOR.findall(value)[:1]


def _among(own: Collection[str], found: Iterator[str]) -> list[str]:
    """Those of `found` that are ours, in their order; support+news@ is support@."""
    ours = []
    for address in found:
        local, _at, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        ours += [one for one in (f"{local}@{domain}", plain) if one in own][:1]
    return list(dict.fromkeys(ours))
