"""The host names of a portal: added and removed at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people import host_names, portals
from firstline.people.actions.portals import add_host, remove_host
from firstline.web.settings.portals.show import PortalSettings
from firstline.web.ui.saying import problems_of


class Create(PortalSettings):
    """POST: let the portal answer under one more name."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        typed = request.POST.get("host", "")
        try:
            host = add_host(self.actor, portals.get_for(self.actor, pk), typed, via="web")
        except ValidationError as problem:
            return self.show(pk, problems_of(problem), host=typed, status=422)
        text = _("The portal answers at %(name)s as soon as that name leads here.")
        messages.success(request, text % {"name": host_names.shown(host.name)})
        return redirect("settings:portal", pk)


class Remove(PortalSettings):
    """POST: let the portal no longer answer under a name."""

    def post(self, request: HttpRequest, pk: int, host: int) -> HttpResponse:
        name = remove_host(self.actor, portals.get_for(self.actor, pk), host, via="web")
        messages.success(
            request, _("Nothing answers at %(name)s any more.") % {"name": host_names.shown(name)}
        )
        return redirect("settings:portal", pk)
