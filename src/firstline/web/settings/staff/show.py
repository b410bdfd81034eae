"""One member of staff: level and departments; the page has the form that deactivates, too."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.tickets import catalogue
from firstline.tickets import staff as colleagues
from firstline.tickets.actions import staff
from firstline.web.settings.page import SettingsPage
from firstline.web.settings.staff import words
from firstline.web.settings.staff.new import place_of
from firstline.web.ui.saying import Problem, problems_of


class MemberPage(SettingsPage):
    """What the pages of one member of staff have in common."""

    for_staff = True
    place = "staff"

    def show(
        self, pk: int, problems: Sequence[Problem] = (), typed: Any = None, *, status: int = 200
    ) -> HttpResponse:
        """The page; `typed` are level, partner and departments as they were sent."""
        member = colleagues.get_for(self.actor, pk)
        partners = colleagues.partners_for(self.actor)
        kept = {one.pk for one in member.departments.all()}
        level, partner_id, chosen = typed or (member.level, member.partner_id, kept)
        offered = catalogue.departments_for(self.actor)
        offered += [one for one in member.departments.all() if not one.is_active]
        context = {
            "member": member,
            "person": member.person,
            "is_me": pk == self.actor.id,
            "levels": words.levels(partners=bool(partners)),
            "level": level,
            "partners": partners,
            "partner_id": partner_id,
            "departments": offered,
            "chosen": chosen,
            "open_count": colleagues.open_count(self.actor, member),
            "most": colleagues.COUNT_LIMIT,
            "successors": colleagues.successors(self.actor, member),
            "now": timezone.now(),
            "problems": problems,
            "wrong": {problem.field for problem in problems},
        }
        return self.answer("settings/staff/show.html", context, status=status)


class Show(MemberPage):
    """GET: as it stands. POST: change level, partner, departments."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        member = colleagues.get_for(self.actor, pk)
        level, partner_id, departments = place_of(request)
        if pk == self.actor.id and "level" not in request.POST:  # one's own is not offered
            level, partner_id = member.level, member.partner_id
        try:
            staff.change(self.actor, pk, level, partner_id, departments, via="web")
        except ValidationError as problem:
            typed = (level, partner_id, departments)
            return self.show(pk, problems_of(problem), typed, status=422)
        messages.success(request, _("Saved. It holds from their next press on."))
        return redirect("settings:member", pk)
