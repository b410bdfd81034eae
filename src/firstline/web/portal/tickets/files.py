"""Files of a customer's ticket."""

from django.http import FileResponse, HttpRequest

from firstline.tickets import access
from firstline.web.ui.downloads import download
from firstline.web.ui.views import PortalPage


class Download(PortalPage):
    """GET: one file."""

    def get(self, request: HttpRequest, number: str, pk: int) -> FileResponse:
        return download(access.attachment_for(self.actor, number, pk))
