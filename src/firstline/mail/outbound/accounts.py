"""Letters about the account itself: they belong to a person, not to a ticket."""

from django.conf import settings
from django.template.loader import render_to_string

from firstline.base.db import atomic
from firstline.base.html import link
from firstline.events import log
from firstline.mail.mime.compose import new_message_id
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound.send import send
from firstline.people.models import Person


def letter(email: str, subject: str, text: str) -> None:
    """Put a letter of the sign-in into the outbox; the event that caused it names no secret."""
    person = Person.objects.filter(email=email.lower()).first()
    with atomic():
        event = log.record(
            "person.written_to",
            subject_kind="person",
            subject_id=person.pk if person else 0,
            actor_id=None,
            via="web",
            data={"subject": subject},
        )
        row = OutgoingMail.objects.create(
            event=event,
            kind="account",
            recipient=email,
            recipient_name=person.name if person else "",
            sender=settings.DEFAULT_FROM_EMAIL,
            sender_name=settings.DESK_NAME,
            reply_to=settings.DEFAULT_FROM_EMAIL,
            header_id=new_message_id(settings.MAIL_DOMAIN),
            subject=subject,
            text=text,
            html=render_to_string(
                "mail/account.html", {"body": link(text), "desk": settings.DESK_NAME}
            ),
            is_automatic=True,
        )
        send.later(row.pk)
