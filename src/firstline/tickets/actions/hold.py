"""Keep a message from somebody who does not belong to the ticket (C1, C2, C6)."""

from firstline.base.db import atomic
from firstline.people.access import SYSTEM
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.family import end_of
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility


def hold(ticket: Ticket, sender: Person | None, draft: Draft, *, via: str) -> Message:
    """Add the message for staff to see, marked as from an unknown sender; nothing else changes.

    It found the ticket by its reply address, so it is shown there; but neither the customer sees it
    nor does its sender get anything.
    """
    with atomic():
        ticket = change.begin(SYSTEM, end_of(ticket), Permission.TICKET_NOTE)
        message = write(
            ticket,
            sender,
            draft,
            kind=Kind.IN,
            channel=via,
            visibility=Visibility.INTERNAL,
            is_foreign=True,
        )
        change.record(SYSTEM, ticket, "ticket.held", via, message=message.pk)
        change.save(ticket)
    return message
