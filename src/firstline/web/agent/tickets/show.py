"""One ticket beside the desk's list, or alone as the fragment that htmx asks for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstline.mail.deliveries import deliveries_of
from firstline.people.roles import Permission
from firstline.tickets import access, details, history, workflow
from firstline.web.agent.desk import DeskPage
from firstline.web.ui import once


class TicketPage(DeskPage):
    """What every answer about a ticket has in common: the ticket as it is now, in its pane."""

    def show(
        self, number: str, *, status: int = 200, extra: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The ticket's pane for htmx, the whole desk with it otherwise."""
        context = self.ticket_context(number) | (extra or {})
        if self.is_htmx:
            # a form is answered in place: the address stays the ticket's, so that a reload works
            place = {"HX-Replace-Url": reverse("agent:ticket", args=[number])}
            headers = place if self.request.method == "POST" else {}
            return self.answer("agent/tickets/ticket.html", context, status=status, headers=headers)
        context |= self.list_context()
        return self.answer("agent/desk/desk.html", context, status=status)

    def ticket_context(self, number: str) -> dict[str, Any]:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        entries = history.timeline(self.actor, ticket)
        messages = [entry.message for entry in entries if entry.message]
        sent = [message.pk for message in messages if message.direction == "out"]
        return {
            "ticket": ticket,
            "entries": entries,
            "details": details.lines(ticket),
            "deliveries": deliveries_of(sent),
            "moves": workflow.allowed_moves(ticket),
            "last_message": messages[-1].pk if messages else None,
            "follows_number": ticket.follows.number if ticket.follows else "",
            "submission": once.fresh_key(),
            "mode": "reply",
        }


class Show(TicketPage):
    """GET: one ticket."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.remember(self.show(number))
