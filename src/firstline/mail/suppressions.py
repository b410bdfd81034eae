"""Addresses that nothing is sent to any more, because a mail of ours came back for good (product 7.6).

Only our own Message-ID together with the address it went to is proof (C12). A press lifts it, and so
does a mail from that address: whoever just wrote to us gets an answer.
"""

import re
from collections.abc import Iterable

from firstline.base import emails
from firstline.base.db import atomic
from firstline.events import log
from firstline.mail.checks import CHECK
from firstline.mail.mime.bounces import Bounce
from firstline.mail.models import OutgoingMail, Suppression
from firstline.mail.reasons import UNDELIVERABLE
from firstline.people import customers
from firstline.people.access import Actor, NotFound
from firstline.people.models import Person
from firstline.people.roles import Permission

# Codes and words of RFC 3463 that a mailbox may be rid of tomorrow.
PASSING = re.compile(r"\b5\.(?:2\.[234]|3|4|5|6|7)\b|full|quota|spam|polic|size", re.IGNORECASE)


def prove(mail: OutgoingMail, bounce: Bounce) -> None:
    """Send nothing more to the address of this mail, if its bounce names that address for good.

    A full mailbox and a text that somebody did not like say nothing about the next mail.
    """
    named = {emails.normal(one) for one in bounce.recipients}
    if not bounce.permanent or emails.normal(mail.recipient) not in named or mail.kind == CHECK:
        return
    if PASSING.search(bounce.diagnostic):
        return
    reason = bounce.diagnostic[:1000] or UNDELIVERABLE
    if of(mail.recipient) is None:
        address = mail.recipient.lower()
        Suppression.objects.get_or_create(address=address, defaults={"reason": reason})


def of(address: str) -> Suppression | None:
    """Why nothing is sent there; None where it is."""
    return Suppression.objects.filter(address__in=emails.spellings(address)).first()


def heard_from(address: str) -> None:
    """Somebody wrote from there, so mail arrives there again."""
    Suppression.objects.filter(address__in=emails.spellings(address)).delete()


def at(addresses: Iterable[str]) -> dict[str, Suppression]:
    """Those of these addresses that nothing is sent to, in one query."""
    asked = list(addresses)
    names = [spelling for one in asked for spelling in emails.spellings(one)]
    rows = Suppression.objects.filter(address__in=names)
    found = {emails.normal(row.address): row for row in rows}
    return {one: found[emails.normal(one)] for one in asked if emails.normal(one) in found}


def lift(actor: Actor, pk: int, *, via: str) -> str:
    """Send to the address again; which one it is. A partner's staff may for the partner's customers.

    Raises Forbidden, NotFound.
    """
    actor.demand(Permission.TICKET_REPLY)
    if not actor.is_staff:
        raise NotFound(str(pk))
    with atomic():
        row = Suppression.objects.filter(pk=pk).first()
        partner = customers.partner_of(actor)
        theirs = Person.objects.filter(customer__company__partner=partner)
        if row is None or (
            partner and not theirs.filter(email__in=emails.spellings(row.address)).exists()
        ):
            raise NotFound(str(pk))
        row.delete()
        log.record(
            "mail.released",
            subject_kind="suppression",
            subject_id=pk,
            **actor.signature,
            via=via,
            data={"address": row.address, "reason": row.reason[:300]},
        )
    return row.address
