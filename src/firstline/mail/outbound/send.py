"""Carry letters away: by SMTP with retry and back-off, or into files where no server is set."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from firstline.base.jobs import job
from firstline.files import store
from firstline.mail import checks, suppressions
from firstline.mail.mime.compose import Letter, compose, needs_utf8
from firstline.mail.mime.parse import Address
from firstline.mail.mime.parse import Attachment as Part
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import breaks, carriers, pace, signing
from firstline.mail.outbound.carriers import Carrier, Down, Refused, Unheard, Unreachable
from firstline.mail.reasons import BAD_ADDRESS, INTERNAL, SUPPRESSED
from firstline.tickets.models import Attachment

log = structlog.get_logger(__name__)
ACCOUNT = "account"  # letters that let people in: what they said is forgotten once they are sent
MOST_ERRORS = 8  # of our own, within ten minutes: what is to pass by itself has passed by then
MARGIN = 0.2  # seconds: a job that comes too early finds nothing due


@job
def send(mail_id: int) -> None:
    """Send one letter. It may run twice at the worst moment: then the copy has the same Message-ID."""
    mail = OutgoingMail.claim(mail_id)
    if mail is None:
        return
    try:
        rest = _go(mail)
    except Refused as problem:
        mail.park(str(problem))
    except Unreachable as problem:
        if isinstance(problem, Unheard):
            mail.leave_unheard()
        log.warning("mail not sent, will be tried again", mail=mail.pk, problem=str(problem))
        _try_later(mail, str(problem))
    except Exception:
        log.exception("mail not sent", mail=mail.pk)
        if mail.attempts >= MOST_ERRORS:
            mail.park(INTERNAL)
        else:
            _try_later(mail, INTERNAL)
    else:
        if rest is not None:
            mail.put_off(rest.wait, rest.problem)
            send.after(rest.wait.total_seconds() + MARGIN, mail.pk)
            return
        secret = {"text": "", "html": ""} if mail.kind == ACCOUNT else {}
        mail.finish(sent_at=timezone.now(), server=mail.server, **secret)
        following = pace.wake_next(mail)
        if following is not None:
            send.later(following)


def _try_later(mail: OutgoingMail, problem: str) -> None:
    """At the end of its pause, not when the sweeper next comes by: greylists count the seconds."""
    if mail.retry(problem) and mail.state == OutgoingMail.State.WAITING:
        send.after((mail.due_at - timezone.now()).total_seconds() + MARGIN, mail.pk)


def sweep() -> int:
    """Send what a crash or a lost job left behind, and what is due for another try."""
    return OutgoingMail.sweep(send)


def _letter(mail: OutgoingMail) -> Letter:
    return Letter(
        sender=Address(mail.sender_name, mail.sender),
        recipients=_named(mail, "to") or (Address(mail.recipient_name, mail.recipient),),
        cc=_named(mail, "cc"),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        message_id=mail.header_id,
        in_reply_to=mail.in_reply_to,
        references=tuple(mail.references),
        reply_to=mail.reply_to,
        date=mail.created_at,
        automatic=mail.is_automatic,
        attachments=tuple(_files(mail)),
    )


def _named(mail: OutgoingMail, field: str) -> tuple[Address, ...]:
    pairs = (mail.recipients or {}).get(field, ())
    return tuple(Address(name, address) for name, address in pairs)


def _files(mail: OutgoingMail) -> list[Part]:
    if mail.kind == checks.CHECK:
        return [checks.enclosure(mail)]
    if mail.message_id is None:
        return []
    attachments = Attachment.objects.select_related("file").filter(message=mail.message_id)
    return [
        Part(
            one.file.name,
            one.file.content_type,
            store.read(one.file.sha256),
            inline=False,
            content_id="",
        )
        for one in attachments
    ]


@dataclass(frozen=True, slots=True)
class Rest:
    """For how long a mail may not go yet, and what is in the way; "" for its turn."""

    wait: timedelta
    problem: str = ""


def _go(mail: OutgoingMail) -> Rest | None:
    """Hand the mail over, or say how it rests before it may go. Raises Refused, Unreachable.

    Bounces come to the reply address, so they find their ticket.
    """
    is_check = mail.kind == checks.CHECK  # somebody waits for it, whatever came back before
    row = None if is_check else suppressions.of(mail.recipient)
    if row is not None:
        raise Refused(f"{SUPPRESSED}: {row.reason}")
    carrier = carriers.carrier_of(mail)
    if carrier is None:
        _keep(mail, _composed(_letter(mail), utf8=True))
        return None
    rest = None if is_check else _rest(mail, carrier)
    if rest is None:
        letter = _letter(mail)
        raw = signing.signed(_composed(letter), mail.sender)
        utf8 = None
        if needs_utf8(letter):
            utf8 = signing.signed(_composed(letter, utf8=True), mail.sender)
        _hand_over(mail, carrier, raw, utf8)
        mail.server = carrier.name
    return rest


def _composed(letter: Letter, *, utf8: bool = False) -> bytes:
    """The letter's bytes. Raises Refused for an address that no mail can go to."""
    try:
        return compose(letter, utf8=utf8)
    except ValueError as problem:
        raise Refused(BAD_ADDRESS) from problem


def _rest(mail: OutgoingMail, carrier: Carrier) -> Rest | None:
    wait = pace.rest(mail, carrier.name)
    if wait is not None:
        return Rest(wait)
    resting = breaks.of(carrier)
    return Rest(resting.left, resting.problem) if resting else None


def _hand_over(mail: OutgoingMail, carrier: Carrier, raw: bytes, utf8: bytes | None) -> None:
    try:
        carriers.hand_over(carrier, mail.reply_to, mail.recipient, raw, utf8=utf8)
    except Down as problem:
        breaks.begin(carrier, str(problem))
        raise
    except (Refused, Unreachable):  # of this mail: the server itself answers
        breaks.end(carrier)
        raise
    breaks.end(carrier)


def _keep(mail: OutgoingMail, raw: bytes) -> None:
    folder = Path(settings.DATA) / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mail.pk:08d}.eml").write_bytes(raw)
