"""The service desk in groups (product 5.1): what each shows, how many it holds, what comes next.

Each group walks one index in its order and stops after a page, so a million tickets cost what ten
thousand do. The desk shows what the actor's own line works on (product 2.3).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value

from firstline.base.ids import read_number
from firstline.people.access import Actor
from firstline.people.models import Partner
from firstline.people.roles import Permission
from firstline.tickets import levels
from firstline.tickets.access import departments_of, is_custodian, partner_of
from firstline.tickets.models import Level, Ticket
from firstline.tickets.models.ticket import Custody, DeskGroup

GROUP_SIZE = 25
FOLDED_SIZE = 8  # of a group that begins folded: most days nobody opens it
REST_SIZE = 200
COUNT_LIMIT = 500
RELATED = ("requester", "company", "project", "team", "responsible__person")
ORDER = ("-priority", "waiting_since", "pk")
WHOSE = ("all", "mine", "free")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LARGEST = 2**62  # no key of a row and no moment is beyond it


@dataclass(slots=True)
class Group:
    """One group of the desk: its tickets, and how many there are (at most COUNT_LIMIT are counted).

    `is_open`: as the actor left it; New and First level always stand open (cap 74, 75).
    """

    key: str
    level: Level
    is_open: bool
    tickets: list[Ticket] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)  # of each piece of it

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def name(self) -> str:
        """`new`, `reply`, or the key of the level: no level is called like the first two."""
        return self.level.key if self.key == DeskGroup.LEVEL else self.key

    @property
    def id(self) -> str:
        """What the page calls the group."""
        return f"level-{self.name}" if self.key == DeskGroup.LEVEL else f"group-{self.name}"

    @property
    def never_collapses(self) -> bool:
        return self.key != DeskGroup.LEVEL

    @property
    def size(self) -> int:
        """How many tickets it begins with."""
        return GROUP_SIZE if self.is_open else FOLDED_SIZE

    @property
    def count_label(self) -> str:
        return f"{COUNT_LIMIT}+" if self.count > COUNT_LIMIT else str(self.count)

    @property
    def rest(self) -> int:
        """How many more the next press shows; 0 where that is not known."""
        number = self.count - len(self.tickets)
        return number if self.count <= COUNT_LIMIT and number <= REST_SIZE else 0

    @property
    def following(self) -> str:
        """Where the rest of it begins; empty if all of it is shown."""
        return mark(self.tickets[-1]) if self.count > len(self.tickets) > 0 else ""


def desk(actor: Actor, whose: str = "all") -> list[Group]:
    """The groups of the desk in their order, in one query whatever the number of levels.

    A level that is retired stays as long as it holds a ticket: nothing is lost.
    """
    groups = _groups(actor)
    places = {(one.key, one.level.pk): one for one in groups}
    scopes = _scopes(actor, whose)
    parts = [(one, _part(scope, one.key, one.level.pk)) for one in groups for scope in scopes]
    for ticket in _rows((part, one.size, at) for at, (one, part) in enumerate(parts)):
        one = places[ticket.desk_group, ticket.level_id]
        one.tickets.append(ticket)
        one.counts[ticket.part] = ticket.in_part
    for one in groups:
        one.tickets = sorted(one.tickets, key=_order)[: one.size]
    return [one for one in groups if one.level.is_active or one.count]


def rest(
    actor: Actor, key: str, level_key: str, whose: str = "all", after: str = ""
) -> tuple[list[Ticket], str]:
    """One group from behind a mark on, at most REST_SIZE tickets, and the mark where it goes on."""
    found: list[Ticket] = []
    for scope in _scopes(actor, whose):
        part = scope.filter(desk_group=key, level__key=level_key).filter(_behind(after))
        found += part.select_related(*RELATED).order_by(*ORDER)[: REST_SIZE + 1]
    shown = sorted(found, key=_order)[:REST_SIZE]
    return shown, mark(shown[-1]) if len(found) > len(shown) else ""


def following(actor: Actor, ticket: Ticket, whose: str = "all") -> str:
    """The number of the ticket to take up after this one: the next of its group, else the first
    that waits for an answer on the first level; empty if there is none.

    To be asked before the ticket leaves the desk.
    """
    scopes = _scopes(actor, whose)
    here = _behind(mark(ticket)) & Q(desk_group=ticket.desk_group, level=ticket.level_id)
    places = [here] if ticket.desk_group else []
    places += [Q(desk_group=key, level__is_first=True) for key in (DeskGroup.NEW, DeskGroup.REPLY)]
    for place in places:
        for scope in scopes:
            found = scope.filter(place).exclude(pk=ticket.pk).order_by(*ORDER)
            number = found.values_list("number", flat=True).first()
            if number:
                return str(number)
    return ""


def counts(actor: Actor, whose: str = "all") -> dict[str, str]:
    """How many tickets each group holds, by its name and as its head says it; one query."""
    groups = _groups(actor)
    places = {(one.key, one.level.pk): one for one in groups}
    sums = []
    for at, scope in enumerate(_scopes(actor, whose)):
        for key, level_id in places:
            head = _part(scope, key, level_id).order_by(*ORDER).values("pk")[: COUNT_LIMIT + 1]
            part = Ticket.objects.filter(pk__in=head).order_by()
            columns = part.values_list("desk_group", "level_id", Value(at))
            sums.append(columns.annotate(number=Count("pk")))
    for key, level_id, at, number in sums[0].union(*sums[1:], all=True) if sums else []:
        places[key, level_id].counts[at] = number
    return {one.name: one.count_label for one in groups}


def place(actor: Actor, ticket: Ticket) -> str:
    """The name of the group in which the actor's desk shows a ticket that they see; "" for none."""
    if not ticket.desk_group or not is_custodian(actor, ticket):
        return ""
    return ticket.level.key if ticket.desk_group == DeskGroup.LEVEL else ticket.desk_group


