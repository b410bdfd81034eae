"""Escalations: to another level, agent or team (cap 63-64, 76, 89)."""

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Ticket, address_of, ticket_of
from firstline.people.roles import Permission
from firstline.tickets import access, filters, workers
from firstline.tickets.actions.escalate import escalate

if TYPE_CHECKING:
    from collections.abc import Callable

router = Router(tags=["verbs"])


class NewEscalation(Strict):
    """Where to: at least one of level, responsible and team, and another than now."""

    level: Text | None = Field(None, description="Key of a support line.")
    responsible: Text | None = Field(None, description="Mail address or id of an agent.")
    team: Text | None = Field(None, description="Id, or the name in any language.")
    reason: Text = Field("", description="Why; for staff of your line only.")


@post(router, "/tickets/{number}/escalations", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewEscalation, Sent(...)]) -> Made:
    """Escalate the ticket to a level, an agent or a team.

    Only agents who see the ticket, and their teams, can be named. Where no agent is named, the
    ticket is nobody's; the status stays.
    """
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_ESCALATE)
    choice = workers.choice_for(actor, ticket)
    moved = escalate(
        actor,
        ticket,
        level=_found("level", choice.level, body.level),
        responsible=_found("responsible", choice.member, body.responsible),
        team=_found("team", choice.team, body.team),
        reason=body.reason,
        via="api",
    )
    filters.fill([moved])
    return Made(ticket_of(moved, actor), address_of(moved.number))


def _found(field: str, find: "Callable[[str], Any]", wanted: str | None) -> Any:
    if wanted is None:
        return None
    row = find(wanted)
    if row is None:
        raise invalid(field, _("It is not there, or it can't be chosen for this ticket."))
    return row
