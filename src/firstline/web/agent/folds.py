"""Folds: which groups of the desk an agent keeps open (cap 76)."""

from django.http import HttpRequest, HttpResponse

from firstline.people.access import NotFound
from firstline.people.actions.folding import fold
from firstline.tickets import levels
from firstline.web.ui.views import AgentPage


class Create(AgentPage):
    """POST: remember that the group of the level `key` stands open (`open`), or not."""

    def post(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("key", "")
        if not levels.is_key(key):
            raise NotFound(key)
        fold(self.actor, key, is_open="open" in request.POST)
        return HttpResponse(status=204)
