"""The letter of a forwarding check: a plain one, as a customer's would be, to an address of our own.

It is a reaction (wiring/reactions.py). Nothing suppresses or limits it: somebody waits for it.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from firstline.base.html import link
from firstline.base.languages import known
from firstline.mail import addresses, checks, domains
from firstline.mail.models import BoxCheck, OutgoingMail
from firstline.mail.outbound.send import send

if TYPE_CHECKING:
    from firstline.events.models import Event


def write(event: "Event") -> None:
    """Reaction to `box.checked`: put the letter into the outbox, in the language of who asked."""
    check = BoxCheck.objects.select_related("box__department", "department")
    check = check.filter(pk=event.data["check"])
    found = check.first()
    if found is None:  # its box was removed meanwhile
        return
    with translation.override(known(event.actor.language if event.actor else "")):
        told = _("This letter checks whether mail is forwarded. Nobody needs to answer it.")
    words = "\n".join(checks.WORDS.values())
    text = "\n\n".join([told, f"FL-{found.code}", words, checks.link_of(found.code)])
    desk = str(settings.DESK_NAME)
    row, is_new = OutgoingMail.objects.get_or_create(
        event=event,
        recipient=_recipient(found),
        defaults={
            "kind": checks.CHECK,
            "sender": settings.DEFAULT_FROM_EMAIL,
            "sender_name": desk,
            # Bounces come to the department, where they are tied to this letter.
            "reply_to": addresses.own_of(found.target),
            "header_id": checks.header_id(found.code),
            "subject": checks.subject_of(found.code),
            "text": text,
            "html": render_to_string("mail/account.html", {"body": link(text), "desk": desk}),
        },
    )
    if is_new:
        send.later(row.pk)


def _recipient(check: BoxCheck) -> str:
    """The address that is checked; of a system address with a token, as answers to our mails have it."""
    if check.box or not domains.is_received(check.address):
        return check.address
    return addresses.with_token(check.target, check.code.ljust(addresses.TOKEN_LENGTH, "0"))
