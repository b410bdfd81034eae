"""Escalations: to another level, agent or team (cap 63-64, 76, 89)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access, workers
from firstline.tickets.actions.claim import Closed
from firstline.tickets.actions.escalate import escalate
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of
from firstline.web.ui.words import closed_ticket

FIELDS = ("level", "responsible", "team", "reason")


class Escalations(TicketPage):
    """GET: the window that asks where to. POST: escalate; a refusal keeps all that was chosen."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self._window(number, {}, 200)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_ESCALATE)
        chosen = {name: request.POST.get(name, "") for name in FIELDS}
        choice = workers.choice_for(self.actor, ticket)
        found: dict[str, Any] = {
            "level": choice.level(chosen["level"]),
            "responsible": choice.member(chosen["responsible"]),
            "team": choice.team(chosen["team"]),
        }
        gone = [name for name, row in found.items() if chosen[name] and row is None]
        if gone:
            text = _("This can't be chosen any more. Choose again.")
            return self._window(number, chosen, 422, [Problem(name, text) for name in gone])
        try:
            once.perform(
                request,
                lambda: escalate(self.actor, ticket, **found, reason=chosen["reason"], via="web"),
            )
        except ValidationError as problem:
            return self._window(number, chosen, 422, problems_of(problem))
        except Closed:
            return self._window(number, chosen, 409, [Problem("level", closed_ticket())])
        done = _("Escalated. The customer gets no mail about it.")
        if self.is_htmx:
            response = self.shown_after(number, done)
            response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#ticket", "outerHTML"
            return response
        return self.shown_after(number, done)

    def _window(
        self,
        number: str,
        chosen: dict[str, Any],
        status: int,
        problems: list[Problem] | None = None,
    ) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_ESCALATE)
        context = {
            "section": "desk",
            "ticket": ticket,
            "in_window": self.is_htmx,
            "choice": workers.choice_for(self.actor, ticket),
            "chosen": chosen,
            "problems": problems or [],
            "wrong": {problem.field: problem.text for problem in problems or []},
            "submission": once.fresh_key(),
        }
        name = "escalation_form" if self.is_htmx else "escalation_page"
        return self.answer(f"agent/tickets/{name}.html", context, status=status)
