"""Letters of alerts: to the people of a project, again when nobody acknowledged it in time, and then
also to the agent who sent it (product 5.4, 11.9). They are reactions (wiring/reactions.py).
"""

from firstline.events.models import Event
from firstline.mail import addresses
from firstline.mail.outbound import words
from firstline.mail.outbound.letters import message_of, ticket_of, write
from firstline.mail.outbound.readers import readers_of
from firstline.mail.receipts import ALERTED, REMINDED
from firstline.people.models import Person
from firstline.tickets.models import AlertReceipt, Message, Ticket
from firstline.tickets.models.message import Kind

OVERDUE = "overdue"


def alerted(event: Event) -> None:
    """Tell the people of a project what we have to say to them (cap 93-100)."""
    ticket = ticket_of(event)
    message = message_of(ticket, event)
    for reader in readers_of(ticket):
        if reader.wants_alerts:
            letter = words.alerted(ticket, reader, message)
            write(event, ticket, reader, letter, kind=ALERTED, message=message)


def overdue(event: Event) -> None:
    """Write to them again, and to who sent it; not if somebody acknowledged it meanwhile."""
    ticket = ticket_of(event)
    if ticket.alert.acknowledged_at is not None:
        return
    message = _first(ticket)
    read = AlertReceipt.objects.filter(alert=ticket.pk, acknowledged_at__isnull=False)
    done = set(read.values_list("person", flat=True))
    for reader in readers_of(ticket):
        if reader.wants_alerts and reader.pk not in done:
            letter = words.reminded(ticket, reader, message)
            write(event, ticket, reader, letter, kind=REMINDED, is_automatic=True)
    agent = _agent(ticket)
    if agent is not None:
        letter = words.overdue(ticket, agent)
        write(event, ticket, agent, letter, kind=OVERDUE, is_automatic=True)


def _first(ticket: Ticket) -> Message:
    """What the alert said."""
    said = ticket.messages.select_related("author").filter(kind=Kind.OUT).order_by("pk").first()
    if said is None:
        raise Message.DoesNotExist(ticket.number)
    return said


def _agent(ticket: Ticket) -> Person | None:
    """Who is to call: who sent it, or who answers the ticket by now if that one is gone."""
    responsible = ticket.responsible.person if ticket.responsible else None
    for one in (ticket.opened_by, responsible):
        if one is not None and one.is_active and one.level and not addresses.is_ours(one.email):
            return one
    return None
