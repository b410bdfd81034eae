"""Partners' desks: what partners with an own first line hold, for the platform to look at (cap 92).

A row says how long somebody waits and on whose desk, and nothing of what they wrote, unless the
permission says so. Each list walks an index from a key on, and each count has a bound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from firstline.base import clock
from firstline.base.ids import read_id
from firstline.people.access import Actor, NotFound
from firstline.people.models import Partner, Staff
from firstline.people.roles import Permission
from firstline.tickets import pages, queue
from firstline.tickets.access import HELD_BY_PLATFORM, each_of, partner_of, visible_to
from firstline.tickets.models import Ticket
from firstline.tickets.models.ticket import Awaiting, Custody, DeskGroup
from firstline.tickets.models.workflow import Phase
from firstline.tickets.pages import Page, read_key, write_key

COUNT_LIMIT = 500
PARTNERS, FIRST, SIZE = 30, 5, 50
# All that is read of a ticket whose contents are not for the reader.
BARE = (
    "number",
    "phase",
    "awaiting",
    "waiting_since",
    "desk_group",
    "priority",
    "partner",
    "level",
    "responsible",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One ticket on a partner's desk; `subject` is empty where its contents are not for the reader."""

    ticket: Ticket
    is_silent: bool
    subject: str = ""

    @property
    def is_new(self) -> bool:
        """Whether nobody has answered it at all."""
        return self.ticket.desk_group == DeskGroup.NEW


@dataclass(frozen=True, slots=True)
class Desk:
    """A partner with its first tickets; `next` is the key of what follows them."""

    partner: Partner
    tickets: list[Waiting]
    count: int
    silent: int
    next: str | None = None

    @property
    def count_label(self) -> str:
        return f"{COUNT_LIMIT}+" if self.count > COUNT_LIMIT else str(self.count)

    @property
    def silent_label(self) -> str:
        return f"{COUNT_LIMIT}+" if self.silent > COUNT_LIMIT else str(self.silent)


def desks(actor: Actor, after: str = "") -> tuple[list[Desk], str | None]:
    """A page of partners by name, each with those of its tickets that wait the longest.

    Raises Forbidden.
    """
    actor.demand(Permission.PARTNERS_VIEW)
    rows = Partner.objects.filter(own_first_line=True).order_by("name", "pk")
    name, _, key = after.replace("\0", "").rpartition("_")
    if name and (pk := read_id(key)) is not None:
        rows = rows.filter(name__gte=name).exclude(name=name, pk__lte=pk)
    partners = list(rows[: PARTNERS + 1])
    shown = partners[:PARTNERS]
    last = f"{shown[-1].name}_{shown[-1].pk}" if len(partners) > PARTNERS else None
    return _with_tickets(actor, shown, FIRST), last


def desk_of(actor: Actor, partner_id: int, after: str | None = None) -> Desk:
    """One partner's desk from a key on, who waits the longest first. Raises Forbidden, NotFound."""
    actor.demand(Permission.PARTNERS_VIEW)
    partner = Partner.objects.filter(pk=partner_id, own_first_line=True).first()
    if partner is None:
        raise NotFound(str(partner_id))
    return _with_tickets(actor, [partner], SIZE, after)[0]


def held_by(partner: Partner) -> int:
    """How many open tickets the partner's line holds; at most COUNT_LIMIT + 1 are counted."""
    rows = Ticket.objects.filter(partner=partner, custody=Custody.PARTNER)
    return len(rows.exclude(phase=Phase.CLOSED).values_list("pk")[: COUNT_LIMIT + 1])


def staff_of(partner: Partner) -> list[Staff]:
    """Who works at the partner, by name."""
    staff = Staff.objects.filter(partner=partner).select_related("person")
    return list(staff.order_by("person__name", "pk"))


def handed_over(actor: Actor, after: str | None = None, size: int = 25) -> Page:
    """A page of the open tickets that the actor's line gave to the platform, the last changed first.

    Nothing where the partner has no line of its own. Raises NotFound for all but a partner's staff.
    """
    partner_id = partner_of(actor)
    if partner_id is None:
        raise NotFound("the platform hands nothing over")
    if not Partner.objects.filter(pk=partner_id, own_first_line=True).exists():
        return Page([], None)
    listing = queue.listing(actor, "open", HELD_BY_PLATFORM)
    return pages.page(listing, order="-updated", after=after, size=size)


