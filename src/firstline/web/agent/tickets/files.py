"""Files of a ticket, for staff."""

from django.http import FileResponse, HttpRequest

from firstline.tickets import access
from firstline.web.ui.downloads import download
from firstline.web.ui.views import AgentPage


class Download(AgentPage):
    """GET: one file."""

    def get(self, request: HttpRequest, number: str, pk: int) -> FileResponse:
        return download(access.attachment_for(self.actor, number, pk))
