"""What is in the files of a customer's ticket, to look at without saving them (product 6.3)."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from firstline.tickets import access
from firstline.web.ui import previews
from firstline.web.ui.views import PortalPage


class Picture(PortalPage):
    """GET: a page of a file as a picture, small or large."""

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
        return previews.picture(request, access.attachment_for(self.actor, number, pk))


class Show(PortalPage):
    """GET: a page of a file with the way to the next one; for a window only what stands in it."""

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        file_url = reverse("portal:file", args=[number, pk])
        found = previews.shown(request, access.attachment_for(self.actor, number, pk), file_url)
        page = "ui/preview.html" if self.is_htmx else "portal/tickets/preview.html"
        return self.answer(page, found | {"number": number, "in_window": self.is_htmx})
