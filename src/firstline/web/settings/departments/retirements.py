"""Departments that go out of use, with their tickets and addresses going to another one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail.actions.departments import restore, retire
from firstline.people.access import NotFound
from firstline.tickets import departments
from firstline.web.settings.departments.show import DepartmentSettings, number_of, shape_of
from firstline.web.settings.words import went_to
from firstline.web.ui.saying import problems_of


class Create(DepartmentSettings):
    """POST: retire the department; its tickets and addresses go to the department `target`."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department, chosen = departments.get_for(self.actor, pk), request.POST.get("target", "")
        try:
            target = departments.get_for(self.actor, number_of(chosen)) if chosen else None
        except NotFound:
            target = department  # refused below, in words
        try:
            moved = retire(self.actor, department, target, via="web")
        except ValidationError as problem:
            return self.show(department, shape_of(department), problems_of(problem), status=422)
        done = _("The department “%(name)s” is retired.") % {"name": department.label}
        if target is None:
            text = _("Mail to %(address)s is refused from now on.")
            done = f"{done} {text % {'address': department.address}}"
        else:
            text = _("Mail to %(address)s goes to “%(name)s”.")
            done = f"{done} {text % {'address': department.address, 'name': target.label}}"
        if moved and target:
            done = f"{done} {went_to(moved, target.label)}"
        messages.success(request, done)
        return redirect("settings:departments")


class Undo(DepartmentSettings):
    """POST: take the department into use again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = restore(self.actor, departments.get_for(self.actor, pk), via="web")
        text = _("The department “%(name)s” takes mail at %(address)s again.")
        said = {"name": department.label, "address": department.address}
        messages.success(request, text % said)
        return redirect("settings:department", pk)
