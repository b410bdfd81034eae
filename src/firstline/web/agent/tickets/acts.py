"""What the windows of the small verbs have in common: they ask, act, and keep what was typed."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.claim import Closed
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of
from firstline.web.ui.words import closed_ticket


class Act(TicketPage, ABC):
    """GET: the window that asks. POST: act; a refusal shows the window again.

    `first` is the field that a refusal without one stands at.
    """

    act: ClassVar[str]
    need: ClassVar[Permission]
    fields: ClassVar[tuple[str, ...]] = ()
    first: ClassVar[str]
    following_number = ""  # what comes up where the ticket is out of sight by then

    @abstractmethod
    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        """Do it, and return the ticket to go on with."""

    @abstractmethod
    def said(self, ticket: Any) -> str:
        """What the notice says when it is done."""

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        """What the window needs beside the ticket."""
        return {}

    def get(self, request: HttpRequest, number: str, **of: Any) -> HttpResponse:
        return self.window(number, self._chosen(request.GET))

    def post(self, request: HttpRequest, number: str, **of: Any) -> HttpResponse:
        ticket = access.get_for(self.actor, number, self.need)
        chosen = self._chosen(request.POST)
        if "find" in request.POST:
            return self.window(number, chosen)
        try:
            done = once.perform(request, lambda: self.carry_out(ticket, chosen)) or ticket
        except ValidationError as problem:
            return self.window(number, chosen, problems_of(problem), status=422)
        except Closed:
            return self.window(number, chosen, [Problem(self.first, closed_ticket())], status=409)
        return self.finish(done)

    def finish(self, ticket: Any) -> HttpResponse:
        """The ticket to go on with, in the pane or as a page."""
        response = self.shown_after(ticket.number, self.said(ticket), self.following_number)
        if self.is_htmx:
            response.headers["HX-Retarget"] = "#ticket"
            response.headers["HX-Reswap"] = "outerHTML"
        return response

    def window(
        self,
        number: str,
        chosen: dict[str, str],
        problems: list[Problem] | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        """The window for htmx, a page with what stands in it otherwise."""
        ticket = access.get_for(self.actor, number, self.need)
        context = {
            "section": "desk",
            "act": self.act,
            "in_window": self.is_htmx,
            "ticket": ticket,
            "chosen": chosen,
            "problems": problems or [],
            "wrong": {problem.field: problem.text for problem in problems or []},
            "submission": once.fresh_key(),
        } | self.asked(ticket, chosen)
        name = "act" if self.is_htmx else "act_page"
        return self.answer(f"agent/tickets/{name}.html", context, status=status)

    def _chosen(self, values: Any) -> dict[str, str]:
        return {name: values.get(name, "") for name in self.fields}
