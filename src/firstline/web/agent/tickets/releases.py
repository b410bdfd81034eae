"""Releases: a mail that was held is shown to the customer (C1)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.release import release
from firstline.web.agent.tickets.show import TicketPage


class Releases(TicketPage):
    """POST: show the mail to the customer."""

    def post(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        release(self.actor, ticket, pk, via="web")
        messages.success(request, _("The customer sees this mail now."))
        return redirect("agent:ticket", number)
