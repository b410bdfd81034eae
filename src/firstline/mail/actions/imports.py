"""Import a mailbox of the past: all its mails are stored first, then digested in order of their dates.

Each step is written with what it did, so it may end at any moment and begin again: a mail that is
known is known by its key, wherever it came from (C72).
"""

import fcntl
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from firstline.base.db import atomic
from firstline.mail import addresses
from firstline.mail.inbound.archive import Archive
from firstline.mail.inbound.digest import FIRST_YEAR, digest
from firstline.mail.inbound.mbox import Found
from firstline.mail.inbound.past import SOURCE, key_of
from firstline.mail.inbound.take import intake_key, take
from firstline.mail.mime.headers import words
from firstline.mail.models import ImportedMail, MailImport, RawMail
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.models import Department

TOGETHER, MUCH = 20, 4 * 2**20  # mails and bytes of one transaction
HELD = timedelta(days=30)  # then the sweeper digests what an import left behind
HEAD = 200_000
ID = re.compile(r"<[^<>\s]{1,998}>")
TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
ADDRESS = re.compile(r"[^\s<>,;\"]{1,254}@[^\s<>,;\"]{1,253}")
MOST_NAMED = 50
Tell = Callable[[str, int, int], None]


class Running(Exception):
    """Another process is at this import now."""


class UnknownAddress(Exception):
    """No department has this address."""


def start(actor: Actor, path: Path, department: str) -> MailImport:
    """The import of this path into the department with this address: the one that was begun and did
    not end, else a new one.

    Raises Forbidden, UnknownAddress.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    here = addresses.resolve(department)
    if here is None:
        raise UnknownAddress(department)
    with atomic():
        row, _is_new = _open_row(here.department, str(path.resolve()))
    return row


def _open_row(department: Department, path: str) -> tuple[MailImport, bool]:
    waiting = MailImport.objects.filter(state=MailImport.State.WAITING).order_by("pk")
    return waiting.get_or_create(department=department, path=path[:1000])


@contextmanager
def alone(row: MailImport) -> Iterator[None]:
    """Let nobody else be at this import; the system ends it with the process. Raises Running."""
    folder = Path(settings.DATA) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{row.pk}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise Running(str(row.pk)) from problem
        yield


def run(actor: Actor, row: MailImport, archive: Archive, tell: Tell) -> MailImport:
    """Store what is not stored yet, digest what is not digested yet, and end the import.

    `tell` is called often, with "reading" or "digesting", how much is done, and of how much.
    Raises Forbidden, Running, OSError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    with alone(row):
        row.refresh_from_db()
        if not goes_on(row, archive):
            row.position = row.known = row.skipped = 0
            row.mark, row.size = archive.mark, archive.size
            row.save()
        _read(row, archive, tell)
        _digest(row, tell)
        row.state, row.ended_at = MailImport.State.DONE, timezone.now()
        row.save(update_fields=("state", "ended_at"))
    return row


def goes_on(row: MailImport, archive: Archive) -> bool:
    """Whether the files are still those of its position; else all is looked at again, and known."""
    return row.mark == archive.mark


def _read(row: MailImport, archive: Archive, tell: Tell) -> None:
    own = {row.department.address, *addresses.public_of(row.department)}
    for some in _pieces(archive.mails(row.position)):
        with atomic():
            for mail in some:
                _take(row, own, mail)
            row.save(update_fields=("position", "taken", "known", "skipped"))
        tell("reading", row.position, archive.size)


def _pieces(mails: Iterable[Found]) -> Iterator[list[Found]]:
    """Some mails at a time: not many, and not much."""
    some: list[Found] = []
    for mail in mails:
        some.append(mail)
        if len(some) >= TOGETHER or sum(len(one.raw or b"") for one in some) >= MUCH:
            yield some
            some = []
    if some:
        yield some


