"""Who could work on a ticket: the agents and teams that it may be given to (product 3.8)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from firstline.people.access import Actor
from firstline.people.models import Staff, Team
from firstline.people.roles import LEVELS, Permission
from firstline.tickets.access import partner_of
from firstline.tickets.models import Level, Ticket
from firstline.tickets.models.ticket import Custody

WORKING = [level for level, may in LEVELS.items() if Permission.TICKET_CLAIM in may]
EVERYWHERE = [level for level in WORKING if Permission.ALL_DEPARTMENTS in LEVELS[level]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a ticket can be escalated to."""

    levels: list[Level]
    staff: list[Staff]
    teams: list[Team]

    def level(self, key: str | None) -> Level | None:
        """The level with this key."""
        return next((one for one in self.levels if one.key == key), None)

    def member(self, wanted: str | None) -> Staff | None:
        """The agent with this id or mail address."""
        word = (wanted or "").strip().lower()
        return next((one for one in self.staff if word in {str(one.pk), one.person.email}), None)

    def team(self, wanted: str | None) -> Team | None:
        """The one team with this id, or this name in any language."""
        word = (wanted or "").strip().lower()
        by_id = [one for one in self.teams if str(one.pk) == word]
        named = [one for one in self.teams if word in {name.lower() for name in one.names.values()}]
        found = by_id or named
        return found[0] if len(found) == 1 else None


def at_work() -> QuerySet[Staff]:
    """Whoever may be given tickets: neither the deactivated nor those who are only invited."""
    return Staff.objects.filter(level__in=WORKING, person__is_active=True, joined_at__isnull=False)


def workers_for(actor: Actor, ticket: Ticket) -> QuerySet[Staff]:
    """The agents who see the ticket and may work on it, of those whom the actor may give it to.

    Whoever works for a partner gives it to nobody outside their own line (product 2.3).
    """
    departments = Q(level__in=EVERYWHERE) | Q(departments=ticket.department_id)
    ours = Q(partner=None) & departments
    theirs = Q(partner__isnull=False, partner=ticket.partner_id)
    if ticket.custody == Custody.PARTNER or partner_of(actor) is not None:
        fits = theirs
    elif ticket.partner and not ticket.partner.own_first_line:
        fits = ours | theirs
    else:
        fits = ours
    found = at_work().filter(fits)
    return found.select_related("person").distinct()


def choice_for(actor: Actor, ticket: Ticket) -> Choice:
    """All that the actor can choose from; three queries."""
    staff = workers_for(actor, ticket)
    teams = Team.objects.filter(members__in=staff.values("pk")).distinct()
    return Choice(
        list(Level.objects.filter(is_active=True)),
        sorted(staff, key=lambda one: (one.person.display_name.casefold(), one.pk)),
        sorted(teams, key=lambda one: (one.label.casefold(), one.pk)),
    )
