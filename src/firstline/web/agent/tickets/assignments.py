"""Assignments: to a colleague, to a team, to nobody (product 3.1)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import workers
from firstline.tickets.actions.assign import assign
from firstline.web.agent.tickets.acts import Act


class Assignments(Act):
    """GET: who is to answer. POST: assign."""

    act = "assign"
    need = Permission.TICKET_ASSIGN
    fields = ("to",)
    first = "to"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        choice = workers.choice_for(self.actor, ticket)
        kind, _dash, pk = chosen["to"].partition("-")
        asked = {"staff": choice.member(pk), "team": choice.team(pk)}.get(kind)
        if chosen["to"]:
            is_team = kind == "team"
            return {
                "choice": choice,
                "to_staff": asked.pk if asked and not is_team else None,
                "to_team": asked.pk if asked and is_team else None,
            }
        team = None if ticket.responsible_id else ticket.team_id
        return {"choice": choice, "to_staff": ticket.responsible_id, "to_team": team}

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        kind, _dash, pk = chosen["to"].partition("-")
        choice = workers.choice_for(self.actor, ticket)
        to: Any = choice.member(pk) if kind == "staff" else choice.team(pk)
        if to is None and chosen["to"] != "nobody":
            raise ValidationError({"to": _("Choose who is to answer.")})
        return assign(self.actor, ticket, to, via="web")

    def said(self, ticket: Any) -> str:
        if ticket.responsible:
            name = ticket.responsible.person.display_name
            return _("%(name)s answers this ticket now.") % {"name": name}
        if ticket.team:
            return _("The team “%(team)s” has the ticket now.") % {"team": ticket.team.label}
        return _("Nobody has the ticket now.")
