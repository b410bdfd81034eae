"""What waits of one's own tickets, beside the open one: for the customer, or deferred until a time."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import pgettext

from firstline.live.entries import entry, shown
from firstline.people.access import Actor
from firstline.tickets import waiting
from firstline.web.agent.inbox import where
from firstline.web.agent.live.rows import row
from firstline.web.ui.views import AgentPage

MOST_ROWS = 1000


def list_of(request: HttpRequest) -> str:
    """Which of the two lists the reader stands in; "" for none."""
    told = request.headers.get("X-List") or request.COOKIES.get(where.COOKIE, "")
    view, _dash, name = told.partition("-")
    return name if view == waiting.VIEW and name in waiting.LISTS else ""


def address_of(name: str) -> str:
    """The address of one of the two lists."""
    return reverse("agent:waiting_list", args=[name])


def context(actor: Actor, name: str, after: str | None = None) -> dict[str, Any]:
    """What the list at the side needs; one query. Raises NotFound."""
    found = waiting.shown(actor, name, after)
    return {
        "section": "desk",
        "whose": waiting.VIEW,
        "waiting": name,
        "list_name": f"{waiting.VIEW}-{name}",
        "list_address": address_of(name),
        "news_address": reverse("agent:waiting_news", args=[name]),
        "tabs": [
            {"key": key, "name": words, "count": found.counts[key], "address": address_of(key)}
            for key, words in _names().items()
        ],
        "tickets": found.tickets,
        "following": found.next,
        "after": after,
    }


class Index(AgentPage):
    """GET: on to the tickets that wait for the customer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(address_of("customer"))


class List(AgentPage):
    """GET: one of the two lists; `after` is the key of the page before."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        found = context(self.actor, name, request.GET.get("after"))
        if self.is_htmx and found["after"]:
            return self.answer("agent/inbox/rest.html", found)
        response = self.answer("agent/desk/desk.html", found)
        return where.remember(request, response, found["list_name"])


class News(AgentPage):
    """GET: `rows`, the numbers on the screen, as they are now; in the stream's own words."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        found = context(self.actor, name)
        numbers = [one for one in request.GET.get("rows", "").split(",")[:MOST_ROWS] if one]
        seen = shown(self.actor, numbers)
        known = {ticket.number for ticket in seen}
        told = [entry(self.actor, waiting.VIEW, one, row(self.actor, one)) for one in seen]
        told += [
            {"number": one.number, "group": name, "row": row(self.actor, one), "is_new": True}
            for one in found["tickets"]
            if one.number not in known
        ]
        gone = [number for number in numbers if number not in known]
        counts = {one["key"]: one["count"] for one in found["tabs"]}
        return JsonResponse({"tickets": told, "gone": gone, "counts": counts})


def _names() -> dict[str, str]:
    return {
        "customer": pgettext("my waiting tickets", "For the customer"),
        "deferred": pgettext("my waiting tickets", "Deferred"),
    }
