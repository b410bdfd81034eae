"""A mail as its sender set it, as text, and as it came over the wire."""

from csp.decorators import csp
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from firstline.mail import access as mails
from firstline.people.access import NotFound
from firstline.tickets import access
from firstline.web.ui.downloads import SHIELD, respond
from firstline.web.ui.letters import POLICY, WITH_PICTURES, letter
from firstline.web.ui.views import AgentPage


class Show(AgentPage):
    """GET: the HTML of one message, for the sandboxed frame."""

    @method_decorator(csp(POLICY))
    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        return letter(request, access.letter_for(self.actor, number, pk))


class Pictures(AgentPage):
    """GET: the same with the pictures that lie elsewhere, which the reader asked for."""

    @method_decorator(csp(WITH_PICTURES))
    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        return letter(request, access.letter_for(self.actor, number, pk), with_pictures=True)


class Text(AgentPage):
    """GET: all the text of one message, the quote with it, as plain text."""

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        message = access.message_for(self.actor, number, pk)
        text = "\n".join(filter(None, (message.text, message.quote)))
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=SHIELD)


class Source(AgentPage):
    """GET: the mail that became this message, byte for byte, to be read or saved."""

    def get(self, request: HttpRequest, number: str, pk: int) -> FileResponse:
        message = access.message_for(self.actor, number, pk)
        raw = mails.raw_of(self.actor, message.pk)
        if raw is None:
            raise NotFound(str(pk))
        return respond(mails.source_of(raw), f"mail-{raw.pk}.txt", "text/plain", inline=True)
