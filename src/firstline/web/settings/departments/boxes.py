"""The forwarding boxes of a department: added, moved to another one, removed (cap 147-150)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail import boxes, checks
from firstline.mail.actions.boxes import add_box, move_box, remove_box
from firstline.people.access import NotFound
from firstline.tickets import departments
from firstline.web.settings.departments.show import DepartmentSettings, number_of, shape_of
from firstline.web.ui.saying import Problem, problems_of

ICONS = {"done": "check", "wait": "hourglass", "soon": "warn", "failed": "error"}


class Create(DepartmentSettings):
    """POST: let one more public address lead to the department."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department, typed = departments.get_for(self.actor, pk), request.POST.get("box", "")
        try:
            box = add_box(self.actor, department, typed, via="web")
        except ValidationError as problem:
            shape = shape_of(department)
            wrong = [Problem("box", one.text) for one in problems_of(problem)]
            return self.show(department, shape, wrong, box=typed, status=422)
        text = _("Now forward %(box)s to %(address)s, then check it here.")
        messages.success(request, text % {"box": box.address, "address": department.address})
        return redirect("settings:department_box", pk, box.pk)


class BoxSettings(DepartmentSettings):
    """What all that concerns one box has in common: its page."""

    def show_box(
        self, box: Any, problems: Sequence[Problem] = (), *, status: int = 200
    ) -> HttpResponse:
        """The page of a box: its checks, the latest with all steps, and how to set it up."""
        found = checks.reports_of(boxes.checks_for(self.actor, box))
        used = [one for one in departments.all_for(self.actor) if one.is_active]
        context = {
            "box": box,
            "department": box.department,
            "report": found[0] if found else None,
            "earlier": found[1:],
            "icons": ICONS,
            "others": [one for one in used if one.pk != box.department_id],
            "problems": problems,
            "wrong": {problem.field for problem in problems},
        }
        return self.answer("settings/departments/box.html", context, status=status)


class Show(BoxSettings):
    """GET: one box with its checks."""

    def get(self, request: HttpRequest, pk: int, box: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        return self.show_box(boxes.get_for(self.actor, department, box))


class Move(BoxSettings):
    """POST: let the address lead to another department."""

    def post(self, request: HttpRequest, pk: int, box: int) -> HttpResponse:
        row = boxes.get_for(self.actor, departments.get_for(self.actor, pk), box)
        try:
            target = departments.get_for(self.actor, number_of(request.POST.get("department", "")))
            row = move_box(self.actor, row, target, via="web")
        except NotFound:
            wrong = [Problem("department", _("Choose a department that is in use."))]
            return self.show_box(row, wrong, status=422)
        except ValidationError as problem:
            return self.show_box(row, problems_of(problem), status=422)
        text = _("%(box)s belongs to “%(name)s” now. Forward it to %(address)s.")
        said = {"box": row.address, "name": target.label, "address": target.address}
        messages.success(request, text % said)
        return redirect("settings:department_box", target.pk, row.pk)


class Remove(BoxSettings):
    """POST: take the address off."""

    def post(self, request: HttpRequest, pk: int, box: int) -> HttpResponse:
        row = boxes.get_for(self.actor, departments.get_for(self.actor, pk), box)
        address = remove_box(self.actor, row, via="web")
        text = _("%(box)s is removed. Switch off its forwarding, too.")
        messages.success(request, text % {"box": address})
        return redirect("settings:department", pk)