def _take(row: MailImport, own: set[str], found: Found) -> None:
    """Store one mail, or see that it is known."""
    row.position = found.end
    raw = found.raw
    if found.is_deleted or raw is None or not raw.strip(b"\0 \t\r\n"):
        row.skipped += 1
        return
    head = _Head(raw)
    known = RawMail.objects.filter(key__in=[intake_key(raw, one) for one in head.ours(own)])
    mail, moment = known.order_by("pk").first(), head.moment(found.at)
    is_new = mail is None
    if mail is None:
        mail = take(
            raw,
            sender=head.sender,
            recipients=[row.department.address],
            source=SOURCE,
            received_at=moment,
            held_until=timezone.now() + HELD,
        )[0]
    values = {"written_at": moment, "header_key": head.key, "root_key": head.root}
    _link, is_first = ImportedMail.objects.get_or_create(origin=row, raw=mail, defaults=values)
    if is_new and is_first:
        row.taken += 1
    else:
        row.known += 1


class _Head:
    """What the header of a mail says that an import must know."""

    def __init__(self, raw: bytes) -> None:
        head = re.split(rb"\r?\n\r?\n", raw[:HEAD].lstrip(b"\r\n"), maxsplit=1)[0]
        self.fields = BytesHeaderParser(policy=compat32).parsebytes(head + b"\n\n")
        own = self._ids("Message-ID")
        earlier = [*self._ids("References"), *self._ids("In-Reply-To")]
        self.key = key_of(own[0]) if own else ""
        self.root = key_of(earlier[0]) if earlier else self.key

    def _all(self, name: str) -> list[str]:
        return [str(value) for value in self.fields.get_all(name, [])]

    def _ids(self, name: str) -> list[str]:
        return ID.findall(re.sub(r"\s+(?=[^<>]*>)", "", words(" ".join(self._all(name)))))

    @property
    def sender(self) -> str:
        """The envelope sender, where a server wrote it down."""
        found = ADDRESS.search(" ".join(self._all("Return-Path")))
        return found[0] if found else ""

    def ours(self, own: set[str]) -> set[str]:
        """The addresses of ours under which it may have come before."""
        named = [one for name in TO for one in ADDRESS.findall(" ".join(self._all(name)))]
        some = (one.lower() for one in named[:MOST_NAMED])
        return own | {one for one in some if addresses.bare(one) in own}

    def moment(self, parting: datetime | None) -> datetime:
        """When it was written: Date, else the last Received, else the mailbox file, else now."""
        received = [value.rpartition(";")[2] for value in self._all("Received")[:1]]
        for value in [*self._all("Date")[:1], *received]:
            found = _date(value)
            if found is not None:
                return found
        return parting if parting is not None and _is_sane(parting) else timezone.now()


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value.strip()[:100])
        found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if _is_sane(found) else None


def _is_sane(moment: datetime) -> bool:
    return moment.year >= FIRST_YEAR and moment <= timezone.now() + timedelta(days=1)


def _digest(row: MailImport, tell: Tell) -> None:
    """Digest what waits, in order of the dates; a mail that fails is tried, then put aside."""
    waiting = ImportedMail.objects.filter(
        origin=row, raw__state=RawMail.State.WAITING, raw__source=SOURCE
    ).order_by("written_at", "pk")
    total, done = waiting.count(), 0
    last: ImportedMail | None = None
    while True:
        some = waiting
        if last is not None:
            later = Q(written_at=last.written_at, pk__gt=last.pk)
            some = waiting.filter(Q(written_at__gt=last.written_at) | later)
        links = list(some[:500])
        if not links:
            return
        for last in links:
            _digest_one(last.raw_id)
            done += 1
            tell("digesting", done, total)


def put_aside(row: MailImport) -> int:
    """How many of its mails could not be digested: they stand in the list of mail put aside."""
    parked = ImportedMail.objects.filter(origin=row, raw__state=RawMail.State.PARKED)
    return parked.filter(raw__source=SOURCE).count()


def _digest_one(raw_id: int) -> None:
    """Digest one mail now, whoever held it: only one can write the outcome (base/work.py)."""
    mail = RawMail.objects.filter(pk=raw_id, state=RawMail.State.WAITING)
    for _attempt in range(RawMail.MOST_ATTEMPTS + 2):
        if not mail.update(due_at=timezone.now()):
            return
        digest(raw_id)
        if not mail.exists():
            return
        time.sleep(0.3)  # what hindered it may be over
