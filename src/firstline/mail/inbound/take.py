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
        for recipient, names in _places(recipients).items():
            keys = [intake_key(raw, name) for name in names]
            known = RawMail.objects.filter(key__in=keys).order_by("pk").first()
            row, is_new = (
                (known, False)
                if known
                else RawMail.objects.get_or_create(
                    key=keys[0],
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
            )
            rows.append(row)
            if is_new and held_until is None:
                digest_waiting.wake()
    return rows


def _places(recipients: Iterable[str]) -> dict[str, list[str]]:
    """One recipient for each department, and under which names it may have the mail already.

    A department has several addresses, and who answers all names two of them: it is one mail (D18).
    The first name is the same for all who bring the mail at once; the address that names a ticket goes
    before the others.
    """
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    wanted = dict.fromkeys(address.lower() for address in recipients)
    for recipient in sorted(wanted, key=lambda one: addresses.bare(one) == one):
        here = addresses.resolve(recipient)
        own = here.department.address if here else recipient
        if own not in seen:
            public = addresses.public_of(here.department) if here else ()
            found[recipient] = list(dict.fromkeys([own, recipient, *public]))
            seen.add(own)
    return found


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
