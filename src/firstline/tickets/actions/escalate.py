"""Escalate: hand a ticket to another level, agent or team (cap 63-64, 76, 89)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.models import Staff, Team
from firstline.people.roles import Permission
from firstline.tickets import change, workers
from firstline.tickets.access import partner_of
from firstline.tickets.actions.claim import Closed
from firstline.tickets.models import Level, Ticket
from firstline.tickets.models.workflow import Phase, Trigger

LONGEST = 5_000


def escalate(
    actor: Actor,
    ticket: Ticket,
    level: Level | None = None,
    responsible: Staff | None = None,
    team: Team | None = None,
    reason: str = "",
    *,
    via: str,
) -> Ticket:
    """Put the ticket on a level, an agent, a team: at least one of them, and another than now.

    Whom nobody named is responsible no longer, so that the new people find it as nobody's. The
    status stays, but that a new ticket with an agent is open (product 3.9). `reason` is for staff
    of the actor's line alone. Raises NotFound, Forbidden, Closed, ValidationError.
    """
    reason = reason.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(reason) > LONGEST:
        most = _("The reason is too long: at most %(number)s characters.") % {"number": LONGEST}
        raise ValidationError({"reason": most})
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_ESCALATE)
        if ticket.phase == Phase.CLOSED:
            raise Closed
        _check(actor, ticket, level, responsible, team)
        before = (ticket.level, ticket.responsible, ticket.team)
        if level is None or level == ticket.level:
            team = team or (ticket.team if responsible else None)
        after = (level or ticket.level, responsible, team)
        if before == after:
            problem = _("The ticket is there already. Choose another level, agent or team.")
            raise ValidationError({"level": problem})
        ticket.level, ticket.responsible, ticket.team = after
        data = _told(before, after) | {"line": partner_of(actor) or 0}
        if reason:
            data["reason"] = reason
        change.record(actor, ticket, "ticket.escalated", via, **data)
        if responsible is not None:
            ticket.agents.add(responsible)
            change.pull(actor, ticket, Trigger.AGENT_ADDED, via)
        change.save(ticket)
    return ticket


def _check(
    actor: Actor,
    ticket: Ticket,
    level: Level | None,
    responsible: Staff | None,
    team: Team | None,
) -> None:
    """Refuse what leads nowhere, and people who don't see the ticket. Raises ValidationError."""
    if level in {None, ticket.level} and responsible is None and team is None:
        problem = _("Choose a support level, a new responsible agent or a team: at least one.")
        raise ValidationError({"level": problem})
    if level is not None and not level.is_active:
        raise ValidationError({"level": _("This level is no longer in use.")})
    able = workers.workers_for(actor, ticket)
    if responsible is not None and not able.filter(pk=responsible.pk).exists():
        problem = _("This agent does not see the ticket. Choose another one.")
        raise ValidationError({"responsible": problem})
    if team is not None and not able.filter(teams=team.pk).exists():
        problem = _("Nobody of this team sees the ticket. Choose another one.")
        raise ValidationError({"team": problem})


Place = tuple[Level, Staff | None, Team | None]


def _told(before: Place, after: Place) -> dict[str, Any]:
    """What the event says: names for people to read, ids for those who are told by mail."""
    said: dict[str, Any] = {}
    for name, old, new in zip(("level", "responsible", "team"), before, after, strict=True):
        if old != new:
            said |= {f"{name}_from": _name(old), f"{name}_to": _name(new)}
    _level, responsible, team = after
    if responsible is not None and responsible != before[1]:
        said["to"] = responsible.pk
    if team is not None and team != before[2]:
        said["team"] = team.pk
    return said


def _name(place: Level | Staff | Team | None) -> dict[str, str] | str:
    if isinstance(place, Staff):
        return place.person.display_name
    return place.names if place is not None else ""
