"""Carry letters away: by SMTP with retry and back-off, or into files where no server is set."""

import smtplib
from pathlib import Path

import structlog
from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from firstline.base.jobs import job
from firstline.files import store
from firstline.mail.mime.compose import Letter, compose
from firstline.mail.mime.parse import Address
from firstline.mail.mime.parse import Attachment as Part
from firstline.mail.models import OutgoingMail
from firstline.tickets.models import Attachment

log = structlog.get_logger(__name__)
ACCOUNT = "account"  # letters that let people in: what they said is forgotten once they are sent


class Refused(Exception):
    """The server says no and will say no again."""


@job
def send(mail_id: int) -> None:
    """Send one letter. It may run twice at the worst moment: then the copy has the same Message-ID."""
    mail = OutgoingMail.claim(mail_id)
    if mail is None:
        return
    try:
        _deliver(mail, compose(_letter(mail)))
    except Refused as problem:
        mail.park(str(problem))
    except (OSError, smtplib.SMTPException) as problem:
        log.warning("mail not sent, will be tried again", mail=mail.pk, problem=str(problem))
        mail.retry(_readable(problem))
    except Exception as problem:
        log.exception("mail not sent", mail=mail.pk)
        mail.retry(repr(problem))
    else:
        secret = {"text": "", "html": ""} if mail.kind == ACCOUNT else {}
        mail.finish(sent_at=timezone.now(), **secret)


def sweep() -> int:
    """Send what a crash or a lost job left behind, and what is due for another try."""
    return OutgoingMail.sweep(send)


def _letter(mail: OutgoingMail) -> Letter:
    return Letter(
        sender=Address(mail.sender_name, mail.sender),
        recipients=(Address(mail.recipient_name, mail.recipient),),
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


def _files(mail: OutgoingMail) -> list[Part]:
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


def _deliver(mail: OutgoingMail, raw: bytes) -> None:
    """Hand the bytes over. Bounces come to the reply address, so they find their ticket."""
    if settings.OUTGOING_MAIL is None:
        _keep(mail, raw)
        return
    backend = EmailBackend(**settings.OUTGOING_MAIL, timeout=30)
    backend.open()
    try:
        if backend.connection is None:
            raise OSError("no connection")
        backend.connection.sendmail(mail.reply_to, [mail.recipient], raw)
    except smtplib.SMTPRecipientsRefused as problem:
        code, answer = next(iter(problem.recipients.values()))
        if code >= 500:
            raise Refused(f"{code} {_text(answer)}") from problem
        raise
    except smtplib.SMTPResponseException as problem:
        if 500 <= problem.smtp_code < 600 and not isinstance(
            problem, smtplib.SMTPAuthenticationError
        ):
            raise Refused(f"{problem.smtp_code} {_text(problem.smtp_error)}") from problem
        raise
    finally:
        backend.close()


def _keep(mail: OutgoingMail, raw: bytes) -> None:
    folder = Path(settings.DATA) / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mail.pk:08d}.eml").write_bytes(raw)


def _readable(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(problem.recipients.values()))
        return f"{code} {_text(answer)}"
    return str(problem) or type(problem).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