def _with_tickets(
    actor: Actor, partners: Sequence[Partner], size: int, after: str | None = None
) -> list[Desk]:
    """The desks of these partners, in four queries however many there are."""
    now = clock.now()
    heads = [part[: size + 1] for one in partners for part in _parts(one, after)]
    rows = _rows(heads)
    subjects = _subjects(actor, rows)
    counts = _counts([_held(one).order_by() for one in partners])
    silent = _counts([_silent(one, now).order_by() for one in partners])
    made = []
    for one in partners:
        mine = sorted((row for row in rows if row.partner_id == one.pk), key=_order)
        limit = now - timedelta(minutes=one.silent_after_minutes)
        tickets = [
            Waiting(row, _is_silent(row, limit), subjects.get(row.pk, "")) for row in mine[:size]
        ]
        key = _key(mine[size - 1]) if len(mine) > size else None
        made.append(Desk(one, tickets, counts.get(one.pk, 0), silent.get(one.pk, 0), key))
    return made


def _held(partner: Partner) -> QuerySet[Ticket]:
    return Ticket.objects.filter(partner=partner, custody=Custody.PARTNER, is_open=1)


def _silent(partner: Partner, now: datetime) -> QuerySet[Ticket]:
    """Those that wait for the partner for longer than it may be silent."""
    limit = now - timedelta(minutes=partner.silent_after_minutes)
    late = _held(partner).filter(awaiting=Awaiting.SUPPORT, waiting_since__lt=limit)
    return late.exclude(phase=Phase.DEFERRED)


def _is_silent(ticket: Ticket, limit: datetime) -> bool:
    is_late = ticket.awaiting == Awaiting.SUPPORT and ticket.waiting_since < limit
    return is_late and ticket.phase != Phase.DEFERRED


def _parts(partner: Partner, after: str | None) -> list[QuerySet[Ticket]]:
    """Who waits for the partner and then for whom the partner waits, each along the index."""
    turn, _, rest = (after or "").partition("_")
    key = read_key(rest, "waiting_since") if turn in Awaiting.values else None
    parts = []
    for awaiting in (Awaiting.SUPPORT, Awaiting.CUSTOMER):
        part = _held(partner).filter(awaiting=awaiting).order_by("waiting_since", "id")
        if key and turn == awaiting:
            moment, pk = key
            part = part.filter(waiting_since__gte=moment).exclude(waiting_since=moment, pk__lte=pk)
        if not (key and turn == Awaiting.CUSTOMER and awaiting == Awaiting.SUPPORT):
            parts.append(part)
    return parts


def _order(ticket: Ticket) -> tuple[bool, datetime, int]:
    return ticket.awaiting != Awaiting.SUPPORT, ticket.waiting_since, ticket.pk


def _key(ticket: Ticket) -> str:
    return f"{ticket.awaiting}_{write_key((ticket.pk, ticket.waiting_since))}"


def _rows(heads: Iterable[QuerySet[Ticket]]) -> list[Ticket]:
    bare = [
        Ticket.objects.only(*BARE, "level__names", "responsible__person__name")
        .select_related("level", "responsible__person")
        .filter(pk__in=head.values("pk"))
        .order_by()
        for head in heads
    ]
    return list(bare[0].union(*bare[1:], all=True)) if bare else []


def _subjects(actor: Actor, rows: Sequence[Ticket]) -> dict[int, str]:
    """The subjects of those that the reader may open."""
    if not actor.may(Permission.PARTNERS_READ):
        return {}
    seen = each_of(visible_to(actor)).filter(pk__in=[row.pk for row in rows])
    return dict(seen.values_list("pk", "subject"))


def _counts(parts: Sequence[QuerySet[Ticket]]) -> dict[int, int]:
    sums = [
        Ticket.objects.filter(pk__in=part.values("pk")[: COUNT_LIMIT + 1])
        .order_by()
        .values_list("partner_id")
        .annotate(number=Count("pk"))
        for part in parts
    ]
    return dict(sums[0].union(*sums[1:], all=True)) if sums else {}
