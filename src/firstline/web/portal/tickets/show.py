"""One ticket as its customer sees it (product 6.3)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.people.roles import Permission
from firstline.tickets import access, history, workflow
from firstline.web.ui import once
from firstline.web.ui.saying import Problem
from firstline.web.ui.views import PortalPage

OVER = {"resolved", "closed"}


class TicketPage(PortalPage):
    """What every answer about a ticket has in common: the ticket as it is now."""

    def show(
        self, number: str, problems: Sequence[Problem] = (), *, status: int = 200
    ) -> HttpResponse:
        """The ticket's page; with `problems` the form holds what was typed."""
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        phases = {move.phase for move in workflow.allowed_moves(ticket)}
        is_over = ticket.phase in OVER
        context: dict[str, Any] = {
            "ticket": ticket,
            "entries": history.timeline(self.actor, ticket),
            "is_over": is_over,
            "may_close": bool(phases & ({"closed"} if is_over else OVER)),
            "may_reopen": is_over and "open" in phases,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "typed": self.request.POST.get("text", ""),
            "submission": once.fresh_key(),
        }
        return self.answer("portal/tickets/show.html", context, status=status)


class Show(TicketPage):
    """GET: one ticket."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.show(number)
