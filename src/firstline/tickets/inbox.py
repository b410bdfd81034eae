"""The inbox: what came to the departments with the mailbox workflow, in four lists (cap 152-156).

New → (an agent is added) Open → (a reply is sent) Waiting → (the customer writes) Open → … → Closed.
Every open list walks its own index, longest waiting first; closed ones stand newest first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet, Value

from firstline.base.ids import read_id
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.access import HELD_BY_PLATFORM, each_of, partner_of, visible_to
from firstline.tickets.desk import RELATED, Number
from firstline.tickets.models import Department, Ticket
from firstline.tickets.models.ticket import Custody
from firstline.tickets.models.workflow import Phase
from firstline.tickets.pages import Listing, behind, page, read_key, write_key

WORKFLOW = "mailbox"
TABS: dict[str, tuple[Phase, ...]] = {
    "new": (Phase.NEW,),
    "open": (Phase.OPEN,),
    "waiting": (Phase.WAITING, Phase.DEFERRED),
    "closed": (Phase.CLOSED, Phase.RESOLVED),
}
TAB_OF = {phase.value: tab for tab, phases in TABS.items() for phase in phases}
SIZE = 50
COUNT_LIMIT = 500
MOST_TOGETHER = 8  # departments in one list: each has a part of its own in the query
REMEMBERED = 5.0  # seconds; every page asks whether its reader has an inbox
KEY, VIEW = "inbox-departments", "inbox"


@dataclass(frozen=True, slots=True)
class Box:
    """An opened inbox: the departments of the actor's, those that are looked at, and one of TABS.

    `department` is the chosen one; None: all of them together.
    """

    departments: list[Department]
    department: Department | None
    tab: str
    ids: tuple[int, ...]

    @property
    def can_be_together(self) -> bool:
        return 1 < len(self.departments) <= MOST_TOGETHER


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a list, the key of the next one (None at the end), and the labels of TABS."""

    tickets: list[Any]
    next: str | None
    counts: dict[str, str]


def has_inbox(actor: Actor) -> bool:
    """Whether the actor works in a department with the mailbox workflow, as it was seconds ago."""
    if not actor.is_staff or partner_of(actor) or not actor.may(Permission.TICKET_VIEW):
        return False
    everywhere = actor.may(Permission.ALL_DEPARTMENTS)
    return any(everywhere or actor.id in agents for _one, agents in _remembered())


def forget() -> None:
    """Show a changed department in this process at once; the others follow within seconds."""
    cache.delete(KEY)


def open_box(actor: Actor, department_id: int | None, tab: str) -> Box:
    """The inbox as the actor asked for it. Raises NotFound for what is not theirs.

    Where there are too many departments for one list, the first one is opened.
    """
    is_platform = actor.is_staff and partner_of(actor) is None
    if tab not in TABS or not is_platform or not actor.may(Permission.TICKET_VIEW):
        raise NotFound(tab)
    everywhere = actor.may(Permission.ALL_DEPARTMENTS)
    found = [one for one, agents in _remembered() if everywhere or actor.id in agents]
    chosen = next((one for one in found if one.pk == department_id), None)
    if not found or (department_id is not None and chosen is None):
        raise NotFound(str(department_id))
    if chosen is None and (len(found) == 1 or len(found) > MOST_TOGETHER):
        chosen = found[0]
    ids = (chosen.pk,) if chosen else tuple(one.pk for one in found)
    return Box(found, chosen, tab, ids)


def shown(actor: Actor, box: Box, after: str | None = None) -> Shown:
    """A page of the opened list from behind the key `after` on, and how full all lists are; one query."""
    column, key = _column(box.tab), read_key(after, _column(box.tab))
    pages, seen = [], each_of(visible_to(actor)).select_related(*RELATED)
    for tab in TABS:
        size = SIZE + 1 if tab == box.tab else 1  # of the others a row tells the number
        for at, part in enumerate(_parts(box.ids, tab)):
            is_behind = key is not None and tab == box.tab
            rows = part.filter(behind(key, column, tab == "closed")) if is_behind and key else part
            head = part.order_by(*_order(tab)).values("pk")[: COUNT_LIMIT + 1]
            page = seen.filter(pk__in=rows.order_by(*_order(tab)).values("pk")[:size])
            pages.append(page.annotate(tab=Value(tab), part=Value(at), in_part=Number(head)))
    counted: dict[tuple[str, int], int] = {}
    found = []
    for ticket in pages[0].union(*pages[1:], all=True):
        counted[ticket.tab, ticket.part] = ticket.in_part
        found += [ticket] if ticket.tab == box.tab else []
    found.sort(key=lambda one: (getattr(one, column), one.pk), reverse=box.tab == "closed")
    last = found[SIZE - 1] if len(found) > SIZE else None
    following = write_key((last.pk, getattr(last, column))) if last else None
    sums = {tab: sum(n for (one, _at), n in counted.items() if one == tab) for tab in TABS}
    return Shown(found[:SIZE], following, {tab: _label(number) for tab, number in sums.items()})


