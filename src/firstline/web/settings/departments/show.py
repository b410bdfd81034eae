"""One department: made and changed; its page also has its boxes and the form that retires it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.base.languages import CODES
from firstline.mail import boxes
from firstline.mail.actions.departments import change_department, has_addresses, make_department
from firstline.mail.actions.form_senders import form_senders_of
from firstline.tickets import departments
from firstline.tickets.actions.departments import NAME_LIMIT, SIGNATURE_LIMIT, Shape
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of


class DepartmentSettings(SettingsPage):
    """What a new department and one that is there have in common: the page with the fields."""

    for_staff = True
    place = "departments"

    def show(
        self,
        department: Any,
        shape: Shape,
        problems: Sequence[Problem] = (),
        *,
        box: str = "",
        form_sender: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The page; `department` is None while there is none. `box`, `form_sender`: refused addresses."""
        context: dict[str, Any] = {
            "department": department,
            "shape": asdict(shape),
            "workflows": departments.workflows_for(self.actor),
            "staff": departments.staff_for(self.actor),
            "limits": {"name": NAME_LIMIT, "signature": SIGNATURE_LIMIT},
            "domain": settings.MAIL_DOMAIN,
            "typed_box": box,
            "typed_form_sender": form_sender,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        if department is not None:
            context |= self._known(department, shape)
        return self.answer("settings/departments/show.html", context, status=status)

    def _known(self, department: Any, shape: Shape) -> dict[str, Any]:
        """What only a department that is there has."""
        others = [one for one in departments.all_for(self.actor) if one.is_active]
        used = [one.pk for one in others]
        return {
            "boxes": boxes.boxes_for(self.actor, department),
            "mailboxes": boxes.mailboxes_of(department),
            "forms": departments.forms_of(department),
            "form_senders": form_senders_of(self.actor, department),
            "statuses": self._statuses(department, shape.workflow),
            "others": [one for one in others if one.pk != department.pk],
            "open_count": departments.open_count(department),
            "has_addresses": has_addresses(department),
            "at": used.index(department.pk) + 1 if department.pk in used else 0,
            "last": len(used),
        }

    def _statuses(self, department: Any, key: str) -> list[tuple[Any, int, Any, Any]]:
        """Statuses that the chosen workflow lacks: each with its tickets, the choice, what is nearest."""
        found = [one for one in departments.workflows_for(self.actor) if one.key == key]
        if not found:
            return []
        return [
            (
                status,
                number,
                list(found[0].statuses.all()),
                departments.counterpart(status, found[0]),
            )
            for status, number in departments.strays(department, found[0])
        ]


class New(DepartmentSettings):
    """GET: empty fields, the workflow for mail proposed. POST: make the department."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(None, Shape(workflow="mailbox"))

    def post(self, request: HttpRequest) -> HttpResponse:
        shape = _typed(request)
        try:
            made = once.perform(request, lambda: make_department(self.actor, shape, via="web"))
        except ValidationError as problem:
            return self.show(None, shape, problems_of(problem), status=422)
        if made is None:
            return redirect("settings:departments")
        text = _("The department “%(name)s” is ready: mail to %(address)s becomes its tickets.")
        messages.success(request, text % {"name": made.label, "address": made.address})
        return redirect("settings:department", made.pk)


class Show(DepartmentSettings):
    """GET: the department as it stands. POST: change it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        return self.show(department, shape_of(department))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department, shape = departments.get_for(self.actor, pk), _typed(request)
        prefix = "status_"
        statuses = {
            name.removeprefix(prefix): request.POST[name]
            for name in request.POST
            if name.startswith(prefix)
        }
        try:
            row, moved = change_department(self.actor, department, shape, statuses, via="web")
        except ValidationError as problem:
            return self.show(department, shape, problems_of(problem), status=422)
        done = _("Saved.")
        if row.address != department.address:
            text = _(
                "The former address %(address)s stands among the boxes: mail to it still comes."
            )
            done = f"{done} {text % {'address': department.address}}"
        if moved:
            text = ngettext(
                "%(number)s ticket has a new status.",
                "%(number)s tickets have a new status.",
                moved,
            )
            done = f"{done} {text % {'number': moved}}"
        messages.success(request, done)
        return redirect("settings:department", pk)


def shape_of(department: Any) -> Shape:
    """The department as its form shows it."""
    return Shape(
        names=department.names,
        address=department.address,
        workflow=department.workflow.key,
        agents=departments.agents_of(department),
        signatures=department.signatures,
    )


def _typed(request: HttpRequest) -> Shape:
    sent = request.POST
    return Shape(
        names=_in_languages(sent, "name"),
        address=sent.get("address", ""),
        workflow=sent.get("workflow", ""),
        agents=[number_of(one) for one in sent.getlist("agents")],
        signatures=_in_languages(sent, "signature"),
    )


def _in_languages(sent: Mapping[str, str], name: str) -> dict[str, str]:
    return {code: sent.get(f"{name}_{code}", "") for code in CODES}


def number_of(text: str) -> int:
    """A number from a form, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
