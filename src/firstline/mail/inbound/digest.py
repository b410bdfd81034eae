"""Digest a stored mail: read it, find where it belongs, and say what became of it."""

import structlog

from firstline.base.db import atomic
from firstline.base.jobs import job
from firstline.base.work import Superseded
from firstline.files import store
from firstline.mail.inbound.place import place
from firstline.mail.mime.parse import Unreadable, parse
from firstline.mail.models import Outcome, RawMail

log = structlog.get_logger(__name__)


@job
def digest(raw_id: int) -> None:
    """Turn a stored mail into a ticket, an addition, a linked bounce or a row in the visible list.

    It may run twice: the row is claimed, and the outcome is written in one transaction with its
    effects. A mail that ends its worker is tried three times and then put aside (C61).
    """
    row = RawMail.claim(raw_id)
    if row is None:
        return
    try:
        mail = parse(store.read(row.sha256))
    except Unreadable as problem:
        row.finish(outcome=Outcome.NOT_UNDERSTOOD, trace=[["unreadable", str(problem)]])
        return
    except Exception as problem:
        log.exception("mail not read", mail=row.pk)
        row.retry(repr(problem))
        return
    try:
        with atomic():
            placed = place(row, mail)
            kept = row.finish(
                outcome=placed.outcome,
                ticket=placed.ticket,
                message=placed.message,
                trace=placed.trace,
                subject=mail.subject[:300],
                sender=f"{mail.sender.name} <{mail.sender.email}>"[:400],
            )
            if not kept:
                raise Superseded
    except Superseded:
        log.warning("mail was digested by another worker", mail=row.pk)
    except Exception as problem:
        log.exception("mail not placed", mail=row.pk)
        row.retry(repr(problem))


def sweep() -> int:
    """Digest what a crash or a lost job left behind."""
    return RawMail.sweep(digest)
