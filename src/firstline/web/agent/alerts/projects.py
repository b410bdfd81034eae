"""Choosing the projects of an alert: found as one types, several at once (cap 96)."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict

from firstline.people import projects
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.web.ui.views import AgentPage

if TYPE_CHECKING:
    from firstline.people.models import Project

BETWEEN = re.compile(r"[\s,;]+")
SHOWN = 20
MOST = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen and what is typed into the search; `after`: where its next page begins."""

    identifiers: list[str]
    typed: str
    after: str

    @classmethod
    def of(cls, form: QueryDict) -> "Choice":
        return cls(
            identifiers=list(dict.fromkeys(form.getlist("project")))[: MOST + 1],
            typed=form.get("find", "").strip()[: 80 * MOST],
            after=form.get("after", ""),
        )

    def chosen(self, actor: Actor, *, with_typed: bool) -> "list[Project]":
        """The chosen projects; also those whose identifiers are typed whole, if that is asked."""
        wanted = [*self.identifiers]
        if with_typed:
            wanted += BETWEEN.split(self.typed)[: MOST + 1]
        return projects.named(actor, filter(None, wanted))

    def strange(self, chosen: "list[Project]") -> str:
        """What is typed and is no identifier of a chosen project, "" if there is nothing."""
        return " ".join(one for one in self._words() if one not in _named(chosen))

    def mistaken(self, chosen: "list[Project]") -> str:
        """The same, where it is meant to be an identifier: words of a search that led to a choice
        are not, but one of a list of identifiers is.
        """
        is_list = bool(_named(chosen).intersection(self._words()))
        return self.strange(chosen) if is_list or not chosen else ""

    def _words(self) -> list[str]:
        return [one for one in BETWEEN.split(self.typed) if one]

    def context(self, actor: Actor, *, with_typed: bool = False) -> dict[str, Any]:
        """What the list of projects needs: chosen ones, found ones, how many people read it."""
        chosen = self.chosen(actor, with_typed=with_typed)
        typed = self.strange(chosen) if with_typed else self.typed
        found: list[Project] = []
        following = None
        if typed:
            found, following = projects.find(actor, typed, after=self.after, size=SHOWN)
        return {
            "chosen": chosen,
            "find": typed,
            "found": [one for one in found if one not in chosen],
            "more": following,
            "begun": self.after,
            "readers": projects.people_count(chosen),
        }


def _named(chosen: "list[Project]") -> set[str]:
    return {one.identifier for one in chosen}


class Found(AgentPage):
    """GET: the chosen projects and those that fit what is typed, as a fragment of the form.

    `pick`: what is typed as a whole identifier is chosen, and what is left of it is told.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.ALERT_OPEN)
        choice = Choice.of(request.GET)
        picked = "pick" in request.GET
        context = choice.context(self.actor, with_typed=picked) | {"picked": picked}
        return self.answer("agent/alerts/projects.html", context)
