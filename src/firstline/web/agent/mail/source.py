"""The source of a mail, byte for byte, to be saved."""

from django.http import FileResponse, HttpRequest

from firstline.mail import access
from firstline.web.ui.downloads import respond
from firstline.web.ui.views import AgentPage


class Source(AgentPage):
    """GET: the source as a file."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        mail = access.get_raw_for(self.actor, pk)
        return respond(access.source_of(mail), f"mail-{mail.pk}.txt", "text/plain")
