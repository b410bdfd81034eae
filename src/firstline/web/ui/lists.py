"""Lists of tickets in pages: what an address asks for, and the heads of the columns."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from firstline.people.access import Actor
from firstline.search import query
from firstline.tickets import pages, queue

NEWEST = "-updated"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list asks for; nonsense in it means the ordinary list."""

    words: str
    state: str
    order: str
    after: str | None
    size: int

    @classmethod
    def of(cls, request: HttpRequest, actor: Actor) -> "Asked":
        words = request.GET.get("q", "").strip()
        state = request.GET.get("state", "all" if words else "open")
        order = request.GET.get("order", NEWEST)
        return cls(
            words=words,
            state=state if state in queue.STATES else "open",
            order=order if order.removeprefix("-") in pages.WALKED else NEWEST,
            after=request.GET.get("after"),
            size=actor.person.page_size if actor.person else 25,
        )

    def page(self, actor: Actor) -> pages.Page:
        """The page asked for: a part of a list, or what a search finds."""
        if self.words:
            return query.find(actor, self.words, state=self.state, after=self.after, size=self.size)
        listing = queue.listing(actor, self.state)
        return pages.page(listing, order=self.order, after=self.after, size=self.size)

    def context(self, actor: Actor) -> dict[str, Any]:
        """What the templates of lists need."""
        return {
            "page": self.page(actor),
            "query": self.words,
            "state": self.state,
            "order": self.order,
            "after": self.after,
        }


def column(
    current: str, name: str, order: str, *, down: bool = True, **more: str
) -> dict[str, str]:
    """A column's head; a press on the current order turns it round. Others begin with the newest, or
    the highest, or without `down` with the first of the alphabet.
    """
    head = {"name": name, "order": order and f"-{order}" if down else order, "sort": "", **more}
    if order and current.lstrip("-") == order:
        is_down = current.startswith("-")
        head["sort"] = "descending" if is_down else "ascending"
        head["order"] = order if is_down else f"-{order}"
    return head