def mark(ticket: Ticket) -> str:
    """The ticket's place in the order of its group, as an address can hold it."""
    return f"{ticket.priority}.{(ticket.waiting_since - EPOCH) // MICROSECOND}.{ticket.pk}"


def _behind(after: str) -> Q:
    """What stands behind a mark; everything where it makes no sense."""
    parts = [read_number(one, most=LARGEST) for one in after.split(".")[:4]]
    if len(parts) != 3 or None in parts:
        return Q()
    priority, number, pk = (one or 0 for one in parts)
    try:
        since = EPOCH + number * MICROSECOND
    except OverflowError:
        return Q()
    later = Q(waiting_since__gt=since) | Q(waiting_since=since, pk__gt=pk)
    return Q(priority__lte=priority) & (Q(priority__lt=priority) | later)


def _order(ticket: Ticket) -> tuple[int, datetime, int]:
    return -ticket.priority, ticket.waiting_since, ticket.pk


def _keys(level: Level) -> tuple[DeskGroup, ...]:
    return (DeskGroup.NEW, DeskGroup.REPLY) if level.is_first else (DeskGroup.LEVEL,)


def _groups(actor: Actor) -> list[Group]:
    """All groups in their order, empty as yet."""
    staff = getattr(actor.person, "staff", None)
    folded = staff.folded if staff else {}
    return [
        Group(key, level, is_open=level.is_first or folded.get(level.key) is False)
        for level in levels.all_of_them()
        for key in _keys(level)
    ]


def _scopes(actor: Actor, whose: str) -> list[QuerySet[Ticket]]:
    """What the actor's line works on, in pieces of which each is found by the index of the desk."""
    if not actor.may(Permission.TICKET_VIEW):
        return []
    partner_id = partner_of(actor)
    if partner_id is not None:
        of_partner = Ticket.objects.filter(partner=partner_id)
        scopes = [of_partner.filter(custody=Custody.PARTNER)]
        own = Partner.objects.filter(pk=partner_id, own_first_line=True)
        # Without an own first line the partner shares the work with the platform.
        scopes += [] if own.exists() else [of_partner.filter(custody=Custody.PLATFORM)]
    else:
        scopes = [Ticket.objects.filter(custody=Custody.PLATFORM)]
        if not actor.may(Permission.ALL_DEPARTMENTS):
            mine = departments_of(actor).values("pk")
            scopes = [scope.filter(department__in=mine) for scope in scopes]
    return [_whose(actor, scope, whose) for scope in scopes]


def _whose(actor: Actor, tickets: QuerySet[Ticket], whose: str) -> QuerySet[Ticket]:
    if whose == "mine":
        return tickets.filter(responsible=actor.id)
    return tickets.filter(responsible=None) if whose == "free" else tickets


def _part(scope: QuerySet[Ticket], key: str, level_id: int) -> QuerySet[Ticket]:
    return scope.filter(desk_group=key, level=level_id)


def _rows(parts: Iterable[tuple[QuerySet[Ticket], int, int]]) -> Iterable[Any]:
    """The first rows of each part, each row with how many its part has: one query."""
    related = Ticket.objects.select_related(*RELATED)
    pages = []
    for part, size, at in parts:
        ordered = part.order_by(*ORDER).values("pk")
        page = related.filter(pk__in=ordered[:size])
        pages.append(page.annotate(part=Value(at), in_part=Number(ordered[: COUNT_LIMIT + 1])))
    return pages[0].union(*pages[1:], all=True) if pages else []


class Number(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
