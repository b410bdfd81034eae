"""Take a mail in: its bytes and its row are on the disk before anybody hears “accepted”.

Parsing comes later, from what is stored, and can be repeated.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from firstline.base.db import atomic
from firstline.files import store
from firstline.mail.inbound.digest import digest_waiting
from firstline.mail.models import Mailbox, RawMail

# What each hop and each mailbox file writes anew; the same mail brought twice differs in nothing else.
TRACE = re.compile(
    rb"\A(?:received|x-received|return-path|delivered-to|x-original-to|authentication-results"
    rb"|received-spf|arc-[a-z-]+|x-spam-[a-z-]+|content-length|lines|(?:x-)?status|x-uidl?"
    rb"|x-keywords|x-mozilla-(?:status2?|keys)|x-gmail-labels|x-gm-thrid)[ \t]*:",
    re.IGNORECASE,
)
HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail at one of the doors, on its way to some of our addresses.

    `mailbox` and `received_at`: where it lay, and since when, if it did not come just now.
    `held_until`: the caller digests it, in an order of its own; the sweeper only from then on.
    """

    raw: bytes
    sender: str
    recipients: Iterable[str]
    source: str
    received_at: datetime | None = None
    held_until: datetime | None = None
    mailbox: Mailbox | None = None


def take(
    raw: bytes,
    *,
    sender: str,
    recipients: Iterable[str],
    source: str,
    received_at: datetime | None = None,
    held_until: datetime | None = None,
) -> list[RawMail]:
    """Store one mail for each of our recipients, durably, each at most once.

    Returns the rows, those that had been taken before among them. Raises OSError or a database
    error if it could not be stored: then the caller must not acknowledge.
    """
    arrival = Arrival(
        raw, sender, recipients, source, received_at=received_at, held_until=held_until
    )
    return take_all([arrival])


def take_all(arrivals: list[Arrival]) -> list[RawMail]:
    """The same with several, in one transaction: all of them or none."""
    hashes = store.put_all(arrival.raw for arrival in arrivals)
    wanted: dict[str, RawMail] = {}
    for arrival, sha256 in zip(arrivals, hashes, strict=True):
        for recipient in dict.fromkeys(address.lower() for address in arrival.recipients):
            row = _row(arrival, sha256, recipient)
            wanted.setdefault(row.key, row)
    with atomic():
        RawMail.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        rows = {row.key: row for row in RawMail.objects.filter(key__in=wanted)}
        if any(arrival.held_until is None for arrival in arrivals):
            digest_waiting.wake()
    return [rows[key] for key in wanted]


def _row(arrival: Arrival, sha256: str, recipient: str) -> RawMail:
    now = timezone.now()
    return RawMail(
        key=intake_key(arrival.raw, recipient),
        sha256=sha256,
        size=len(arrival.raw),
        source=arrival.source,
        envelope_sender=arrival.sender[:320],
        recipient=recipient[:320],
        mailbox=arrival.mailbox,
        received_at=arrival.received_at or now,
        due_at=arrival.held_until or now,
    )


def intake_key(raw: bytes, recipient: str) -> str:
    """The same for the same mail to the same address, however often and by which hops it comes.

    Never the Message-ID alone (C58): the whole content counts. A mail without one keeps its trace
    headers in the key, since two such mails may well be equal in all else.
    """
    end = HEADER_END.search(raw)
    head = raw[: end.start()] if end else raw
    body = raw[end.end() :] if end else b""
    if re.search(rb"^message-id[ \t]*:", head, re.IGNORECASE | re.MULTILINE):
        head = b"\n".join(field for field in _fields(head) if not TRACE.match(field))
    content = b"\0".join(
        (recipient.encode(), head.replace(b"\r\n", b"\n"), body.replace(b"\r\n", b"\n"))
    )
    return hashlib.sha256(content).hexdigest()


def _fields(head: bytes) -> list[bytes]:
    """The header fields, each with its continuation lines."""
    fields: list[bytes] = []
    for line in head.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] += b"\n" + line
        else:
            fields.append(line)
    return fields
