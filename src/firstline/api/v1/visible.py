"""The answer of a POST after which its caller may not see the ticket: no more than a GET would show."""

from typing import TYPE_CHECKING

from firstline.api.v1.once import Made
from firstline.api.v1.shapes import Opened, address_of, ticket_of
from firstline.people.access import Actor
from firstline.tickets import access, filters

if TYPE_CHECKING:
    from firstline.tickets import models


def made(actor: Actor, ticket: "models.Ticket") -> Made:
    """The ticket and its address; its number alone for a caller to whom a GET would answer 404."""
    if not access.visible_to(actor).filter(pk=ticket.pk).exists():
        return Made(Opened(number=ticket.number), "")
    filters.fill([ticket])
    return Made(ticket_of(ticket, actor), address_of(ticket.number))
