"""Inviting staff: one, or several at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.base.ids import read_id
from firstline.people.actions.staff import Wanted
from firstline.people.roles import OF_PARTNERS, Level, Permission
from firstline.tickets import catalogue
from firstline.tickets import staff as colleagues
from firstline.tickets.actions import staff
from firstline.web.settings.page import SettingsPage
from firstline.web.settings.staff import words
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of


class New(SettingsPage):
    """GET: empty fields. POST: invite everybody in them, or nobody."""

    for_staff = True
    place = "staff"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = {"level": Level.AGENT.value, "language": translation.get_language() or ""}
        return self.show(typed, set())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.STAFF_EDIT)
        level, partner_id, departments = place_of(request)
        wanted = [
            Wanted(email, name, request.POST.get("language", ""), level, partner_id)
            for name, email in people_in(request)
        ]
        try:
            made = once.perform(
                request, lambda: staff.invite(self.actor, wanted, departments, via="web")
            )
        except ValidationError as problem:
            chosen = {read_id(text) for text in request.POST.getlist("departments")}
            problems = [_at_line(one) for one in problems_of(problem)]
            return self.show(request.POST, chosen, problems, status=422)
        if made is None:
            messages.info(request, _("This had been sent already, so it was not sent again."))
        else:
            messages.success(request, _told([one.person.email for one in made]))
        return redirect("settings:staff")

    def show(
        self,
        typed: Any,
        chosen: set[Any],
        problems: Sequence[Problem] = (),
        *,
        status: int = 200,
    ) -> HttpResponse:
        """The form, with what was typed and what is wrong with it."""
        partners = colleagues.partners_for(self.actor)
        partner_id = read_id(typed.get("partner", ""))
        context = {
            "typed": typed,
            "levels": words.levels(partners=bool(partners)),
            "level": typed.get("level", ""),
            "partners": partners,
            "partner_id": partner_id,
            "departments": catalogue.departments_for(self.actor),
            "chosen": chosen,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        return self.answer("settings/staff/new.html", context, status=status)


def place_of(request: HttpRequest) -> tuple[str, int | None, set[int]]:
    """Level, partner and departments in a form: of the last two what the level has no use for is left out."""
    level = request.POST.get("level", "")
    if level in OF_PARTNERS:
        return level, read_id(request.POST.get("partner", "")), set()
    keys = (read_id(text) for text in request.POST.getlist("departments"))
    return level, None, {key for key in keys if key is not None}


def people_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and addresses: those of the two fields, then a person a line, the address last."""
    found = [(request.POST.get("name", ""), request.POST.get("email", ""))]
    for line in request.POST.get("more", "").splitlines():
        name, _space, email = line.strip().rstrip(",;").replace("\t", " ").rpartition(" ")
        if email:
            found.append((name.strip(" ,;"), email.strip("<>")))
    return found


def _told(addresses: list[str]) -> str:
    if len(addresses) == 1:
        text = _("The invitation goes to %(address)s. It works for seven days.")
        return text % {"address": addresses[0]}
    text = ngettext(
        "%(number)s invitation is on its way. It works for seven days.",
        "%(number)s invitations are on their way. They work for seven days.",
        len(addresses),
    )
    return text % {"number": len(addresses)}


def _at_line(problem: Problem) -> Problem:
    """What is wrong with one of the further people, with the number of their line."""
    _field, dot, number = problem.field.partition(".")
    if not dot:
        return problem
    text = _("Line %(number)s: %(problem)s") % {"number": number, "problem": problem.text}
    return Problem("more", text)
