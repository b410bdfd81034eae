"""Digest a stored mail: read it, find where it belongs, and say what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.utils import timezone

from firstline.base import clock, failures, lookups
from firstline.base.db import atomic
from firstline.base.jobs import job
from firstline.base.work import Superseded
from firstline.events.log import of_the_past
from firstline.files import store
from firstline.mail import proof
from firstline.mail.inbound import past
from firstline.mail.inbound.known import look_up
from firstline.mail.inbound.place import place
from firstline.mail.mime.parse import Address, Mail, Unreadable, parse
from firstline.mail.models import Outcome, RawMail

log = structlog.get_logger(__name__)
FIRST_YEAR = 1985  # a mail that says it is older has a wrong clock


TOGETHER = 20  # mails of one transaction: more would keep other writers waiting


@job
def digest(raw_id: int) -> None:
    """Turn a stored mail into a ticket, an addition, a linked bounce or a row in the visible list.

    It may run twice: the row is claimed, and the outcome is written in one transaction with its
    effects. A mail that ends its worker is tried three times and then put aside (C61).
    """
    row = RawMail.claim(raw_id)
    if row is not None and (mail := _read(row)) is not None:
        _place(row, mail)


@job
def digest_waiting() -> None:
    """The same with all that wait, some in each transaction: the disk is asked once for them.

    Where one of them fails, each is done by itself.
    """
    while rows := RawMail.claim_fresh(TOGETHER):
        mails = [(row, mail) for row in rows if (mail := _read(row)) is not None]
        try:
            # The disk is slow: all files lie there before the transaction makes others wait.
            store.put_all(file.content for _row, mail in mails for file in mail.attachments)
            with atomic(), lookups.remembering():
                look_up(mails)
                for row, mail in mails:
                    _write(row, mail)
        except Exception as problem:
            log.info("mails not placed together", problem=repr(problem))
            for row, mail in mails:
                _place(row, mail)


def _read(row: RawMail) -> Mail | None:
    try:
        raw = store.read(row.sha256)
        mail = parse(raw)
        row.proof = proof.find(row, raw, mail)  # it may ask the DNS: outside of any transaction
        return mail
    except Unreadable as problem:
        row.finish(outcome=Outcome.NOT_UNDERSTOOD, trace=[["unreadable", str(problem)]])
    except Exception:
        log.exception("mail not read", mail=row.pk)
        row.retry(failures.INTERNAL)
    return None


def _place(row: RawMail, mail: Mail) -> None:
    """All that follows from one mail, or nothing of it."""
    try:
        with atomic():
            _write(row, mail)
    except Superseded:
        log.warning("mail was digested by another worker", mail=row.pk)
    except Exception:
        log.exception("mail not placed", mail=row.pk)
        row.retry(failures.INTERNAL)


def _write(row: RawMail, mail: Mail) -> None:
    """Put the mail where it belongs, and its outcome beside it; call it inside a transaction."""
    with _then(row, mail):
        placed = past.place(row, mail) if row.source == past.SOURCE else place(row, mail)
        kept = row.finish(
            outcome=placed.outcome,
            ticket=placed.ticket,
            message=placed.message,
            trace=placed.trace,
            proof=row.proof,
            confirmed_to=placed.confirmed_to,
            subject=mail.subject[:300],
            sender=_named(mail.sender)[:400],
        )
        if not kept:
            raise Superseded
        if row.note_id and placed.ticket:  # nobody need look after a note without a sender any more
            alone = RawMail.objects.filter(pk=row.note_id, outcome=Outcome.NOT_UNDERSTOOD)
            alone.update(outcome=Outcome.JOINED, ticket=placed.ticket)


def _named(sender: Address) -> str:
    return f"{sender.name} <{sender.email}>" if sender.email else sender.name


@contextmanager
def _then(row: RawMail, mail: Mail) -> Iterator[None]:
    """Old mail is history: it happened when it was written, and nobody is told of it now (C73)."""
    if not row.is_old:
        yield
        return
    said = mail.date if row.source != past.SOURCE else None  # an import has read it already
    written = said if said and said.year >= FIRST_YEAR else row.received_at
    with clock.at(min(written, timezone.now())), of_the_past():
        yield


def sweep() -> int:
    """Digest what a crash or a lost job left behind."""
    waiting = RawMail.objects.filter(state=RawMail.State.WAITING, due_at__lte=timezone.now())
    fresh = waiting.filter(attempts=0).count()
    digest_waiting()
    return fresh + RawMail.sweep(digest)
