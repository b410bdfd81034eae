"""Letters about the account itself: they belong to a person, not to a ticket.

They hold links and passwords that let people in, so their text is kept only until they are sent.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from firstline.base.db import atomic
from firstline.base.html import link
from firstline.events import log
from firstline.mail import addresses
from firstline.mail.mime.compose import new_message_id
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound.send import ACCOUNT, send
from firstline.mail.reasons import TOO_LATE
from firstline.people import portals
from firstline.people.models import Person, Portal

if TYPE_CHECKING:
    from firstline.events.models import Event

LETTERS_AN_HOUR = 5  # to one address from one kind of event: what strangers may cause (C13)
KEPT = timedelta(hours=24)


def write(
    event: "Event", template: str, email: str, portal: Portal, language: str, **context: Any
) -> None:
    """Put a letter into the outbox: the first line of its template is the subject.

    Links begin with the portal's own address, whatever a request claimed to be sent to (C35).
    """
    start = portals.address_of(portal)
    with translation.override(language):
        words = {"desk": portals.name_of(portal), "email": email, "start": start, **context}
        subject, _line, text = (
            render_to_string(f"account/email/{template}.txt", words).strip().partition("\n")
        )
        _put(event, email, subject.strip(), text.strip(), words["desk"])


def letter(email: str, subject: str, text: str) -> None:
    """Put a letter into the outbox that no event of ours has caused; the event of it names no secret."""
    person = Person.objects.at(email)
    with atomic():
        event = log.record(
            "person.written_to",
            subject_kind="person",
            subject_id=person.pk if person else 0,
            actor_id=None,
            via="web",
            data={"subject": subject},
        )
        _put(event, email, subject, text, str(settings.DESK_NAME))


def may_write(event: "Event", email: str) -> bool:
    """Whether one more letter may go there: never to ourselves, no second one for the same event,
    and no more than five an hour for events of this kind.
    """
    if email == settings.DEFAULT_FROM_EMAIL or addresses.is_ours(email):
        return False
    lately = OutgoingMail.objects.filter(
        recipient=email, created_at__gte=timezone.now() - timedelta(hours=1), kind=ACCOUNT
    )
    kinds = list(lately.values_list("event_id", "event__kind"))
    alike = [kind for _event, kind in kinds if kind == event.kind]
    return event.pk not in dict(kinds) and len(alike) < LETTERS_AN_HOUR


def forget() -> None:
    """Empty letters that could not be sent for a day: nobody needs the password in them any more.

    Run by the clock. Those that were sent are empty already.
    """
    unsent = OutgoingMail.objects.filter(
        state__in=(OutgoingMail.State.WAITING, OutgoingMail.State.PARKED),
        kind=ACCOUNT,
        created_at__lt=timezone.now() - KEPT,
        due_at__lt=timezone.now()
        + KEPT,  # all of them are: it leads SQLite to the index of the state
    )
    unsent.exclude(text="").update(
        text="", html="", state=OutgoingMail.State.PARKED, problem=TOO_LATE
    )


def _put(event: "Event", email: str, subject: str, text: str, desk: str) -> None:
    """One row of the outbox. The name of the reader is left out: a stranger may have typed it."""
    row, is_new = OutgoingMail.objects.get_or_create(
        event=event,
        recipient=email,
        defaults={
            "kind": ACCOUNT,
            "sender": settings.DEFAULT_FROM_EMAIL,
            "sender_name": desk,
            "reply_to": settings.DEFAULT_FROM_EMAIL,
            "header_id": new_message_id(settings.MAIL_DOMAIN),
            "subject": subject,
            "text": text,
            "html": render_to_string("mail/account.html", {"body": link(text), "desk": desk}),
            "is_automatic": True,
        },
    )
    if is_new:
        send.later(row.pk)
