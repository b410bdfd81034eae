"""Take a mail in: its bytes and its row are on the disk before anybody hears “accepted”.

Parsing comes later, from what is stored, and can be repeated.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from firstline.base import lookups
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
# What a mail and the note that stands for it have in common.
NAMES = re.compile(rb"\A(?:from|date|subject|message-id)[ \t]*:", re.IGNORECASE)
HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail at one of the doors, on its way to some of our addresses.

    `mailbox` and `received_at`: where it lay, and since when, if it did not come just now.
    `held_until`: the caller digests it, in an order of its own; the sweeper only from then on.
    `client`: the network address that spoke to our own server, "" where none did.
    `place`: which folder it lies in, and where there; "" for what came by another door.
    `is_note`: it is ours, and stands for the mail of that place, which the server does not hand out.
    """

    raw: bytes
    sender: str
    recipients: Sequence[str]
    source: str
    received_at: datetime | None = None
    held_until: datetime | None = None
    mailbox: Mailbox | None = None
    client: str = ""
    place: str = ""
    is_note: bool = False


def take(
    raw: bytes,
    *,
    sender: str,
    recipients: Iterable[str],
    source: str,
    received_at: datetime | None = None,
    held_until: datetime | None = None,
) -> list[RawMail]:
    """Store one mail for each department among our recipients, durably, each at most once.

    Returns the rows, those that had been taken before among them. Raises OSError or a database
    error if it could not be stored: then the caller must not acknowledge.
    """
    arrival = Arrival(
        raw, sender, tuple(recipients), source, received_at=received_at, held_until=held_until
    )
    return take_all([arrival])


def take_all(arrivals: list[Arrival]) -> list[RawMail]:
    """The same with several, in one transaction: all of them or none."""
    hashes = store.put_all(arrival.raw for arrival in arrivals)
    with atomic(), lookups.remembering():
        addresses.owner.among(addresses.bare(one) for each in arrivals for one in each.recipients)
        wanted: dict[str, RawMail] = {}
        names: dict[str, str] = {}  # each key that a mail may have, to the one that it gets now
        notes: dict[str, str] = {}  # the same of notes that may stand for it
        for arrival, sha256 in zip(arrivals, hashes, strict=True):
            for recipient, own, of_note in _keys(arrival):
                wanted.setdefault(own[0], _row(arrival, sha256, recipient, own[0]))
                names |= dict.fromkeys(own, own[0])
                notes |= dict.fromkeys(of_note, own[0])
        found = _by_key(names | notes)
        known = {names[key]: row for key, row in found.items() if key in names}
        standing = {notes[key]: row for key, row in found.items() if key in notes}
        fresh = [row for key, row in wanted.items() if key not in known]
        for row in fresh:
            row.note = standing.get(row.key)
        RawMail.objects.bulk_create(fresh, ignore_conflicts=True)
        known |= _by_key(row.key for row in fresh)
        if any(arrival.held_until is None for arrival in arrivals):
            digest_waiting.wake()
    return [known[key] for key in wanted]


def _by_key(keys: Iterable[str]) -> dict[str, RawMail]:
    """The rows with these keys, the oldest last."""
    return {row.key: row for row in RawMail.objects.filter(key__in=list(keys)).order_by("-pk")}


def _row(arrival: Arrival, sha256: str, recipient: str, key: str) -> RawMail:
    now = timezone.now()
    return RawMail(
        key=key,
        sha256=sha256,
        size=len(arrival.raw),
        source=arrival.source,
        envelope_sender=arrival.sender[:320],
        recipient=recipient[:320],
        mailbox=arrival.mailbox,
        proof={"client": arrival.client} if arrival.client else None,
        received_at=arrival.received_at or now,
        due_at=arrival.held_until or now,
    )


def _keys(arrival: Arrival) -> Iterator[tuple[str, list[str], list[str]]]:
    """The recipients, one of each department, with the keys that the mail, and its note, may have."""
    notes = notes_of(arrival) if arrival.place else []
    content = notes[0] if arrival.is_note else _identity(arrival)
    for recipient, names in _places(arrival.recipients).items():
        own = [_key(content, name) for name in names]
        of_note = [_key(note, name) for note in notes for name in names]
        yield recipient, own, [] if arrival.is_note else of_note


def notes_of(arrival: Arrival) -> list[bytes]:
    """What tells the note that stands for a mail: its header where that names it, and its place."""
    head = HEADER_END.split(arrival.raw, 1)[0]
    named = [field for field in _fields(head) if NAMES.match(field)]
    place = b"note\0" + arrival.place.encode()
    if not any(field[:10].lower() == b"message-id" for field in named):
        return [place]
    return [b"note\0" + b"\n".join(named), place]


def _identity(arrival: Arrival) -> bytes:
    """What makes it the same mail. Nothing tells one empty mail from another but where it came from."""
    content = _content(arrival.raw)
    if arrival.raw.strip():
        return content
    return b"\0".join((content, (arrival.place or arrival.sender).encode()))


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
    return _key(_content(raw), recipient)


def _key(content: bytes, recipient: str) -> str:
    return hashlib.sha256(recipient.encode() + b"\0" + content).hexdigest()


def _content(raw: bytes) -> bytes:
    """What is the same however it came."""
    end = HEADER_END.search(raw)
    head = raw[: end.start()] if end else raw
    body = raw[end.end() :] if end else b""
    if re.search(rb"^message-id[ \t]*:", head, re.IGNORECASE | re.MULTILINE):
        head = b"\n".join(field for field in _fields(head) if not TRACE.match(field))
    return b"\0".join((head.replace(b"\r\n", b"\n"), body.replace(b"\r\n", b"\n")))


def _fields(head: bytes) -> list[bytes]:
    """The header fields, each with its continuation lines."""
    fields: list[bytes] = []
    for line in head.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] += b"\n" + line
        else:
            fields.append(line)
    return fields