def counts(box: Box) -> dict[str, str]:
    """How many tickets each of TABS holds, as its label says it; one query, COUNT_LIMIT at most."""
    sums, found = dict.fromkeys(TABS, 0), []
    for tab in TABS:
        for part in _parts(box.ids, tab):
            head = part.order_by(*_order(tab)).values("pk")[: COUNT_LIMIT + 1]
            rows = Ticket.objects.filter(pk__in=head).order_by().values_list(Value(tab))
            found.append(rows.annotate(number=Count("pk")))
    for tab, number in found[0].union(*found[1:], all=True):
        sums[tab] += number
    return {tab: _label(number) for tab, number in sums.items()}


def following(actor: Actor, ticket: Ticket, box: Box) -> str:
    """The number of the ticket to take up after this one: the next of the list, else its first.

    Empty where there is no other. To be asked before the ticket leaves the list.
    """
    listing, order = _listing(actor, box)
    marks = (write_key((ticket.pk, getattr(ticket, _column(box.tab)))), None)
    for after in marks if TAB_OF[ticket.phase] == box.tab else (None,):
        found = page(listing, order=order, after=after, size=2).tickets
        if other := next((one for one in found if one.pk != ticket.pk), None):
            return other.number
    return ""


def is_view(text: str) -> bool:
    """Whether this is what a live screen calls an inbox: `inbox`, or `inbox-` and a department."""
    name, dash, number = text.partition("-")
    return name == VIEW and (read_id(number) is not None if dash else not number)


def live_counts(actor: Actor, view: str) -> dict[str, str]:
    """`counts` for a live screen; nothing where the inbox is not the actor's any more."""
    try:
        return counts(open_box(actor, _department(view), "new"))
    except NotFound:
        return {}


def place(actor: Actor, ticket: Ticket, view: str) -> str:
    """Which of TABS shows a ticket that the actor sees, in this inbox; "" for none."""
    wanted, here = _department(view), ticket.department_id
    is_ours = partner_of(actor) is None and ticket.custody != Custody.PARTNER
    everywhere = actor.may(Permission.ALL_DEPARTMENTS)
    works = {one.pk: agents for one, agents in _remembered()}
    mine = here in works and (everywhere or actor.id in works[here])
    return TAB_OF[ticket.phase] if is_ours and mine and wanted in (None, here) else ""


def _department(view: str) -> int | None:
    _name, _dash, number = view.partition("-")
    return read_id(number)


def _remembered() -> list[tuple[Department, frozenset[int]]]:
    """The departments with the mailbox workflow and who works there, as it was seconds ago at most.

    What they hold is asked for anew each time, and of that everybody is shown what they may see.
    """
    found: list[tuple[Department, frozenset[int]]] | None = cache.get(KEY)
    if found is None:
        rows = Department.objects.filter(workflow__key=WORKFLOW, is_active=True)
        agents: dict[Department, set[int]] = {}
        for one in rows.order_by("position", "pk").annotate(agent_id=F("agents")):
            agents.setdefault(one, set()).add(one.agent_id)
        found = [(one, frozenset(ids)) for one, ids in agents.items()]
        cache.set(KEY, found, REMEMBERED)
    return found


def _listing(actor: Actor, box: Box) -> tuple[Listing, str]:
    """The opened list, and the order that its index leads along."""
    parts = tuple(_parts(box.ids, box.tab))
    whole = Ticket.objects.filter(HELD_BY_PLATFORM, department__in=box.ids)
    whole = whole.filter(phase__in=TABS[box.tab])
    seen = visible_to(actor)
    if box.tab == "closed":
        return Listing(parts, whole, seen), "-updated"
    return Listing(parts, whole, seen, frozenset({"waiting_since"})), "waiting"


def _parts(ids: Iterable[int], tab: str) -> list[QuerySet[Ticket]]:
    """The list in pieces, each found by an index through plain equality."""
    held = Ticket.objects.filter(HELD_BY_PLATFORM)
    if tab == "closed":
        return [held.filter(department=pk, is_open=0) for pk in ids]
    places = [Q(department=pk, is_open=1, phase=phase) for pk in ids for phase in TABS[tab]]
    return [held.filter(place) for place in places]


def _column(tab: str) -> str:
    return "updated_at" if tab == "closed" else "waiting_since"


def _order(tab: str) -> tuple[str, ...]:
    return ("-updated_at", "-id") if tab == "closed" else ("waiting_since", "id")


def _label(number: int) -> str:
    return f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)
