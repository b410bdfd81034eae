"""A customer's mail as its sender set it. What staff wrote by mail is shown as its text alone."""

from typing import TYPE_CHECKING

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from firstline.people.access import NotFound
from firstline.tickets import access
from firstline.web.ui.letters import POLICY, WITH_PICTURES, letter
from firstline.web.ui.views import PortalPage

if TYPE_CHECKING:
    from firstline.tickets.models import Message


class _Letter(PortalPage):
    def theirs(self, number: str, pk: int) -> "Message":
        """A customer's mail that has HTML. Raises NotFound, Forbidden."""
        message = access.letter_for(self.actor, number, pk)
        if message.kind != "in":
            raise NotFound(str(pk))
        return message


class Show(_Letter):
    """GET: the HTML of one message, for the sandboxed frame."""

    @method_decorator(csp(POLICY))
    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        return letter(request, self.theirs(number, pk))


class Pictures(_Letter):
    """GET: the same with the pictures that lie elsewhere, which the reader asked for."""

    @method_decorator(csp(WITH_PICTURES))
    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        return letter(request, self.theirs(number, pk), with_pictures=True)
