"""Moves to another status."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.base.ids import read_id
from firstline.people.roles import Permission
from firstline.tickets import access, workflow
from firstline.tickets.actions import pending
from firstline.tickets.actions.move import move
from firstline.tickets.newer import CustomerWrote, NewerMessage
from firstline.tickets.workflow import AnswerNeeded, MoveRefused, TimeNeeded
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui.days import moment_of
from firstline.web.ui.words import refused_move


class Create(TicketPage):
    """POST: move to `status`; a deferred one needs `until`."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        following = self.following(ticket)
        typed = {"until": request.POST.get("until", ""), "typed": request.POST.get("text", "")}
        if settings.UNDO_SECONDS and self._closes(ticket):
            return self._close_soon(ticket, following)
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
        except AnswerNeeded:
            text = _("Write the answer: a ticket is resolved with one.")
            return self.show(number, status=422, extra={"refused": text, "opened": "resolve"})
        done = _("Status: %(status)s") % {"status": moved.status.label}
        if moved.phase in {"resolved", "closed"}:
            return self.go_on(number, following, done)
        if self.is_htmx:
            return self.show(number)
        messages.success(request, done)
        return redirect("agent:ticket", number)

    def _closes(self, ticket: Any) -> bool:
        """Whether the move that is asked for closes the ticket."""
        key = self.request.POST.get("status", "")
        return (key, "closed") in {(one.key, one.phase) for one in workflow.allowed_moves(ticket)}

    def _close_soon(self, ticket: Any, following: str) -> HttpResponse:
        """Close it in a few seconds, unless that is taken back."""
        key, seen = self.request.POST["status"], read_id(self.request.POST.get("seen"))
        try:
            row = pending.put_off(
                self.actor, ticket, pending.CLOSE, seen=seen, via="web", status=key
            )
        except MoveRefused as refusal:
            return self.show(ticket.number, status=409, extra={"refused": refused_move(refusal)})
        except CustomerWrote:
            text = _("The customer wrote meanwhile. Read it; the ticket was not closed.")
            return self.show(ticket.number, status=409, extra={"refused": text})
        except NewerMessage:
            text = _("A colleague answered meanwhile. Read it; the ticket was not closed.")
            return self.show(ticket.number, status=409, extra={"refused": text})
        seconds = settings.UNDO_SECONDS
        done = ngettext(
            "It closes in %(number)d second; until then you can take it back.",
            "It closes in %(number)d seconds; until then you can take it back.",
            seconds,
        ) % {"number": seconds}
        if self.is_htmx:
            waits = {"left_behind": row} if following else {}
            return self.go_on(ticket.number, following, done, **waits)
        messages.success(self.request, done)
        return redirect("agent:ticket", ticket.number)
