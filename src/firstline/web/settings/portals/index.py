"""The portals of the installation and its partners."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.people import portals
from firstline.people.actions.portals import open_portal
from firstline.web.settings.page import SettingsPage


class Index(SettingsPage):
    """GET: all portals, and the partners without one. POST: give a partner one."""

    for_staff = True
    place = "portals"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = portals.all_for(self.actor)
        context = {
            "portals": [(one, portals.name_of(one), portals.address_of(one)) for one in found],
            "partners": portals.partners_without(self.actor),
        }
        return self.answer("settings/portals/index.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        number = read_id(request.POST.get("partner")) or 0
        portal = open_portal(self.actor, number, via="web")
        messages.success(request, _("The portal is there. Now give it a look and an address."))
        return redirect("settings:portal", portal.pk)
