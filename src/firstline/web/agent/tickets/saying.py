"""What replies, comments, hidden comments and resolutions have in common: a text with files."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.claim import Closed
from firstline.tickets.workflow import MoveRefused
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, draft_of, problems_of
from firstline.web.ui.words import closed_ticket, refused_move


class Say(TicketPage):
    """POST: say something on a ticket. A refusal shows the page again with everything typed."""

    mode: ClassVar[str]
    verb: ClassVar[Callable[..., Any]]
    done: ClassVar[Any]

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        if request.POST.get("mode", self.mode) != self.mode:
            return self._again(number, [Problem("text", _chosen_otherwise())], 409)
        try:
            draft = draft_of(request)
            verb = type(self).verb
            once.perform(request, lambda: verb(self.actor, ticket, draft, via="web"))
        except ValidationError as problem:
            return self._again(number, problems_of(problem), 422)
        except Closed:
            return self._again(number, [Problem("text", closed_ticket())], 409)
        except MoveRefused as refusal:
            return self._again(number, [Problem("text", refused_move(refusal))], 409)
        if self.is_htmx:
            return self.show(number, extra={"done": self.done})
        messages.success(request, self.done, extra_tags=f"ticket-{number}")
        return redirect("agent:ticket", number)

    def _again(self, number: str, problems: list[Problem], status: int) -> HttpResponse:
        extra = {
            "problems": problems,
            "typed": self.request.POST.get("text", ""),
            "mode": self.request.POST.get("mode", self.mode),
        }
        return self.show(number, status=status, extra=extra)


def _chosen_otherwise() -> str:
    """A hidden text must never leave by a public door, whatever a browser or script made of the form."""
    return _(
        "What was chosen and what was pressed differ, so nothing was sent. Press the button again."
    )
