"""Which tickets, in which order, for whom: the lists of the desk, the register and the portal.

Each list walks one index in its order and stops after a page, so a million tickets cost what ten
thousand do. Nothing here counts without a bound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from django.db.models import Count, Q, QuerySet

from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.access import departments_of, partner_of, visible_to
from firstline.tickets.models import Level, Ticket
from firstline.tickets.models.ticket import Custody, DeskGroup
from firstline.tickets.models.workflow import Phase
from firstline.tickets.pages import Listing, Scope

GROUP_SIZE = 25
FOLDED_SIZE = 8  # of a group that begins folded: most days nobody opens it
COUNT_LIMIT = 500
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


# All, open or closed: the values of `is_open`, which stands in the index of every list.
STATES: dict[str, tuple[int, ...]] = {"all": (1, 0), "open": (1,), "closed": (0,)}
MOST_REACHES = 12  # of one reader; who works in more departments sees so much that a walk is quick
Opened = tuple[datetime | None, datetime | None]  # from the first moment on, and before the second


def listing(
    actor: Actor, state: str = "all", narrowed: Q | None = None, *, leads: bool = False
) -> Listing:
    """All tickets that the actor sees, of a state, narrowed to what fits.

    `leads`: an index finds what fits, so that nobody's departments or companies have to.
    """
    seen = visible_to(actor)
    reaches = None if leads else _reaches(actor)
    base = seen if reaches is None else Ticket.objects.all()
    fitting = base if narrowed is None else base.filter(narrowed)
    parts = [
        fitting.filter(reach, is_open=is_open)
        for reach in (reaches if reaches is not None else [Q()])
        for is_open in STATES[state]
    ]
    whole = seen.filter(narrowed or Q(), is_open__in=STATES[state])
    return Listing(tuple(parts), whole, seen)


def _reaches(actor: Actor) -> list[Q] | None:
    """What together makes `access.visible_to`, each found by an index; None where it is too much."""
    if not actor.may(Permission.TICKET_VIEW):
        return []
    partner_id = partner_of(actor)
    if partner_id is not None:
        return [Q(partner=partner_id)]
    if actor.may(Permission.ALL_DEPARTMENTS):
        return [Q()]
    if actor.is_staff:
        ids = departments_of(actor).order_by("pk").values_list("pk", flat=True)
        held = Q() if actor.may(Permission.PARTNERS_READ) else Q(custody=Custody.PLATFORM)
        found = [Q(department=pk) & held for pk in ids]
    else:
        projects = actor.person.project_ids if actor.person else []
        found = [mine(actor).fits, *(Q(project=pk) for pk in projects)]
        found += [company.fits] if (company := of_company(actor)) else []
    return found if len(found) <= MOST_REACHES else None


def mine(actor: Actor) -> Scope:
    """The tickets that the actor asked for."""
    return Scope("requester", actor.id)


def of_company(actor: Actor) -> Scope | None:
    """The tickets of the actor's company, if they may see them."""
    customer = getattr(actor.person, "customer", None)
    if customer is None or not customer.sees_company or customer.company_id is None:
        return None
    return Scope("company", customer.company_id)


def of_project(actor: Actor, project_id: int) -> Scope:
    """The tickets of a project of the actor's. Raises NotFound."""
    if actor.person is None or project_id not in actor.person.project_ids:
        raise NotFound(str(project_id))
    return Scope("project", project_id)


def theirs(
    actor: Actor, scope: Scope, state: str = "all", opened: Opened = (None, None)
) -> Listing:
    """A customer's list: one scope (`mine`, `of_company`, `of_project`), so that an index finds it.

    Narrowed to the time of opening, an index leads along that alone.
    """
    start, end = opened
    when = Q(created_at__gte=start) if start else Q()
    when &= Q(created_at__lt=end) if end else Q()
    fitting = Ticket.objects.filter(scope.fits, when)
    return Listing(
        tuple(fitting.filter(is_open=is_open) for is_open in STATES[state]),
        fitting.filter(is_open__in=STATES[state]),
        visible_to(actor),
        frozenset({"created_at"} if when else {"created_at", "updated_at"}),
        "created_at" if when else "updated_at",
        scope,
    )


def counts(scope: Scope, most: int) -> dict[str, int]:
    """How many tickets of a scope are in each of STATES; of open and of closed ones at most `most`."""
    parts = {key: Ticket.objects.filter(scope.fits, is_open=flag) for key, flag in _FLAGS.items()}
    # In the order of an index, or PostgreSQL reads the table for the first `most` that fit.
    heads = [part.order_by("-updated_at", "-id")[:most] for part in parts.values()]
    found = _sums(heads, "is_open")
    sums = {key: found.get(flag, 0) for key, flag in _FLAGS.items()}
    return {"all": sum(sums.values()), **sums}


def open_counts(project_ids: Sequence[int]) -> dict[int, int]:
    """How many tickets are open in each of these projects; at most COUNT_LIMIT + 1 are counted."""
    parts = [Ticket.objects.filter(project=pk, is_open=1) for pk in project_ids]
    heads = [part.order_by("-updated_at", "-id")[: COUNT_LIMIT + 1] for part in parts]
    return _sums(heads, "project_id")


_FLAGS = {"open": 1, "closed": 0}


def _sums(heads: Sequence[QuerySet[Ticket]], column: str) -> dict[int, int]:
    """The number of rows in each of these slices, by the value that a column has all over it."""
    sums = [
        Ticket.objects.filter(pk__in=head.values("pk"))
        .order_by()
        .values_list(column)
        .annotate(number=Count("pk"))
        for head in heads
    ]
    return dict(sums[0].union(*sums[1:], all=True)) if sums else {}
