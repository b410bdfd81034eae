"""Entering a project: from one of its tickets, or from the list of projects (product 2.5, cap 81)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.people import projects, visits
from firstline.people.access import Forbidden, NotFound
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions import enter as entering
from firstline.web.agent.customers.page import CustomersPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem
from firstline.web.ui.views import AgentPage
from firstline.web.ui.visits import begin


class Enter(AgentPage):
    """What both ways in have in common: whose eyes there are, and why there may be none."""

    def choices(self, project: Any, likely: int | None = None) -> dict[str, Any]:
        """What the form needs; `likely`: whose eyes are meant, if that person takes part."""
        context = {
            "project": project,
            "people": [],
            "why_not": "",
            "typed": self.request.POST,
            "submission": once.fresh_key(),
            "reason_limit": entering.REASON,
        }
        try:
            project = entering.reach(self.actor, project)
        except (access.OtherLine, entering.NoTicketThere) as refusal:
            return context | {"why_not": _why_not(refusal)}
        people = visits.people_of(project)
        first = next((one for one in people if one.pk == likely), people[0] if people else None)
        chosen = self.request.POST.get("person", "") or (str(first.pk) if first else "")
        none = "" if people else _("Nobody takes part in this project who could be entered.")
        return context | {"people": people, "chosen": chosen, "why_not": none}

    def carry_out(self, project: Any, back: str) -> HttpResponse | Problem:
        """Enter by the posted form, and go to the project's page of the portal; or say what is wrong."""
        pk = read_id(self.request.POST.get("person")) or 0
        reason = self.request.POST.get("reason", "")
        try:
            visit = once.perform(
                self.request,
                lambda: entering.enter(self.actor, project, pk, reason, via="web"),
            )
        except (access.OtherLine, entering.NoTicketThere, entering.NoSuchEyes) as refusal:
            return Problem("person", _why_not(refusal))
        if visit is None:  # pressed twice: the first press has let them in, or they came out again
            return redirect("home")
        begin(self.request, visit, back)
        return redirect("portal:project", project.identifier)


class OfTicket(Enter):
    """GET: the form, as a window's content or a page. POST: enter the ticket's project."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.show(number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        project = self.ticket_of(number).project
        done = self.carry_out(project, reverse("agent:ticket", args=[number]))
        return self.show(number, done) if isinstance(done, Problem) else done

    def show(self, number: str, problem: Problem | None = None) -> HttpResponse:
        """The form, with what is wrong."""
        ticket = self.ticket_of(number)
        context = self.choices(ticket.project, ticket.requester_id) | {
            "section": "desk",
            "action": reverse("agent:visits", args=[number]),
            "back": reverse("agent:ticket", args=[number]),
            "problems": [problem] if problem else [],
            "in_window": self.is_htmx,
        }
        template = "agent/visits/form.html" if self.is_htmx else "agent/visits/enter.html"
        return self.answer(template, context, status=403 if problem else 200)

    def ticket_of(self, number: str) -> Any:
        """A ticket that the actor sees, if it has a project. Raises NotFound, Forbidden."""
        ticket = access.get_for(self.actor, number, Permission.PROJECT_ENTER)
        if ticket.project is None:
            raise NotFound(number)
        return ticket


class OfProject(Enter, CustomersPage):
    """GET: the visits to a project, the newest first, and the form. POST: enter it."""

    def get(self, request: HttpRequest, identifier: str) -> HttpResponse:
        return self.show(identifier)

    def post(self, request: HttpRequest, identifier: str) -> HttpResponse:
        back = reverse("agent:customer_visits", args=[identifier])
        done = self.carry_out(self.project_of(identifier), back)
        return self.show(identifier, done) if isinstance(done, Problem) else done

    def show(self, identifier: str, problem: Problem | None = None) -> HttpResponse:
        """The page, with what is wrong."""
        project, after = self.project_of(identifier), self.request.GET.get("after", "")
        context = self.frame("projects") | self.choices(project)
        context |= {
            "page": visits.of_project(self.actor, project, after, self.size),
            "after": after,
            "action": reverse("agent:customer_visits", args=[identifier]),
            "problems": [problem] if problem else [],
        }
        return self.answer("agent/visits/index.html", context, status=403 if problem else 200)

    def project_of(self, identifier: str) -> Any:
        """The project with this identifier. Raises NotFound, Forbidden."""
        project = projects.get_for(self.actor, identifier)
        self.actor.demand(Permission.PROJECT_ENTER)
        return project


class Projects(CustomersPage):
    """GET: a page of projects by identifier, or those that fit what was typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.CUSTOMER_VIEW)
        typed, after = request.GET.get("find", "").strip(), request.GET.get("after", "")
        found, following = projects.find(self.actor, typed, after=after, size=self.size)
        context = self.frame("projects") | {
            "projects": found,
            "next": following,
            "after": after,
            "typed": typed,
        }
        return self.answer("agent/visits/projects.html", context)


def _why_not(refusal: Forbidden) -> str:
    if isinstance(refusal, access.OtherLine):
        return _(
            "A partner's own first line works for these people. Only staff who may read what it holds "
            "can look through their eyes."
        )
    if isinstance(refusal, entering.NoTicketThere):
        return _(
            "No ticket of this project is in your departments. You can enter it as soon as one is."
        )
    return _("Choose one of those who take part in the project.")
