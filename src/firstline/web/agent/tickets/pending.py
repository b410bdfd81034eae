"""What leaves in a few seconds: its author takes it back, or lets it go at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions import drafts, pending
from firstline.web.agent.tickets.show import TicketPage


class Withdraw(TicketPage):
    """POST: take it back; the text is a draft again, in the place where it was typed."""

    def post(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        try:
            row = pending.take_back(self.actor, ticket, pk)
        except pending.TooLate:
            return self.show(number, status=409, extra={"refused": _too_late()})
        done = _("Taken back: nothing was sent, and your text is in place.")
        if row.had_files:
            again = _("Files must be chosen again.")
            done = f"{done} {again}"
        place = drafts.PLACE_OF[row.verb]
        if self.is_htmx:
            return self.show(number, extra={"done": done, "opened": place})
        messages.success(request, done)
        address = reverse("agent:ticket", args=[number])
        return redirect(address if place == "composer" else f"{address}?window={place}")


class Depart(TicketPage):
    """POST: let it go without waiting."""

    def post(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        try:
            pending.send_now(self.actor, ticket, pk)
        except pending.TooLate:
            return self.show(number, status=409, extra={"refused": _too_late()})
        if self.is_htmx:
            return self.show(number)
        return redirect("agent:ticket", number)


def _too_late() -> str:
    return _("It has left already and can't be taken back any more.")
