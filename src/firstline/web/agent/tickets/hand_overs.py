"""Hand-overs: from the partner's line to the platform's, after seeing what the platform will read."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, lines
from firstline.tickets.actions.claim import Closed
from firstline.tickets.actions.hand_over import NoOtherLine, hand_over
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of
from firstline.web.ui.words import closed_ticket


class Give(TicketPage, ABC):
    """POST: give the ticket to the other line, for a reason. GET: what that means, and the form."""

    verb: ClassVar[Callable[..., Any]]
    window: ClassVar[str]

    @abstractmethod
    def done(self, ticket: Any) -> str:
        """What the notice says when it is done."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_HAND_OVER)
        if self.is_htmx:
            context = {"ticket": ticket, "submission": once.fresh_key(), **self.shown(ticket)}
            return self.answer(f"agent/tickets/{self.window}.html", context)
        return self.show(number, extra={"gives": self.window, **self.shown(ticket)})

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        try:
            ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        except NotFound:
            if once.was_sent(request):  # pressed twice: the first press took it out of sight
                return self.shown_after(number, _("Handed back."))
            raise
        reason = request.POST.get("reason", "")
        verb, following = type(self).verb, self.following(ticket)
        try:
            once.perform(request, lambda: verb(self.actor, ticket, reason, via="web"))
        except ValidationError as problem:
            return self._again(number, problems_of(problem), 422)
        except Closed:
            return self._again(number, [Problem("reason", closed_ticket())], 409)
        except (access.OtherLine, NoOtherLine):
            text = _(
                "The other line has the ticket already, or there is none. Nothing was changed."
            )
            return self.show(number, status=409, extra={"refused": text})
        return self.shown_after(number, self.done(ticket), following)

    def shown(self, ticket: Any) -> dict[str, Any]:
        """What the window needs beside the ticket."""
        found = lines.lines_of(self.actor, ticket)
        if found is None:
            raise NoOtherLine(ticket.number)
        return {"lines": found, "again": lambda: lines.answers_again(ticket)}

    def _again(self, number: str, problems: list[Problem], status: int) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        extra = {
            "gives": self.window,
            "give_problems": problems,
            "reason": self.request.POST.get("reason", ""),
            **self.shown(ticket),
        }
        return self.show(number, status=status, extra=extra)


class Create(Give):
    """POST: hand the ticket over to the platform."""

    verb = hand_over
    window = "hand_over"

    def done(self, ticket: Any) -> str:
        return _("Handed over. The platform's line works on it now; you can still read it.")

    def shown(self, ticket: Any) -> dict[str, Any]:
        return super().shown(ticket) | {"shown": lines.shown_to_platform(ticket)}
