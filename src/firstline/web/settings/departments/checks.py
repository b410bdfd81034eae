"""Checks of forwarding: begun by a press, followed live until the letter is back (cap 147-148)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firstline.mail import boxes, checks
from firstline.mail.actions.checks import start_check
from firstline.tickets import departments
from firstline.web.settings.departments.boxes import ICONS, BoxSettings


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
