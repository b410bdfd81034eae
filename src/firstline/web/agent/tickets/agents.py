"""Agents of a ticket: several may be on it, and any of them answers (cap 153, 154)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, workers
from firstline.tickets.actions.add_agents import add_agents, agents_of, remove_agents
from firstline.tickets.actions.claim import Closed
from firstline.web.agent.tickets.acts import Act
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui.words import closed_ticket


class Agents(Act):
    """GET: who could be added. POST: add all that are ticked (`agent`)."""

    act = "agents"
    need = Permission.TICKET_ASSIGN
    first = "agents"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        there = {one.pk for one in agents_of(ticket)}
        ticked = self.request.POST.getlist("agent")
        able = workers.choice_for(self.actor, ticket).staff
        return {"staff": [(one, str(one.pk) in ticked) for one in able if one.pk not in there]}

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        choice = workers.choice_for(self.actor, ticket)
        found = [choice.member(pk) for pk in self.request.POST.getlist("agent")]
        if None in found:
            raise ValidationError({"agents": _("Somebody chosen can't answer this ticket now.")})
        return add_agents(self.actor, ticket, [one for one in found if one], via="web")

    def said(self, ticket: Any) -> str:
        return _("Added. Each of them can answer this ticket.")


class Remove(TicketPage):
    """POST: take the `agent` off the ticket."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_ASSIGN)
        pk = read_id(request.POST.get("agent"))
        if pk is None:
            raise NotFound(number)
        try:
            remove_agents(self.actor, ticket, [pk], via="web")
        except Closed:
            return self.show(number, status=409, extra={"refused": closed_ticket()})
        done = _("Taken off the ticket.")
        if self.is_htmx:
            return self.show(number, extra={"done": done})
        messages.success(request, done)
        return redirect("agent:ticket", number)
