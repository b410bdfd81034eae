"""All staff by name: their level, their departments, and how far an invitation is."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode

from firstline.base.ids import read_id
from firstline.tickets import catalogue
from firstline.tickets import staff as colleagues
from firstline.web.settings.page import SettingsPage
from firstline.web.settings.staff import words

FILTERS = ("find", "level", "department", "state")


class Index(SettingsPage):
    """GET: a page of staff, of those who fit the filter."""

    for_staff = True
    place = "staff"

    def get(self, request: HttpRequest) -> HttpResponse:
        given = {name: request.GET.get(name, "").replace("\0", "") for name in FILTERS}
        after = request.GET.get("after")
        asked = colleagues.Asked(
            typed=given["find"],
            level=given["level"],
            department=read_id(given["department"]),
            state=given["state"],
        )
        levels = words.levels()
        names = {one.key: one.name for one in levels}
        page = colleagues.page(self.actor, asked, after=after)
        context = {
            "page": page,
            "after": after,
            "given": given,
            "is_narrowed": any(given.values()),
            "query": urlencode({name: text for name, text in given.items() if text}),
            "levels": levels,
            "names": names,
            "departments": catalogue.departments_for(self.actor),
            "now": timezone.now(),
        }
        return self.answer("settings/staff/index.html", context)
