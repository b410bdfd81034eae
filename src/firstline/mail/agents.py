"""The addresses at which agents answer to what the desk told them of a ticket (product 7.5)."""

from collections.abc import Iterable

from firstline.mail import addresses
from firstline.mail.models import AgentAddress
from firstline.people.access import Actor, actor_of
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets.access import is_custodian, visible_to
from firstline.tickets.models import Ticket


def address_for(person: Person, ticket: Ticket) -> str:
    """Where answers of this agent go; "" where they may not answer the ticket."""
    if not may_answer(actor_of(person), ticket):
        return ""
    row, _is_new = AgentAddress.objects.get_or_create(person=person, ticket=ticket)
    return addresses.with_token(ticket.department, row.token)


def named(tokens: Iterable[str]) -> AgentAddress | None:
    """The first of these tokens that is an agent's."""
    wanted = list(tokens)
    if not wanted:
        return None
    found = AgentAddress.objects.select_related("person__staff", "ticket")
    return found.filter(token__in=wanted).order_by("-pk").first()


def may_answer(actor: Actor, ticket: Ticket) -> bool:
    """Whether this is, now, somebody who works here, sees the ticket and answers customers."""
    if not actor.is_staff or not actor.may(Permission.TICKET_REPLY):
        return False
    return is_custodian(actor, ticket) and visible_to(actor).filter(pk=ticket.pk).exists()
