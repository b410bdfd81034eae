"""A new alert, to one project or to many (cap 94-98)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.base import zones
from firstline.files.upload import MOST_FILES
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import alerts, catalogue
from firstline.tickets.actions import alert, broadcast
from firstline.tickets.messages import Draft
from firstline.web.agent.alerts.projects import Choice
from firstline.web.ui import once
from firstline.web.ui.days import moment_of
from firstline.web.ui.saying import Problem, draft_of, problems_of
from firstline.web.ui.views import AgentPage

if TYPE_CHECKING:
    from firstline.people.models import Project
    from firstline.tickets.models import Department

ORDER = ("projects", "type", "title", "text", "acknowledge_by", "department", "files")
DRAFT = "new-alert"
LOOKS = ("look", "after")  # the buttons that search on, and send nothing


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form, read."""

    projects: "list[Project]"
    type: str
    title: str
    draft: Draft
    department: "Department | None"
    acknowledge_by: datetime | None


class New(AgentPage):
    """GET: the form, as a page or as what a window holds. POST: send it, or look for projects."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.ALERT_OPEN)
        return self.form(Choice.of(request.GET), with_typed=bool(request.GET.get("find")))

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.ALERT_OPEN)
        choice = Choice.of(request.POST)
        if any(name in request.POST for name in LOOKS):
            return self.form(choice, with_typed=True)
        try:
            wanted = self._read(choice)
            sent = once.perform(request, lambda: self._send(wanted))
        except ValidationError as problem:
            return self.form(choice, problems_of(problem), with_typed=True)
        return self._sent(wanted, sent)

    def form(
        self, choice: Choice, problems: Sequence[Problem] = (), *, with_typed: bool = False
    ) -> HttpResponse:
        """Show the form with what was typed; `problems` stand on top and at their fields."""
        form = self.request.POST or self.request.GET
        departments = catalogue.departments_for(self.actor)
        context = choice.context(self.actor, with_typed=with_typed) | {
            "section": "alerts",
            "typed": form,
            "types": alerts.types(),
            "departments": departments,
            "department": form.get("department") or _usual(self.actor),
            "zone": zones.difference(timezone.localtime()),
            "problems": sorted(problems, key=lambda one: ORDER.index(one.field)),
            "wrong": {problem.field for problem in problems},
            "had_files": bool(self.request.FILES),
            "most_files": MOST_FILES,
            "submission": once.fresh_key(),
            "draft": DRAFT,
        }
        template = "window.html" if self.is_htmx else "new.html"
        status = 422 if problems else 200
        return self.answer(f"agent/alerts/{template}", context, status=status)

    def _read(self, choice: Choice) -> Wanted:
        """All of the form, or all that is wrong with it. Raises ValidationError by field."""
        form, wrong = self.request.POST, dict[str, Any]()
        chosen = choice.chosen(self.actor, with_typed=True)
        if strange := choice.mistaken(chosen):
            text = _("No project has the identifier “%(name)s”. Choose one of those found.")
            wrong["projects"] = text % {"name": strange[:100]}
        elif not chosen:
            wrong["projects"] = _("Choose at least one project.")
        until = form.get("acknowledge_by", "").strip()
        moment = moment_of(until)
        if until and moment is None:
            wrong["acknowledge_by"] = _("Write a date and a time.")
        department = catalogue.department_named(self.actor, form.get("department", ""))
        if form.get("department") and department is None:
            wrong["department"] = _("This can't be chosen. Choose one of the list.")
        draft = Draft(form.get("text", ""))
        try:
            draft = draft_of(self.request)
        except ValidationError as problem:
            wrong |= problem.message_dict
        type, title = form.get("type", ""), form.get("title", "")
        try:
            alert.check(type, title, draft, moment)
        except ValidationError as problem:
            wrong = problem.message_dict | wrong
        if wrong:
            raise ValidationError(wrong)
        return Wanted(chosen, type, title, draft, department, moment)

    def _send(self, wanted: Wanted) -> Any:
        """The ticket of one alert, or the broadcast of many."""
        said = (wanted.type, wanted.title, wanted.draft)
        department, until = wanted.department, wanted.acknowledge_by
        if len(wanted.projects) > 1:
            return broadcast.broadcast(
                self.actor, wanted.projects, *said, department=department, acknowledge_by=until
            )
        return alert.alert(
            self.actor,
            wanted.projects[0],
            *said,
            via="web",
            department=department,
            acknowledge_by=until,
        )

    def _sent(self, wanted: Wanted, sent: Any) -> HttpResponse:
        number = len(wanted.projects)
        address = reverse("agent:alerts")
        if sent is None:
            told = _("This had been sent already, so it was not sent again.")
        elif number > 1:
            told = ngettext(
                "The alert goes to %(number)s project.",
                "The alert goes to %(number)s projects.",
                number,
            ) % {"number": number}
            address = reverse("agent:alert_broadcast", args=[sent.pk])
        else:
            told = _("Alert %(number)s is on its way to the people of %(project)s.") % {
                "number": sent.number,
                "project": wanted.projects[0].name,
            }
        messages.success(self.request, told, extra_tags=DRAFT)
        if self.is_htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)


def _usual(actor: Actor) -> str:
    """The department that takes the answers unless another one is chosen, as the form names it."""
    usual = alerts.first_department(actor)
    return str(usual.pk) if usual else ""
