"""Bounces: proof that a mail of ours did not arrive, shown at the message it belongs to."""

from firstline.events import log
from firstline.files import store
from firstline.mail import reasons, suppressions
from firstline.mail.inbound.known import by_header_id
from firstline.mail.inbound.placed import Placed
from firstline.mail.mime.bounces import is_null_sender
from firstline.mail.mime.loops import Bounce, Nature, nature, read_bounce
from firstline.mail.mime.parse import Mail
from firstline.mail.models import Outcome, OutgoingMail, RawMail
from firstline.tickets.change import SUBJECT


def nature_of(row: RawMail, mail: Mail) -> Nature:
    """Who sent the mail. One from the null sender that returns a mail of ours, header included, is a
    bounce in whatever language it says so."""
    found = nature(mail, row.envelope_sender)
    if found != Nature.AUTO_REPLY or not is_null_sender(mail, row.envelope_sender):
        return found
    bounce = read_bounce(store.read(row.sha256), mail, row.envelope_sender)
    is_ours = bounce is not None and by_header_id(bounce.original_message_id) is not None
    return Nature.BOUNCE if is_ours else found


def link(row: RawMail, mail: Mail, placed: Placed) -> Placed:
    """Tie a bounce to the mail that caused it. Only our own Message-ID is proof (C12)."""
    bounce = read_bounce(store.read(row.sha256), mail, row.envelope_sender)
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
