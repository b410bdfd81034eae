"""The palette: tickets and people as one types. What can be done on the page is its script's part."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from firstline.people.customers import customers_for
from firstline.people.roles import Permission
from firstline.search.query import find
from firstline.web.ui.views import AgentPage

TICKETS, PEOPLE = 6, 5
SHORTEST_NAME = 2  # letters: one would be looked for in every name there is
LONGEST = 200


class Palette(AgentPage):
    """GET: what fits `q`; `@` before it asks for people alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").strip()[:LONGEST]
        if not self.is_fragment:
            return redirect(f"{reverse('agent:register')}?{urlencode({'q': typed})}")
        context: dict[str, Any] = {}
        words = typed.removeprefix("@").strip()
        if words and not typed.startswith("@"):
            context["tickets"] = find(self.actor, words, size=TICKETS).tickets
        if len(words) >= SHORTEST_NAME and self.actor.may(Permission.CUSTOMER_VIEW):
            context["people"] = customers_for(self.actor, typed=words, size=PEOPLE).rows
        return self.answer("agent/palette_found.html", context)

    @property
    def is_fragment(self) -> bool:
        """Whether the palette's script asks; whoever comes by the address gets the list."""
        return self.request.headers.get("X-Requested-With") == "palette"
