"""The service desk: tickets in groups, and one of them beside the list (product 5.1)."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstline.people.access import NotFound
from firstline.tickets import desk
from firstline.web.agent import waiting
from firstline.web.agent.inbox import where
from firstline.web.ui.views import AgentPage

WHOSE_COOKIE = "firstline_whose"


def whose_of(request: HttpRequest) -> str:
    """Whose tickets the list shows: all, mine or free; remembered between pages."""
    chosen = request.GET.get("whose") or request.COOKIES.get(WHOSE_COOKIE, "all")
    return chosen if chosen in desk.WHOSE else "all"


class DeskPage(AgentPage):
    """A page with the desk's list at its side."""

    def list_context(self) -> dict[str, Any]:
        """What the list needs: the one that the reader stands in, by default the desk's."""
        place = where.where_of(self.request)
        if place is not None:
            with suppress(NotFound):  # theirs no more
                return where.context(self.actor, place)
        if name := waiting.list_of(self.request):
            return waiting.context(self.actor, name)
        return self.desk_context()

    def desk_context(self) -> dict[str, Any]:
        """The desk's list; one query, two for a partner's staff, and the levels every few seconds."""
        whose = whose_of(self.request)
        return {
            "section": "desk",
            "whose": whose,
            "list_name": where.DESK,
            "list_address": reverse("agent:desk"),
            "news_address": reverse("agent:desk_news"),
            "groups": desk.desk(self.actor, whose),
        }

    @property
    def back(self) -> str:
        """The address of the list that the reader came from."""
        place = where.where_of(self.request)
        if place is None and (name := waiting.list_of(self.request)):
            return waiting.address_of(name)
        return place.address if place else reverse("agent:desk")

    def remember(self, response: HttpResponse) -> HttpResponse:
        """Keep the choice of list for the next page."""
        if "whose" in self.request.GET:
            response.set_cookie(
                WHOSE_COOKIE,
                whose_of(self.request),
                max_age=31536000,
                samesite="Lax",
                httponly=True,
            )
        return response


class Desk(DeskPage):
    """GET: the desk with no ticket chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = self.remember(self.answer("agent/desk/desk.html", self.desk_context()))
        return where.remember(request, response, where.DESK)


class Group(DeskPage):
    """GET: the rest of one group, from behind the mark `after` on."""

    def get(self, request: HttpRequest, key: str, level: str) -> HttpResponse:
        whose = whose_of(request)
        tickets, following = desk.rest(self.actor, key, level, whose, request.GET.get("after", ""))
        context = {"tickets": tickets, "following": following, "key": key, "level": level}
        template = "agent/desk/rest.html" if self.is_htmx else "agent/desk/whole_group.html"
        return self.answer(template, {"section": "desk", "whose": whose} | context)
