"""Take in the mail of somebody whom an agent let into the conversation by an open copy (C6, C7)."""

from firstline.base.db import atomic
from firstline.people.access import SYSTEM, as_customer
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets import access, change
from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.reply import customer_wrote, keep
from firstline.tickets.family import end_of
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket


def join_in(
    person: Person, ticket: Ticket, draft: Draft, *, via: str, automatic: bool = False
) -> Message:
    """Add their words to the ticket, shown as theirs; they see nothing of it on the portal.

    Who was not let in, or writes to a closed ticket, is held for staff to see: no follow-up opens in
    the name of somebody who does not see what it follows. `automatic`: kept, and moves nothing (C17).
    """
    with atomic():
        ticket = change.begin(SYSTEM, end_of(ticket), Permission.TICKET_REPLY)
        if ticket.is_closed or not access.is_copied(person, ticket):
            return hold(ticket, person, draft, via=via)
        write = keep if automatic else customer_wrote
        return write(as_customer(person), ticket, draft, via)
