"""Deletions: a ticket goes for good, with all that was said in it (C72)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets.actions.delete import LONGEST, StillMerged, delete, loss
from firstline.web.agent.tickets.acts import Act
from firstline.web.ui import once
from firstline.web.ui.saying import Problem


class Deletions(Act):
    """GET: what would be lost. POST: delete, once that is understood; the next ticket opens."""

    act = "delete"
    need = Permission.TICKET_DELETE
    fields = ("understood", "why")
    first = "understood"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        return {"loss": loss(ticket), "longest": LONGEST}

    def post(self, request: HttpRequest, number: str, **of: Any) -> HttpResponse:
        try:
            return super().post(request, number, **of)
        except StillMerged as problem:
            told = [Problem(self.first, problem.text)]
            return self.window(number, self._chosen(request.POST), told, status=409)
        except NotFound:
            if once.was_sent(request):  # pressed twice: the first press took it away
                return self.shown_after(number, self.said(None))
            raise

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        if not chosen["understood"]:
            raise ValidationError({self.first: _("Tick this to delete it.")})
        self.following_number = self.following(ticket)
        delete(self.actor, ticket, via="web", why=chosen["why"])
        return ticket

    def said(self, ticket: Any) -> str:
        return _("Deleted for good.")
