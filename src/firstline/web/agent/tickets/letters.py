"""A mail as its sender set it: the cleaned HTML in a frame that runs nothing and fetches nothing."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.web.ui.views import AgentPage

POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


class Show(AgentPage):
    """GET: the HTML of one message, for the sandboxed frame."""

    @method_decorator(csp_replace(POLICY))
    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        message = access.messages_for(self.actor, ticket).filter(pk=pk).first()
        if message is None or not message.html:
            raise NotFound(str(pk))
        return self.answer("agent/tickets/letter.html", {"html": message.html})
