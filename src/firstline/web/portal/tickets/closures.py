"""Closing by the customer (product 6.3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access, workflow
from firstline.tickets.actions.move import close
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.web.portal.tickets.saying import Say, says_something


class Create(Say):
    """POST: close the ticket; what was typed beside the button is sent first.

    Where that closes it for good it is asked about before; `confirmed` is the answer.
    """

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        ends = {move.phase for move in workflow.allowed_moves(ticket)}
        if "closed" in ends and not request.POST.get("confirmed"):
            return self.show(number, status=409, asks_close=True)
        return super().post(request, number)

    def carry_out(self, ticket: Any, draft: Draft) -> Any:
        was_resolved = ticket.phase == "resolved"
        if says_something(draft):
            ticket = reply(self.actor, ticket, draft, via="portal").ticket
        ticket = close(self.actor, ticket, via="portal")
        if was_resolved and ticket.phase == "resolved":  # what was typed had reopened it
            ticket = close(self.actor, ticket, via="portal")
        return ticket

    def said(self, ticket: Any) -> str:
        return _("The ticket is now: %(status)s.") % {"status": ticket.status.customer_label}
