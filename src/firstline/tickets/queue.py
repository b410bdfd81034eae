"""Which tickets, in which order, for whom: the lists of the register and the portal.

Each list walks one index in its order and stops after a page, so a million tickets cost what ten
thousand do. Nothing here counts without a bound.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.access import HELD_BY_PLATFORM, departments_of, partner_of, visible_to
from firstline.tickets.models import Ticket
from firstline.tickets.models.workflow import Phase
from firstline.tickets.pages import Listing, Scope

COUNT_LIMIT = 500


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
        held = Q() if actor.may(Permission.PARTNERS_READ) else HELD_BY_PLATFORM
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
