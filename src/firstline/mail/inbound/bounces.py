"""Bounces: proof that a mail of ours did not arrive, shown at the message it belongs to."""

from firstline.events import log
from firstline.files import store
from firstline.mail import reasons, suppressions
from firstline.mail.inbound.known import by_header_id
from firstline.mail.inbound.placed import Placed
from firstline.mail.mime.loops import Bounce, read_bounce
from firstline.mail.mime.parse import Mail
from firstline.mail.models import Outcome, OutgoingMail, RawMail
from firstline.tickets.change import SUBJECT


def link(row: RawMail, mail: Mail, placed: Placed) -> Placed:
    """Tie a bounce to the mail that caused it. Only our own Message-ID is proof (C12)."""
    bounce = read_bounce(store.read(row.sha256), mail)
    ours = None
    if bounce and bounce.original_message_id:
        ours = by_header_id(bounce.original_message_id)
    if bounce is None or ours is None:
        placed.note("bounce-of-nothing-ours")
        return placed
    _mark(ours, bounce)
    placed.note("bounce-of", ours.recipient)
    placed.outcome, placed.ticket, placed.message = Outcome.BOUNCE, ours.ticket, ours.message
    return placed


def _mark(mail: OutgoingMail, bounce: Bounce) -> None:
    if not bounce.permanent:
        return
    reason = bounce.diagnostic or reasons.UNDELIVERABLE
    suppressions.prove(mail, bounce)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=OutgoingMail.State.PARKED, problem=reason[:1000]
    )
    if mail.ticket_id is None:
        return
    log.record(
        "mail.bounced",
        subject_kind=SUBJECT,
        subject_id=mail.ticket_id,
        actor_id=None,
        via="mail",
        data={"address": mail.recipient, "reason": reasons.said(reason)[:300], "mail": mail.pk},
    )
