"""What the address of a customer's list asks for, and addresses of the lists beside it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from firstline.people.access import Actor
from firstline.search import query
from firstline.tickets import pages, queue
from firstline.web.ui.days import span
from firstline.web.ui.lists import NEWEST, column

if TYPE_CHECKING:
    from firstline.tickets.pages import Scope

COUNTED = 99
LONGEST = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Asked:
    """A list in an address, to be kept as a bookmark; nonsense means the ordinary list."""

    scope: str  # "company", or "" for one's own and those of a project
    words: str
    first: str  # days of opening as they were typed
    last: str
    opened: tuple[datetime | None, datetime | None]
    wrong: dict[str, str]
    state: str
    order: str
    after: str
    size: int

    @classmethod
    def of(cls, request: HttpRequest, actor: Actor) -> "Asked":
        asked = {name: request.GET.get(name, "") for name in ("q", "from", "to", "order", "after")}
        words, first, last = (asked[name].strip()[:LONGEST] for name in ("q", "from", "to"))
        opened, wrong = span(first, last)
        searched = bool(words or first or last)
        state = request.GET.get("state", "")
        company = request.GET.get("scope") == "company" and queue.of_company(actor) is not None
        return cls(
            scope="company" if company else "",
            words=words,
            first=first,
            last=last,
            opened=opened,
            wrong=wrong,
            state=state if state in queue.STATES else "all" if searched else "open",
            order=asked["order"] if asked["order"].removeprefix("-") in pages.COLUMNS else "",
            after=asked["after"],
            size=actor.person.page_size if actor.person else 25,
        )

    @property
    def is_search(self) -> bool:
        return bool(self.words or self.first or self.last)

    @property
    def ordered(self) -> str:
        """The order there is: what was changed last comes first, of what a search finds the newest."""
        return self.order or (query.NEWEST if self.is_search else NEWEST)

    def address(self, **changes: Any) -> str:
        """The list beside this one, from its beginning; what is as usual is left out."""
        other = replace(self, **({"after": ""} | changes))
        usual = "all" if other.is_search else "open"
        asked = {
            "scope": other.scope,
            "q": other.words,
            "from": other.first,
            "to": other.last,
            "state": "" if other.state == usual else other.state,
            "order": other.order,
            "after": other.after,
        }
        return "?" + urlencode({name: text for name, text in asked.items() if text})

    def page(self, actor: Actor, scope: "Scope") -> pages.Page:
        """The page asked for: a part of a list, or what a search finds in it; nothing in no such days."""
        if self.wrong:
            return pages.Page([], None)
        listing = queue.theirs(actor, scope, self.state, self.opened)
        about: dict[str, Any] = {"order": self.ordered, "after": self.after, "size": self.size}
        if self.words:
            return query.find(actor, self.words, within=listing, **about)
        return pages.page(listing, **about)

    def context(self, actor: Actor, scope: "Scope") -> dict[str, Any]:
        """What the templates of a list need."""
        page, views = self.page(actor, scope), self._views(scope)
        return {
            "asked": self,
            "page": page,
            "has_any": any(view["count"] != "0" for view in views),
            "all": self.address(state="all"),
            "open": self.address(state="open"),
            "next": self.address(after=page.next) if page.next else "",
            "beginning": self.address() if self.after else "",
            "cleared": self.address(words="", first="", last="", state="open", order=""),
            "views": views,
            "columns": self._columns(),
        }

    def _views(self, scope: "Scope") -> list[dict[str, Any]]:
        """All, Open, Closed, each with how many there are; what a search finds is not counted."""
        names = [("all", _("All")), ("open", _("Open")), ("closed", _("Closed"))]
        counts = {} if self.is_search else queue.counts(scope, COUNTED + 1)
        return [
            {
                "name": name,
                "href": self.address(state=key),
                "is_current": key == self.state,
                "count": _bounded(counts[key]) if key in counts else "",
            }
            for key, name in names
        ]

    def _columns(self) -> list[dict[str, str]]:
        heads = [
            column(self.ordered, _("Number"), "number", width="w-num"),
            column(self.ordered, _("Subject"), "subject", width="", down=False),
            column(self.ordered, _("Status"), "status", width="w-status", down=False),
            column(self.ordered, _("Priority"), "priority", width="w-prio"),
            column(self.ordered, _("Department"), "department", width="w-who", down=False),
            column(self.ordered, _("Opened"), "created", width="w-last"),
            column(self.ordered, _("Updated"), "updated", width="w-num"),
        ]
        return [head | {"href": self.address(order=head["order"])} for head in heads]


def _bounded(number: int) -> str:
    """How many, counted no further than a reader cares for."""
    return f"{COUNTED}+" if number > COUNTED else str(number)
