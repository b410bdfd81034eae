"""Take a mail in: its bytes and its row are on the disk before anybody hears “accepted”.

Parsing comes later, from what is stored, and can be repeated.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from firstline.base.db import atomic
from firstline.files import store
from firstline.mail import addresses
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


def take(
    raw: bytes,
    *,
    sender: str,
    recipients: Iterable[str],
    source: str,
    mailbox: Mailbox | None = None,
    received_at: datetime | None = None,
    held_until: datetime | None = None,
    client: str = "",
) -> list[RawMail]:
    """Store one mail for each department among our recipients, durably, each at most once.

    `mailbox` and `received_at`: where it lay, and since when, if it did not come just now; `client`:
    the address of who brought it.
    `held_until`: the caller digests it, in an order of its own; the sweeper only from then on.
    Returns the rows, those that had been taken before among them. Raises OSError or a database
    error if it could not be stored: then the caller must not acknowledge.
    """
    digest_of_bytes = store.put(raw)
    rows = []
    with atomic():
        for place, recipient in _places(recipients).items():
            row, is_new = RawMail.objects.get_or_create(
                key=intake_key(raw, place),
                defaults={
                    "sha256": digest_of_bytes,
                    "size": len(raw),
                    "source": source,
                    "envelope_sender": sender[:320],
                    "recipient": recipient[:320],
                    "mailbox": mailbox,
                    "proof": {"client": client} if client else None,
                    "received_at": received_at or timezone.now(),
                    "due_at": held_until or timezone.now(),
                },
            )
            rows.append(row)
            if is_new and held_until is None:
                digest_waiting.wake()
    return rows


def _places(recipients: Iterable[str]) -> dict[str, str]:
    """By department, whom the mail is for there: an address that names a ticket, else the first.

    A department has several addresses, and who answers all names two of them: it is one mail (D18).
    """
    found: dict[str, str] = {}
    wanted = dict.fromkeys(address.lower() for address in recipients)
    for recipient in sorted(wanted, key=lambda one: addresses.bare(one) == one):
        here = addresses.resolve(recipient)
        found.setdefault(here.department.address if here else recipient, recipient)
    return found


def intake_key(raw: bytes, recipient: str) -> str:
    """The same for the same mail to the same department, however often and by which hops it comes.

    `recipient`: the department's own address, whichever of its addresses the mail was sent to.

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
