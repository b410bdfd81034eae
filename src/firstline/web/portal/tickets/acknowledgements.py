"""Saying that one has read an alert (product 5.4, 11.9)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.acknowledge import acknowledge
from firstline.web.portal.tickets.show import TicketPage


class Create(TicketPage):
    """POST: acknowledge the alert; pressed again it changes nothing."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        acknowledge(self.actor, ticket, via="portal")
        messages.success(request, _("Thank you. The support team sees that you have read it."))
        return redirect("portal:ticket", number)
