"""All departments in their order, with how their mail stands; those that are retired below."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse

from firstline.mail import boxes
from firstline.mail.checks import RUNNING, WORKS, State
from firstline.mail.domains import is_received
from firstline.tickets import departments
from firstline.web.settings.page import SettingsPage


class Index(SettingsPage):
    """GET: a card for each department."""

    for_staff = True
    place = "departments"

    def get(self, request: HttpRequest) -> HttpResponse:
        states = boxes.states_for(self.actor)
        rows = [
            (one, len(states.get(one.pk, ())), _said(states.get(one.pk, ())))
            for one in departments.all_for(self.actor)
        ]
        context = {
            "used": [row for row in rows if row[0].is_active],
            "unreachable": {one.pk for one, _number, _mail in rows if not is_received(one.address)},
            "retired": [row for row in rows if not row[0].is_active],
        }
        return self.answer("settings/departments/index.html", context)


def _said(states: Collection[State | None]) -> str:
    """How the forwarding of a department stands: the worst and the most urgent first."""
    known = {one for one in states if one is not None}
    if not known:
        return ""
    if known - RUNNING - WORKS:
        return "bad"
    if known & RUNNING:
        return "wait"
    return "good" if len(known) and None not in states else ""
