"""Change whose ticket it is."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.models import Company, Person
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.models import Ticket


def change_requester(actor: Actor, ticket: Ticket, person: Person, *, via: str) -> Ticket:
    """Make this person the ticket's contact: they get the answers from now on, and see the ticket.

    Its company becomes theirs. Raises NotFound, Forbidden; ValidationError where the ticket would come
    into other hands by it.
    """
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_REPLY)
        actor.demand(Permission.TICKET_OPEN_FOR_OTHERS)
        before = ticket.requester
        if before == person:
            return ticket
        company = _company_of(person)
        if (company.partner_id if company else None) != ticket.partner_id:
            raise ValidationError(_("Another partner's line works for this person's company."))
        ticket.requester, ticket.company = person, company
        names = [before.display_name if before else "", person.display_name]
        change.record(
            actor, ticket, "ticket.requester_changed", via, **{"from": names[0], "to": names[1]}
        )
        change.save(ticket)
    return ticket


def _company_of(person: Person) -> Company | None:
    customer = getattr(person, "customer", None)
    return customer.company if customer else None
