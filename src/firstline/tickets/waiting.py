"""An agent's own tickets that wait: for the customer, or until a time (deferred).

Neither stands on the desk. Each list walks its own index, and a page of it with both counts is one
query.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.access import each_of, visible_to
from firstline.tickets.desk import RELATED, Number
from firstline.tickets.models import Ticket
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import Phase
from firstline.tickets.pages import behind, read_key, write_key

# The lists with their orders: who is silent for longest, and who comes back next.
LISTS = {"customer": "waiting_since", "deferred": "pending_until"}
VIEW = "waiting"  # what a live screen calls them
SIZE = 50
COUNT_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a list, the key of the next one (None at the end), and the labels of LISTS."""

    tickets: list[Any]
    next: str | None
    counts: dict[str, str]


def shown(actor: Actor, name: str, after: str | None = None) -> Shown:
    """A page of one of LISTS from behind the key `after` on, and how full both are. Raises NotFound."""
    _demand(actor, name)
    column = LISTS[name]
    key = read_key(after, column)
    seen = each_of(visible_to(actor)).select_related(*RELATED)
    pages = []
    for one in LISTS:
        size = SIZE + 1 if one == name else 1  # of the other one a row tells the number
        part = _part(actor, one)
        head = part.order_by(LISTS[one], "id").values("pk")
        ahead = part.filter(behind(key, column, down=False)) if key and one == name else part
        ids = ahead.order_by(LISTS[one], "id").values("pk")[:size]
        page = seen.filter(pk__in=ids)
        pages.append(page.annotate(list=Value(one), number_there=Number(head[: COUNT_LIMIT + 1])))
    counts, found = dict.fromkeys(LISTS, 0), []
    for ticket in pages[0].union(*pages[1:], all=True):
        counts[ticket.list] = ticket.number_there
        found += [ticket] if ticket.list == name else []
    found.sort(key=lambda one: (getattr(one, column), one.pk))
    last = found[SIZE - 1] if len(found) > SIZE else None
    following = write_key((last.pk, getattr(last, column))) if last else None
    return Shown(found[:SIZE], following, {one: _label(n) for one, n in counts.items()})


def counts(actor: Actor) -> dict[str, str]:
    """How many tickets each of LISTS holds, as its label says it; one query."""
    if not actor.is_staff or not actor.may(Permission.TICKET_VIEW):
        return {}
    sums, found = dict.fromkeys(LISTS, 0), []
    for name, column in LISTS.items():
        head = _part(actor, name).order_by(column, "id").values("pk")[: COUNT_LIMIT + 1]
        rows = Ticket.objects.filter(pk__in=head).order_by().values_list(Value(name))
        found.append(rows.annotate(number=Count("pk")))
    for name, number in found[0].union(*found[1:], all=True):
        sums[name] = number
    return {name: _label(number) for name, number in sums.items()}


def following(actor: Actor, ticket: Ticket, name: str) -> str:
    """The number of the ticket to take up after this one in one of LISTS; empty if there is none."""
    _demand(actor, name)
    column = LISTS[name]
    others = each_of(visible_to(actor)).filter(pk__in=_part(actor, name).values("pk"))
    others = others.exclude(pk=ticket.pk).order_by(column, "id")
    key = read_key(write_key((ticket.pk, getattr(ticket, column))), column)
    later = others.filter(behind(key, column, down=False)) if key else others
    for some in (later, others):
        if number := some.values_list("number", flat=True).first():
            return str(number)
    return ""


def place(actor: Actor, ticket: Ticket) -> str:
    """Which of LISTS shows a ticket that the actor sees; "" for none."""
    if ticket.responsible_id != actor.id:
        return ""
    if ticket.phase == Phase.DEFERRED and ticket.pending_until is not None:
        return "deferred"
    return "customer" if ticket.is_open and ticket.awaiting == Awaiting.CUSTOMER else ""


def _demand(actor: Actor, name: str) -> None:
    if name not in LISTS or not actor.is_staff or not actor.may(Permission.TICKET_VIEW):
        raise NotFound(name)


def _part(actor: Actor, name: str) -> QuerySet[Ticket]:
    own = Ticket.objects.filter(responsible=actor.id)
    if name == "deferred":
        return own.filter(phase=Phase.DEFERRED, pending_until__isnull=False)
    dated = Q(phase=Phase.DEFERRED, pending_until__isnull=False)
    return own.filter(is_open=1, awaiting=Awaiting.CUSTOMER).exclude(dated)


def _label(number: int) -> str:
    return f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)
