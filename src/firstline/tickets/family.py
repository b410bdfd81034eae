"""Tickets that were merged into one another: where a conversation goes on, and what belongs to it."""

from firstline.tickets.models import Ticket

# A chain is followed to its end, in one query whatever its length; UNION ends any circle.
TREE = """
WITH RECURSIVE family(id) AS (
    SELECT id FROM tickets_ticket WHERE merged_into_id = %s
    UNION SELECT t.id FROM tickets_ticket t JOIN family f ON t.merged_into_id = f.id
) SELECT id FROM family
"""


def family(ticket: Ticket) -> list[int]:
    """The ids of the ticket and of all that were merged into it, straight or by another one.

    `access.get_for` tells with the ticket whether there are any: most tickets cost no query.
    """
    if not getattr(ticket, "took_in", True):
        return [ticket.pk]
    return [ticket.pk, *(one.pk for one in Ticket.objects.raw(TREE, [ticket.pk]))]


def end_of(ticket: Ticket) -> Ticket:
    """The ticket that this one goes on in: itself, unless it was merged into another."""
    seen = {ticket.pk}
    while ticket.merged_into_id and ticket.merged_into_id not in seen:
        ticket = Ticket.objects.get(pk=ticket.merged_into_id)
        seen.add(ticket.pk)
    return ticket
