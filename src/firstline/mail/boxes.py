"""Public addresses that lead to departments, and how the check of each ended (cap 147-150)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Subquery

from firstline.mail import checks
from firstline.mail.checks import State
from firstline.mail.models import Box, BoxCheck, Mailbox
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.models import Department, Ticket


@dataclass(frozen=True, slots=True)
class Row:
    """A box as lists show it: how its last check stands, and when its last ticket began."""

    box: Box
    state: State | None
    checked_at: datetime | None
    last_ticket_at: datetime | None = None


def boxes_for(actor: Actor, department: Department) -> list[Row]:
    """The boxes of a department, in four queries. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    return _rows(list(Box.objects.filter(department=department)), with_tickets=True)


def states_for(actor: Actor) -> dict[int, list[State | None]]:
    """How the last check of each box ended, by the id of its department. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    found: dict[int, list[State | None]] = defaultdict(list)
    for row in _rows(list(Box.objects.all())):
        found[row.box.department_id].append(row.state)
    return found


def get_for(actor: Actor, department: Department, pk: int) -> Box:
    """One box of this department, to be changed. Raises Forbidden, NotFound."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    box = Box.objects.select_related("department").filter(department=department, pk=pk).first()
    if box is None:
        raise NotFound(str(pk))
    return box


def checks_for(actor: Actor, box: Box) -> list[BoxCheck]:
    """The checks of a box that are kept, the latest first. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    return list(BoxCheck.objects.filter(box=box).select_related("box__department", "department"))


def check_for(actor: Actor, box: Box, pk: int) -> BoxCheck:
    """One check of a box. Raises Forbidden, NotFound."""
    for check in checks_for(actor, box):
        if check.pk == pk:
            return check
    raise NotFound(str(pk))


def own_checks(actor: Actor, department: Department) -> list[BoxCheck]:
    """The checks of a department's system address that are kept, the latest first. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    found = BoxCheck.objects.filter(department=department)
    return list(found.select_related("department", "box"))


def public_addresses(departments: Iterable[int]) -> dict[int, list[str]]:
    """The public addresses that lead to each of these departments, forwarded or read by us."""
    ids, found = list(departments), defaultdict(list)
    for kind in (Box, Mailbox):
        rows = kind.objects.filter(department__in=ids).order_by("address")
        for department_id, address in rows.values_list("department_id", "address"):
            found[department_id].append(address)
    return found


def mailboxes_of(department: Department) -> list[str]:
    """The addresses of its mailboxes that are read by IMAP."""
    mine = Mailbox.objects.filter(department=department).order_by("address")
    return list(mine.values_list("address", flat=True))


def _rows(boxes: list[Box], *, with_tickets: bool = False) -> list[Row]:
    latest = BoxCheck.objects.order_by().values("box").annotate(last=Max("pk"))
    latest = latest.filter(box__in=[one.pk for one in boxes]).values_list("last", flat=True)
    last = {one.box_id: one for one in BoxCheck.objects.filter(pk__in=list(latest))}
    states = checks.states_of(last.values())
    tickets = _last_tickets([one.address for one in boxes]) if with_tickets else {}
    return [
        Row(
            box,
            states[last[box.pk].pk] if box.pk in last else None,
            last[box.pk].created_at if box.pk in last else None,
            tickets.get(box.address),
        )
        for box in boxes
    ]


def _last_tickets(addresses: list[str]) -> dict[str, datetime]:
    """When the last ticket began that was written to each of these: one look into an index each."""
    last = Ticket.objects.filter(address=OuterRef("address")).order_by("-created_at")
    moments = Box.objects.filter(address__in=addresses)
    moments = moments.annotate(last=Subquery(last.values("created_at")[:1]))
    rows = moments.values_list("address", "last")
    return {address: moment for address, moment in rows if moment is not None}
