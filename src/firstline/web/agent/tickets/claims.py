"""Claims: “I will answer” (product 3.6)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.claim import Closed, TakenBy, claim
from firstline.web.agent.tickets.show import TicketPage


class Create(TicketPage):
    """POST: make the agent responsible; `take_over` takes the ticket from a colleague."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        try:
            claim(self.actor, ticket, via="web", take_over=bool(request.POST.get("take_over")))
        except TakenBy as taken:
            return self.show(number, status=409, extra={"taken_by": taken.person})
        except Closed:
            return self.show(number, status=409, extra={"refused": _("The ticket is closed.")})
        if self.is_htmx:
            return self.show(number)
        messages.success(request, _("You took the ticket."))
        return redirect("agent:ticket", number)
