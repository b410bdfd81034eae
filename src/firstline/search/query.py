"""Find tickets by what is written in them, by who asked, and by number (product 5.6, 6.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.search import scopes, terms
from firstline.search.engines import engine
from firstline.search.models import COLUMNS, Document
from firstline.search.terms import Query
from firstline.tickets import pages, queue
from firstline.tickets.access import partner_of, visible_to
from firstline.tickets.models import Ticket
from firstline.tickets.pages import Listing, Page

NEWEST = "-created"
FEW = 300
MOST_SORTED = 300  # of what is found among many: the newest
TOP = 2**63 - 1
PUBLIC = ("public",)


def find(
    actor: Actor,
    text: str,
    *,
    state: str = "all",
    within: Listing | None = None,
    order: str = NEWEST,
    after: str | None = None,
    size: int = 25,
    related: Sequence[str] = (),
) -> Page:
    """A page of the tickets that the actor sees and that hold every word of `text`, newest first.

    Before all others comes the ticket with exactly this number. The last word also finds the words
    that begin with it, and the beginning of a number finds the number. What one line's staff alone may
    read is found by them alone (C19, C32). `state` is one of tickets.queue.STATES; `within`, a list of the
    actor's own, stands for it where the search is to look nowhere else. `order` is one of
    tickets.pages.COLUMNS: in any but NEWEST, what is found among many is sorted up to MOST_SORTED.
    `after` is the `next` of the page before. `related` is fetched with the tickets, as by
    tickets.pages.page. Any text is taken.
    """
    wanted = terms.read(text)
    if not wanted:
        return Page([], None)
    if within is not None and within.scope is not None:
        wanted = replace(wanted, scope=scopes.word(within.scope))
    seen = visible_to(actor)
    theirs = within or queue.listing(actor, state)
    scope = _Scope(
        within.whole if within else seen.filter(is_open__in=queue.STATES[state]),
        None if actor.is_staff else theirs.all_ids(FEW),
        columns_for(actor),
    )
    exact = scope.exact(terms.read_number(text))
    if order != NEWEST:
        found = scope.newest(wanted, scope.most + 1)
        ids, following = _sorted(found[: scope.most], order, after, size)
        return Page(pages.rows(seen, ids, related), following, len(found) > scope.most)
    before = _read_key(after)
    pinned = exact if before is None else []
    room = size - len(pinned)
    ids = scope.newest(wanted, room + 1, before=before, without=exact)
    shown = ids[:room]
    more = len(ids) > room
    following = str([TOP, *shown][-1]) if more else None
    return Page(pages.rows(seen, [*pinned, *shown], related), following)


def understands(after: str) -> bool:
    """Whether `after` is where a page of `find` may begin."""
    return _read_key(after) is not None


def columns_for(actor: Actor) -> tuple[str, ...]:
    """Whose words the actor may find: the audiences of `tickets.access.readable_by`."""
    if not actor.may(Permission.INTERNAL_VIEW):
        return PUBLIC
    if actor.is_system:
        return COLUMNS
    own = "platform" if partner_of(actor) is None else "partner"
    return (*PUBLIC, "between_lines", own)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where one search looks: in `tickets`, of which `own` are all ids where these are few.

    Looking through the few is quick whatever the word, and takes the same time whether or not
    others have written it (C32).
    """

    tickets: QuerySet[Ticket]
    own: list[int] | None
    columns: tuple[str, ...]

    @property
    def most(self) -> int:
        """How many of the tickets found are sorted, where that is asked for."""
        return FEW if self.own is not None else MOST_SORTED

    def exact(self, query: Query) -> list[int]:
        """The id of the one ticket with exactly this number, if it is one of them."""
        if not query:
            return []
        hits = Document.objects.filter(engine().meets(query, PUBLIC))
        ids = list(hits.values_list("pk", flat=True))
        if self.own is not None:
            return [pk for pk in ids if pk in self.own][:1]
        return list(self.tickets.filter(pk__in=ids).values_list("pk", flat=True)[:1])

    def newest(
        self, query: Query, size: int, *, before: int | None = None, without: Sequence[int] = ()
    ) -> list[int]:
        """The ids of the newest tickets that meet the query, newest first."""
        tells = engine().meets if self.own is None else engine().reads
        hits = Document.objects.filter(tells(query, self.columns))
        if before is not None:
            hits = hits.filter(pk__lt=before)
        if without:
            hits = hits.exclude(pk__in=without)
        if self.own is None:
            return engine().newest(hits, self.tickets, size, before, scoped=bool(query.scope))
        mine = hits.filter(pk__in=self.own).order_by("-pk")
        return list(mine.values_list("pk", flat=True)[:size])


def _sorted(
    found: list[int], order: str, after: str | None, size: int
) -> tuple[list[int], str | None]:
    """The ids of a page of what was found in another order than the newest first, and the next key."""
    column = pages.COLUMNS[order.lstrip("-")]
    rows = Ticket.objects.filter(pk__in=found).values_list("pk", column)
    return pages.sort(list(rows), column, order.startswith("-"), after, size)


def _read_key(after: str | None) -> int | None:
    """The id that the page before ended with; None where the key makes no sense, or there is none."""
    if not after or not after.isdecimal() or len(after) > len(str(TOP)):
        return None
    return min(int(after), TOP)
