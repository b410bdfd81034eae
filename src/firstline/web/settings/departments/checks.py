"""Checks of forwarding and of system addresses: begun by a press, followed live until the mail is
back (cap 147-148).
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firstline.mail import boxes, checks
from firstline.mail.actions.checks import start_check, start_own_check
from firstline.people.access import NotFound
from firstline.tickets import departments
from firstline.web.settings.departments.boxes import ICONS, BoxSettings
from firstline.web.settings.page import SettingsPage


class Create(BoxSettings):
    """POST: send the letter; while one is on its way, that one is shown."""

    def post(self, request: HttpRequest, pk: int, box: int) -> HttpResponse:
        row = boxes.get_for(self.actor, departments.get_for(self.actor, pk), box)
        start_check(self.actor, row, via="web")
        return redirect("settings:department_box", pk, box)


class Show(BoxSettings):
    """GET: the steps of one check, as a fragment; 204 while nothing is new since `seen`."""

    def get(self, request: HttpRequest, pk: int, box: int, check: int) -> HttpResponse:
        row = boxes.get_for(self.actor, departments.get_for(self.actor, pk), box)
        [report] = checks.reports_of([boxes.check_for(self.actor, row, check)])
        if not self.is_htmx:
            return redirect("settings:department_box", pk, box)
        if request.GET.get("seen") == report.mark:
            return HttpResponse(status=204)
        context = {"report": report, "box": row, "department": row.department, "icons": ICONS}
        return self.answer("settings/departments/check.html", context)


class Own(SettingsPage):
    """GET: the checks of a department's system address. POST: send a mail to it."""

    for_staff = True
    place = "departments"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        found = checks.reports_of(boxes.own_checks(self.actor, department))
        context = {
            "department": department,
            "report": found[0] if found else None,
            "earlier": found[1:],
            "icons": ICONS,
        }
        return self.answer("settings/departments/own_checks.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        start_own_check(self.actor, departments.get_for(self.actor, pk), via="web")
        return redirect("settings:department_checks", pk)


class ShowOwn(SettingsPage):
    """GET: the steps of one of them, as a fragment; 204 while nothing is new since `seen`."""

    for_staff = True
    place = "departments"

    def get(self, request: HttpRequest, pk: int, check: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        found = [one for one in boxes.own_checks(self.actor, department) if one.pk == check]
        if not found:
            raise NotFound(str(check))
        [report] = checks.reports_of(found)
        if not self.is_htmx:
            return redirect("settings:department_checks", pk)
        if request.GET.get("seen") == report.mark:
            return HttpResponse(status=204)
        context = {"report": report, "department": department, "icons": ICONS}
        return self.answer("settings/departments/check.html", context)
