"""Lists are put together from parts: they hold what `visible_to` says, each ticket once, in any order."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from firstline.base.db import is_sqlite
from firstline.people.access import actor_of
from firstline.people.models import Company, Partner, Person
from firstline.tickets import access, filters, pages, queue
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import move
from firstline.tickets.filters import Filters
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Ticket
from tests.cast import Cast, actor, open_by, resolve_by
from tests.plans import steps_of

ORDERS = [sign + name for name in pages.WALKED for sign in ("", "-")]
SIZES = (1, 3, 100)


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """Tickets of all customers in both departments, some closed, some in a project, some of a partner.

    Two of the partner's are in the hands of its own first line.
    """
    partner = cast.partner
    Partner.objects.update(own_first_line=False)
    company = Company.objects.create(name="Of the partner", partner=partner)
    cast.zlata.customer.company = company
    cast.zlata.customer.save()
    for place, person in enumerate([*cast.customers, cast.svetlana, cast.pyotr, cast.zlata] * 2):
        department = (cast.hosting, cast.equipment)[place % 2]
        project = cast.project if person == cast.pyotr else None
        fresh = Person.objects.get(pk=person.pk)
        ticket = open_by(fresh, department, priority=1 + place % 3, project=project)
        if place % 3 == 0:
            move(actor(cast.administrator), ticket, "open", via="web")
        if place % 4 == 0:
            resolve_by(cast.administrator, ticket)
    Partner.objects.update(own_first_line=True)
    for department in (cast.hosting, cast.equipment):
        open_by(cast.zlata, department)
    alert(actor(cast.anna), cast.project, "information", "Works", Draft("At night"), via="web")
    cast.hosting.agents.add(cast.boris.staff)
    moment = Ticket.objects.earliest("created_at").created_at
    Ticket.objects.filter(pk__lt=6).update(created_at=moment, updated_at=moment)
    return cast


def walk(listing: pages.Listing, order: str, size: int) -> list[int]:
    """The ids of a whole list, page by page."""
    found, after = [], None
    while True:
        page = pages.page(listing, order=order, after=after, size=size)
        found += [ticket.pk for ticket in page.tickets]
        after = page.next
        if after is None:
            return found
        assert len(page.tickets) == size


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("state", queue.STATES)
def test_every_list_of_staff_is_led_by_an_index_in_its_order(
    desk: Cast, state: str, order: str
) -> None:
    if not is_sqlite():
        pytest.skip("another planner, which looks at the figures of the tables")
    for person in (desk.administrator, desk.anna, desk.boris, desk.partner_agent):
        with CaptureQueriesContext(connection) as queries:
            pages.page(queue.listing(actor(person), state), order=order, after=None, size=5)
        steps = steps_of(queries.captured_queries)
        walks = [step for step in steps if " ticket_" in step]
        column = pages.WALKED[order.removeprefix("-")].removesuffix("_at")
        assert walks
        assert all(f"_{column} " in step for step in walks)
        assert not [step for step in steps if "SCAN tickets_ticket" in step]


@pytest.mark.parametrize("state", queue.STATES)
def test_everybody_gets_what_they_see_each_once(desk: Cast, state: str) -> None:
    for person in (*desk.staff, *desk.customers):
        who = actor_of(Person.objects.get(pk=person.pk))
        listing = queue.listing(who, state)
        seen = access.visible_to(who).filter(is_open__in=queue.STATES[state])
        for order in ORDERS:
            column, sign = pages.WALKED[order.lstrip("-")], "-" if order[0] == "-" else ""
            wanted = list(seen.order_by(sign + column, f"{sign}id").values_list("pk", flat=True))
            for size in SIZES:
                assert walk(listing, order, size) == wanted, (person.name, order, size)


@pytest.mark.parametrize("state", queue.STATES)
@pytest.mark.parametrize(
    "narrowed",
    [
        {"phase": "open"}, {"phase": "resolved"}, {"phase": "closed"}, {"status": "open"},
        {"status": "closed"}, {"status": "nowhere"}, {"unclaimed": True}, {"requester": "svetlana"},
        {"responsible": "anna"}, {"department": "equipment"},
        {"phase": "closed", "status": "open"}, {"requester": "zlata", "department": "hosting"},
    ],
)  # fmt: skip
def test_filters_leave_what_fits(desk: Cast, state: str, narrowed: dict[str, Any]) -> None:
    named = {name: getattr(desk, str(value), value) for name, value in narrowed.items()}
    for person in (desk.administrator, desk.boris, desk.partner_agent, desk.svetlana, desk.vera):
        who = actor_of(Person.objects.get(pk=person.pk))
        every = access.visible_to(who).filter(is_open__in=queue.STATES[state])
        wanted = {
            ticket.pk for ticket in every.select_related("status") if fits(ticket, narrowed, desk)
        }
        listing = filters.listed(who, Filters(state=state, **named))
        found = walk(listing, "-updated", 3)
        assert len(found) == len(set(found))
        assert set(found) == wanted, person.name


def fits(ticket: Ticket, narrowed: dict[str, Any], desk: Cast) -> bool:
    """Whether a ticket is what a filter asks for, told in the plainest way."""
    told = {
        "phase": ticket.phase,
        "status": ticket.status.key,
        "unclaimed": ticket.responsible_id is None,
        "requester": next(n for n in ("svetlana", "zlata", "pyotr", "vera")
                          if getattr(desk, n).pk == ticket.requester_id),
        "responsible": "anna" if ticket.responsible_id == desk.anna.pk else "",
        "department": "hosting" if ticket.department_id == desk.hosting.pk else "equipment",
    }  # fmt: skip
    return all(told[name] == value for name, value in narrowed.items())


@pytest.mark.parametrize("state", queue.STATES)
def test_parts_and_whole_are_the_same(desk: Cast, state: str) -> None:
    for person in (*desk.staff, *desk.customers):
        who = actor_of(Person.objects.get(pk=person.pk))
        for narrowed in (None, Q(priority=1)):
            listing = queue.listing(who, state, narrowed)
            found = set(walk(listing, "-created", 100))
            assert set(listing.whole.values_list("pk", flat=True)) == found
            assert found <= set(access.visible_to(who).values_list("pk", flat=True))
            assert set(listing.all_ids(1000) or ()) == found
            assert listing.all_ids(len(found) - 1) is None


def test_an_agent_without_departments_has_empty_lists(desk: Cast) -> None:
    desk.hosting.agents.clear()
    page = pages.page(queue.listing(actor(desk.anna)))
    assert (page.tickets, page.next) == ([], None)


def test_who_works_in_very_many_departments_sees_all_of_them(desk: Cast) -> None:
    """Then the parts would be too many for one query, and a walk finds enough at once."""
    for number in range(20):
        department = Department.objects.create(
            address=f"d{number}@desk.example", workflow=desk.hosting.workflow
        )
        department.agents.add(desk.anna.staff)
    seen = access.visible_to(actor(desk.anna)).order_by("-created_at", "-pk")
    found = walk(queue.listing(actor(desk.anna)), "-created", 3)
    assert found == [ticket.pk for ticket in seen]


def test_a_list_shows_nothing_that_became_invisible(desk: Cast) -> None:
    """The parts lead, but `visible_to` has the last word."""
    listing = queue.listing(actor(desk.anna))
    desk.hosting.agents.remove(desk.anna.staff)
    assert pages.page(listing).tickets == []
