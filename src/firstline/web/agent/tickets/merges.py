"""Merges: a ticket goes on in another one; and separating them again (product 3.10)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.merge import ConsentNeeded, merge, unmerge
from firstline.web.agent.tickets.acts import Act
from firstline.web.agent.tickets.finding import fitting, other_of
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui.saying import Problem, problems_of


class Merges(Act):
    """GET: which ticket it goes on in. POST: merge; who else would read it is asked first."""

    act = "merge"
    need = Permission.TICKET_MERGE
    fields = ("q", "other", "agreed")
    first = "q"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        return {"found": fitting(self.actor, ticket, chosen["q"], to_merge=True)}

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        other = other_of(self.actor, chosen)
        try:
            return merge(self.actor, ticket, other, via="web", agreed=bool(chosen["agreed"]))
        except ConsentNeeded as problem:
            text = _(
                "More people would read this ticket. Agree to that below, or link the tickets."
            )
            raise ValidationError({"agreed": text}) from problem
        except ValidationError as problem:
            raise ValidationError({"q": problem.messages}) from problem

    def said(self, ticket: Any) -> str:
        return _("Merged: the conversation goes on here.")


class Undo(TicketPage):
    """POST: separate a merged ticket again."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_MERGE)
        try:
            unmerge(self.actor, ticket, via="web")
        except ValidationError as problem:
            told: list[Problem] = problems_of(problem)
            return self.show(number, status=409, extra={"refused": told[0].text})
        return self.shown_after(
            number, _("Separated again. What was said since stays where it was said.")
        )
