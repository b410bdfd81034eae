"""Say whether the answer helped (product 6.3)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import Actor, Forbidden
from firstline.people.roles import Permission
from firstline.tickets import access, change
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Rating, Ticket
from firstline.tickets.models.message import Kind


def rate(actor: Actor, ticket: Ticket, helped: bool, draft: Draft, *, via: str) -> Rating:
    """Rate the help on a ticket that was answered, or change one's mind; the same again changes nothing.

    What `draft` says goes to the support team as the customer's message. It asks for nothing, so the
    ticket stays as it is: neither reopened nor waiting for us. An empty draft is no message.
    Raises NotFound, Forbidden, ValidationError.
    """
    says_something = bool(draft.text.strip() or draft.files)
    if says_something:
        draft.check()
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_RATE)
        if not access.may_rate(actor, ticket) or actor.person is None:
            raise Forbidden(Permission.TICKET_RATE)
        if not access.is_answered(ticket):
            raise ValidationError({"helped": _("There is no answer to rate yet.")})
        before = Rating.objects.filter(ticket=ticket).first()
        if before and before.helped == helped and not says_something:
            return before
        now = clock.now()
        rating, _is_new = Rating.objects.update_or_create(
            ticket=ticket, defaults={"person": actor.person, "helped": helped, "at": now}
        )
        data: dict[str, object] = {"helped": helped}
        if says_something:
            data["message"] = _say(actor, ticket, draft, via, now).pk
        change.record(actor, ticket, "ticket.rated", via, **data)
        change.save(ticket, now)
    return rating


def _say(actor: Actor, ticket: Ticket, draft: Draft, via: str, now: datetime) -> Message:
    ticket.last_customer_message_at = now
    return write(ticket, actor.person, draft, kind=Kind.IN, channel=via, at=now)
