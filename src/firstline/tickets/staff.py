"""Who works here, as administrators see them: with departments, and with how far an invitation is."""

from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from firstline.base.ids import read_id
from firstline.people.access import Actor, NotFound
from firstline.people.customers import Page, holds, words
from firstline.people.models import Invitation, Partner, Staff
from firstline.people.roles import Level, Permission
from firstline.tickets.models import Department, Ticket
from firstline.tickets.workers import at_work

STATES = ("active", "invited", "deactivated")
COUNT_LIMIT = 1000  # open tickets, counted no further than a reader cares for


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of them: parts of name or address, a level, a department, a state; all where empty."""

    typed: str = ""
    level: str = ""
    department: int | None = None
    state: str = ""


def page(
    actor: Actor, asked: Asked | None = None, *, after: str | None = None, size: int = 25
) -> Page[Staff]:
    """A page of staff by name, each with departments and an open invitation; three queries at most.

    A row has `sent_at` and `expires_at` of its invitation, None without one. Raises Forbidden.
    """
    actor.demand(Permission.STAFF_EDIT)
    rows = _narrowed(asked or Asked())
    behind = read_id(after)
    start = _name(behind) if behind else None
    if start is not None:
        tie = Q(person__name=start[0], pk__gt=start[1])
        rows = rows.filter(Q(person__name__gt=start[0]) | tie)
    found = list(_told(rows).order_by("person__name", "pk")[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def get_for(actor: Actor, pk: int) -> Staff:
    """One of them, as in `page`. Raises Forbidden, NotFound."""
    actor.demand(Permission.STAFF_EDIT)
    found = _told(Staff.objects.filter(pk=pk)).first() if read_id(str(pk)) else None
    if found is None:
        raise NotFound(str(pk))
    return found


def partners_for(actor: Actor) -> list[Partner]:
    """The partners whose staff can be invited. Raises Forbidden."""
    actor.demand(Permission.STAFF_EDIT)
    return list(Partner.objects.order_by("name", "pk"))


def open_count(actor: Actor, staff: Staff) -> int:
    """How many open tickets the person answers, COUNT_LIMIT at most. Raises Forbidden."""
    actor.demand(Permission.STAFF_EDIT)
    rows = Ticket.objects.filter(responsible=staff.pk, is_open=1).order_by()
    return len(rows.values_list("pk")[:COUNT_LIMIT])


def successors(actor: Actor, staff: Staff) -> list[Staff]:
    """Who could take over the tickets: those of the same line who answer. Raises Forbidden."""
    actor.demand(Permission.STAFF_EDIT)
    rows = at_work().filter(partner=staff.partner_id).exclude(pk=staff.pk).select_related("person")
    return sorted(rows, key=lambda one: (one.person.display_name.casefold(), one.pk))


def _name(pk: int) -> tuple[str, int] | None:
    return Staff.objects.filter(pk=pk).values_list("person__name", "pk").first()


def _narrowed(asked: Asked) -> QuerySet[Staff]:
    rows = Staff.objects.all()
    for word in words(asked.typed):
        rows = rows.filter(holds(word, "person__name", "person__email"))
    if asked.level:
        rows = rows.filter(level=asked.level)
    if asked.department is not None:
        # Administrators work in all of them.
        here = Department.agents.through.objects.filter(department=asked.department)
        rows = rows.filter(Q(pk__in=here.values("staff")) | Q(level=Level.ADMINISTRATOR))
    match asked.state:
        case "active":
            return rows.filter(joined_at__isnull=False, person__is_active=True)
        case "invited":
            return rows.filter(joined_at=None)
        case "deactivated":
            return rows.filter(person__is_active=False)
    return rows


def _told(rows: QuerySet[Staff]) -> QuerySet[Staff]:
    sent = Invitation.objects.filter(
        person=OuterRef("pk"), accepted_at=None, withdrawn_at=None
    ).order_by("-pk")
    rows = rows.annotate(
        sent_at=Subquery(sent.values("sent_at")[:1]),
        expires_at=Subquery(sent.values("expires_at")[:1]),
    )
    places = Prefetch("departments", Department.objects.order_by("position", "pk"))
    return rows.select_related("person", "partner").prefetch_related(places)
