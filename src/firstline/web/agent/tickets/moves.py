"""Moves to another status."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.move import move
from firstline.tickets.workflow import MoveRefused, TimeNeeded
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui.days import moment_of
from firstline.web.ui.words import refused_move


class Create(TicketPage):
    """POST: move to `status`; a deferred one needs `until`."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        following = self.following(ticket)
        typed = {"until": request.POST.get("until", ""), "typed": request.POST.get("text", "")}
        try:
            moved = move(
                self.actor,
                ticket,
                request.POST.get("status", ""),
                via="web",
                until=moment_of(typed["until"]),
            )
        except MoveRefused as refusal:
            return self.show(number, status=409, extra={"refused": refused_move(refusal)} | typed)
        except TimeNeeded:
            text = _("Choose when the ticket comes back: a date and time in the future.")
            return self.show(
                number, status=422, extra={"refused": text, "asks_until": True} | typed
            )
        done = _("Status: %(status)s") % {"status": moved.status.label}
        if moved.phase in {"resolved", "closed"}:
            return self.go_on(number, following, done)
        if self.is_htmx:
            return self.show(number)
        messages.success(request, done)
        return redirect("agent:ticket", number)
