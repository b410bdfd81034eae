"""Which tickets, in which order, for whom: the lists of the desk, the register and the portal.

Each list walks one index in its order and stops after a page, so a million tickets cost what ten
thousand do. Nothing here counts without a bound.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from firstline.people.access import Actor
from firstline.tickets.access import visible_to
from firstline.tickets.models import Level, Ticket
from firstline.tickets.models.ticket import DeskGroup
from firstline.tickets.models.workflow import UNRESOLVED, Phase

GROUP_SIZE = 25
FOLDED_SIZE = 8  # of a group that begins folded: most days nobody opens it
COUNT_LIMIT = 500
LIST_RELATED = ("status", "requester", "company", "project", "department", "responsible__person")
DESK_RELATED = ("requester", "company", "responsible__person")
WHOSE = ("all", "mine", "free")


@dataclass(slots=True)
class Group:
    """One group of the desk: its tickets, and how many there are (at most COUNT_LIMIT are counted)."""

    key: str
    level: Level
    tickets: list[Ticket]
    count: int

    @property
    def count_label(self) -> str:
        return f"{COUNT_LIMIT}+" if self.count > COUNT_LIMIT else str(self.count)

    @property
    def never_collapses(self) -> bool:
        """New and First level always stand open (cap 74, 75)."""
        return self.key != DeskGroup.LEVEL


def desk(actor: Actor, whose: str = "all") -> list[Group]:
    """The groups of the service desk in their order, in three queries whatever the number of levels."""
    levels = list(Level.objects.filter(is_active=True))
    places = [
        (group, level)
        for level in levels
        for group in ((DeskGroup.NEW, DeskGroup.REPLY) if level.is_first else (DeskGroup.LEVEL,))
    ]
    scope = _whose(actor, visible_to(actor), whose)
    parts = [scope.filter(desk_group=group, level=level) for group, level in places]
    rows = _first_rows(
        parts, [GROUP_SIZE if level.is_first else FOLDED_SIZE for _, level in places]
    )
    counts = _bounded_counts(parts)
    return [
        Group(
            key=group,
            level=level,
            tickets=[row for row in rows if (row.desk_group, row.level_id) == (group, level.pk)],
            count=counts.get((group, level.pk), 0),
        )
        for group, level in places
    ]


def group(
    actor: Actor, key: str, level_key: str, whose: str = "all", after: int = 0
) -> list[Ticket]:
    """One group of the desk from its `after`-th ticket on, for “show more” (at most 200)."""
    part = _whose(actor, visible_to(actor), whose).filter(desk_group=key, level__key=level_key)
    ordered = part.select_related(*DESK_RELATED).order_by("-priority", "waiting_since")
    return list(ordered[after : after + 200])


def _whose(actor: Actor, tickets: QuerySet[Ticket], whose: str) -> QuerySet[Ticket]:
    if whose == "mine":
        return tickets.filter(responsible=actor.id)
    return tickets.filter(responsible=None) if whose == "free" else tickets


def _first_rows(parts: Iterable[QuerySet[Ticket]], sizes: Iterable[int]) -> list[Ticket]:
    pages = [
        Ticket.objects.select_related(*DESK_RELATED).filter(
            pk__in=part.order_by("-priority", "waiting_since").values("pk")[:size]
        )
        for part, size in zip(parts, sizes, strict=True)
    ]
    rows = pages[0].union(*pages[1:], all=True) if pages else []
    return sorted(rows, key=lambda ticket: (-ticket.priority, ticket.waiting_since))


def _bounded_counts(parts: Iterable[QuerySet[Ticket]]) -> dict[tuple[str, int], int]:
    sums = [
        Ticket.objects.filter(pk__in=part.order_by().values("pk")[: COUNT_LIMIT + 1])
        .order_by()
        .values("desk_group", "level_id")
        .annotate(number=Count("pk"))
        for part in parts
    ]
    rows = reduce(lambda one, other: one.union(other, all=True), sums) if sums else []
    return {(row["desk_group"], row["level_id"]): row["number"] for row in rows}


def in_phases(*phases: str) -> Q:
    """Tickets in these phases, asked for so that no planner reads or sorts a million rows.

    Nearly all tickets are closed. Where those are wanted, a list walks its own order and leaves the
    few others out; all other phases hold few tickets, which are found by the index of phases.
    """
    if Phase.CLOSED in phases:
        return ~Q(phase__in=[phase for phase in Phase if phase not in phases])
    return Q(pk__in=Ticket.objects.filter(phase__in=phases).values("pk"))


# The register: sort orders that have an index, and the columns that continue them.
ORDERS = {
    "-created": ("-id",),
    "created": ("id",),
    "-updated": ("-updated_at", "-id"),
    "updated": ("updated_at", "id"),
    "-priority": ("-priority", "-id"),
    "priority": ("priority", "id"),
}
STATES = {
    "all": Q(),
    "open": in_phases(*UNRESOLVED),
    "closed": in_phases(Phase.RESOLVED, Phase.CLOSED),
}


@dataclass(slots=True)
class Page:
    """One page of a list and where the next one begins (None at the end)."""

    tickets: list[Ticket]
    next: str | None


def page(
    tickets: QuerySet[Ticket],
    *,
    order: str = "-created",
    after: str | None = None,
    size: int = 25,
    related: Sequence[str] = (),
) -> Page:
    """A page of `tickets` in a key order; `after` is the `next` of the page before.

    Never an OFFSET: the thousandth page costs what the first does. Two queries: what has to be sorted
    is sorted as ids alone, then LIST_RELATED and `related` are fetched for the page's own rows. In
    one query PostgreSQL would join a million tickets first (join_collapse_limit is 8).
    """
    columns = ORDERS.get(order, ORDERS["-created"])
    start = _read_key(after, columns)
    behind = tickets if start is None else tickets.filter(start)
    ids = list(behind.order_by(*columns).values_list("pk", flat=True)[: size + 1])
    rows = Ticket.objects.filter(pk__in=ids).select_related(*LIST_RELATED, *related)
    found = list(rows.order_by(*columns))
    more = len(found) > size
    return Page(found[:size], _write_key(found[size - 1], columns) if more else None)


def understands(after: str, order: str) -> bool:
    """Whether `after` is a key of a list in this order, so that a page can begin behind it."""
    return _read_key(after, ORDERS[order]) is not None


def _write_key(ticket: Ticket, columns: tuple[str, ...]) -> str:
    values = (getattr(ticket, column.lstrip("-")) for column in columns)
    return "_".join(
        value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if timezone.is_naive(moment):
        raise ValueError(text)
    return moment


READ: dict[str, Callable[[str], object]] = {
    "id": int,
    "priority": int,
    "updated_at": _moment,
}


def _read_key(after: str | None, columns: tuple[str, ...]) -> Q | None:
    """The condition “behind this key”; None where the key makes no sense, so the list begins anew."""
    values = (after or "").split("_")
    if len(values) != len(columns):
        return None
    names = [column.lstrip("-") for column in columns]
    try:
        key = [READ[name](value) for name, value in zip(names, values, strict=True)]
    except ValueError:
        return None
    beyond = "lt" if columns[0].startswith("-") else "gt"
    if len(names) == 1:
        return Q(**{f"{names[0]}__{beyond}": key[0]})
    tie = Q(**{names[0]: key[0], f"{names[1]}__{beyond}": key[1]})
    return Q(**{f"{names[0]}__{beyond}e": key[0]}) & (Q(**{f"{names[0]}__{beyond}": key[0]}) | tie)
