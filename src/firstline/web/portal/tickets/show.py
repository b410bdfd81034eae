"""One ticket as its customer sees it (product 6.3)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.files.upload import MOST_FILES
from firstline.people import portals
from firstline.people.roles import Permission
from firstline.tickets import access, alerts, details, history, links, queue, workflow
from firstline.tickets.actions import acknowledge
from firstline.web.ui import once
from firstline.web.ui.saying import Problem
from firstline.web.ui.views import PortalPage

OVER = {"resolved", "closed"}
ANSWER = ("text", "files")
RATING = ("helped", "rating-text")


class TicketPage(PortalPage):
    """What every answer about a ticket has in common: the ticket as it is now."""

    template = "portal/tickets/show.html"
    may_acknowledge = True

    def address_of(self, number: str) -> str:
        """The page of a ticket; what can be done with it lies below."""
        return reverse("portal:ticket", args=[number])

    def show(
        self,
        number: str,
        problems: Sequence[Problem] = (),
        *,
        status: int = 200,
        asks_close: bool = False,
    ) -> HttpResponse:
        """The ticket's page; with `problems` the form they are in holds what was typed.

        `asks_close`: it asks whether to close the ticket for good, and keeps what was typed, too.
        """
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        portal = self.request.portal  # type: ignore[attr-defined]
        ahead = "prefetch" in self.request.headers.get("Sec-Purpose", "")
        read = acknowledge.receive if self.may_acknowledge and not ahead else alerts.receipt_of
        context: dict[str, Any] = {
            "ticket": ticket,
            "reader": self.actor.person,
            "ticket_url": self.address_of(number),
            "back": self._back(ticket),
            "entries": history.timeline(self.actor, ticket, portal),
            "details": details.lines(ticket),
            "goes_on": links.goes_on(self.actor, ticket),
            "receipt": read(self.actor, ticket),
            "asks_answer": alerts.asks_answer(ticket),
            "has_answer": alerts.has_answer(ticket),
            "may_acknowledge": self.may_acknowledge
            and bool(ticket.alert_type)
            and acknowledge.may_acknowledge(self.actor),
            "names_agents": portal.shows_agents,
            "responsible": self._responsible(ticket),
            **self._possible(ticket),
            **self._typed(problems),
            "asks_close": asks_close,
            "submission": once.fresh_key(),
        }
        return self.answer(self.template, context, status=status)

    def _back(self, ticket: Any) -> dict[str, str]:
        """The list that the reader finds this ticket in: their own, the company's, a project's."""
        person, mine = self.actor.person, reverse("portal:tickets")
        if person is not None and ticket.requester_id != person.pk:
            if queue.of_company(self.actor) and ticket.company == person.company:
                return {"name": _("Company tickets"), "href": f"{mine}?scope=company"}
            if ticket.project_id in person.project_ids:
                href = reverse("portal:project", args=[ticket.project.identifier])
                return {"name": str(ticket.project), "href": href}
        return {"name": _("My tickets"), "href": mine}

    def _responsible(self, ticket: Any) -> str:
        """Who answers, by the name that this portal shows; empty for nobody."""
        portal = self.request.portal  # type: ignore[attr-defined]
        staff = ticket.responsible
        return portals.shown_name(portal, staff.person.display_name) if staff else ""

    def _possible(self, ticket: Any) -> dict[str, Any]:
        """What the reader can do with the ticket now."""
        moves = workflow.allowed_moves(ticket)
        phases = {move.phase for move in moves}
        closed = next((move for move in moves if move.phase == "closed"), None)
        is_over = ticket.phase in OVER
        # Who sees all of the company's may rate as well, but only who asked is asked.
        asked = ticket.requester_id == self.actor.id
        return {
            "is_over": is_over,
            "may_close": self.actor.may(Permission.TICKET_CLOSE)
            and bool(phases & ({"closed"} if is_over else OVER)),
            "closes_for_good": closed is not None,
            "closes_but_reopens": closed is not None and workflow.can_be_reopened(closed),
            "may_reopen": is_over and "open" in phases,
            "may_rate": asked
            and access.may_rate(self.actor, ticket)
            and access.is_answered(ticket),
            "rating": getattr(ticket, "rating", None),
        }

    def _typed(self, problems: Sequence[Problem]) -> dict[str, Any]:
        """What was typed into the form that is refused, and what is wrong with it."""
        wrong = {problem.field for problem in problems}
        is_rating = bool(wrong & set(RATING))
        text = self.request.POST.get("text", "")
        return {
            "problems": problems,
            "wrong": wrong,
            "typed": "" if is_rating else text,
            "typed_rating": text if is_rating else "",
            "typed_helped": self.request.POST.get("helped", "") if is_rating else "",
            "had_files": bool(self.request.FILES),
            "most_files": MOST_FILES,
            "is_answering": bool(wrong & set(ANSWER)) or "answer" in self.request.GET,
        }


class Show(TicketPage):
    """GET: one ticket."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.show(number)
