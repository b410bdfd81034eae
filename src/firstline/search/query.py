"""Find tickets by what is written in them, by who asked, and by number (product 5.6, 6.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.search import terms
from firstline.search.engines import engine
from firstline.search.models import Document
from firstline.search.terms import Query
from firstline.tickets.access import visible_to
from firstline.tickets.models import Ticket
from firstline.tickets.queue import LIST_RELATED, STATES, Page

FEW = 1000
TOP = 2**63 - 1


def find(
    actor: Actor, text: str, *, state: str = "all", after: str | None = None, size: int = 25
) -> Page:
    """A page of the tickets that the actor sees and that hold every word of `text`, newest first.

    Before all others comes the ticket with exactly this number. The last word also finds the words
    that begin with it, and the beginning of a number finds the number. What staff alone may read is
    found by staff alone (C19, C32). `state` is one of tickets.queue.STATES, `after` the `next` of
    the page before. Any text is taken (C43).
    """
    wanted = terms.read(text)
    if not wanted:
        return Page([], None)
    tickets = visible_to(actor).filter(STATES.get(state, STATES["all"]))
    scope = _Scope(tickets, _own(actor, tickets), internal=actor.may(Permission.INTERNAL_VIEW))
    exact = scope.exact(terms.read_number(text))
    before = _read_key(after)
    pinned = exact if before is None else []
    room = size - len(pinned)
    ids = scope.newest(wanted, room + 1, before=before, without=exact)
    shown = ids[:room]
    more = len(ids) > room
    return Page(_rows(tickets, [*pinned, *shown]), str([TOP, *shown][-1]) if more else None)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where one search looks: in `tickets`, of which `own` are all ids where these are few."""

    tickets: QuerySet[Ticket]
    own: list[int] | None
    internal: bool

    def exact(self, query: Query) -> list[int]:
        """The id of the one ticket with exactly this number, if it is one of them."""
        if not query:
            return []
        hits = Document.objects.filter(engine().meets(query, internal=False))
        ids = list(hits.values_list("pk", flat=True))
        return list(self.tickets.filter(pk__in=ids).values_list("pk", flat=True)[:1])

    def newest(
        self, query: Query, size: int, *, before: int | None = None, without: Sequence[int] = ()
    ) -> list[int]:
        """The ids of the newest tickets that meet the query, newest first."""
        tells = engine().meets if self.own is None else engine().reads
        hits = Document.objects.filter(tells(query, internal=self.internal))
        if before is not None:
            hits = hits.filter(pk__lt=before)
        if without:
            hits = hits.exclude(pk__in=without)
        if self.own is None:
            return engine().newest(hits, self.tickets, size, before)
        mine = hits.filter(pk__in=self.own).order_by("-pk")
        return list(mine.values_list("pk", flat=True)[:size])


def _own(actor: Actor, tickets: QuerySet[Ticket]) -> list[int] | None:
    """All of a customer's tickets, or None where they are many.

    Looking through the few is quick whatever the word, and takes the same time whether or not
    others have written it (C32).
    """
    if actor.is_staff:
        return None
    found = list(tickets.values_list("pk", flat=True)[: FEW + 1])
    return found if len(found) <= FEW else None


def _rows(tickets: QuerySet[Ticket], ids: list[int]) -> list[Ticket]:
    """The tickets with these ids, in this order."""
    rows = tickets.select_related(*LIST_RELATED).in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def _read_key(after: str | None) -> int | None:
    """The id that the page before ended with; None where the key makes no sense, or there is none."""
    if not after or not after.isdecimal() or len(after) > len(str(TOP)):
        return None
    return min(int(after), TOP)
