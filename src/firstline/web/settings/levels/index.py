"""All levels in their order, those that are retired below."""

from django.http import HttpRequest, HttpResponse

from firstline.tickets import levels
from firstline.web.settings.page import SettingsPage


class Index(SettingsPage):
    """GET: the levels with the number of their open tickets."""

    for_staff = True
    place = "levels"

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = levels.open_counts(self.actor)
        rows = [(one, counts.get(one.pk, 0)) for one in levels.all_for(self.actor)]
        context = {
            "used": [(one, number) for one, number in rows if one.is_active],
            "retired": [(one, number) for one, number in rows if not one.is_active],
        }
        return self.answer("settings/levels/index.html", context)
