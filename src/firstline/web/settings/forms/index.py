"""The public forms of all departments."""

from django.http import HttpRequest, HttpResponse

from firstline.people import portals
from firstline.tickets import forms
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import embedding


class Index(SettingsPage):
    """GET: all forms with their addresses."""

    for_staff = True
    place = "forms"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = forms.all_for(self.actor)
        rows = [
            (one, portals.name_of(forms.portal_of(one)), embedding.page_of(one)) for one in found
        ]
        return self.answer("settings/forms/index.html", {"forms": rows})
