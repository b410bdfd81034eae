"""The desk's groups: how the database finds them, whose they are, and that nothing is left out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.base.db import is_sqlite
from firstline.people.models import Partner, Person
from firstline.tickets import desk
from firstline.tickets.models import Level, Status, Ticket
from tests.cast import Cast, actor, open_by
from tests.plans import steps_of


def put(
    cast: Cast, count: int, *, level: str = "first", group: str = "new", **fields: object
) -> None:
    """Tickets on the desk, made as rows, each waiting a minute longer than the one before."""
    now, status = timezone.now(), Status.objects.get(workflow__key="service", key="new")
    made = {
        "requester": cast.svetlana,
        "company": cast.orbita,
        "department": cast.hosting,
        "level": Level.objects.get(key=level),
        "status": status,
        "phase": status.phase,
        "channel": "mail",
        "desk_group": group,
    }
    Ticket.objects.bulk_create(
        Ticket(
            number=f"{level}-{group}-{place}",
            subject=f"Ticket {place}",
            priority=1 + place % 4,
            waiting_since=now - timedelta(minutes=place),
            **(made | fields),
        )
        for place in range(count)
    )


@pytest.fixture
def plans(cast: Cast) -> Callable[[Person, str], list[str]]:
    """How SQLite answers the questions of somebody's desk, step by step."""

    def read(person: Person, whose: str) -> list[str]:
        who = actor(person)
        with CaptureQueriesContext(connection) as queries:
            desk.desk(who, whose)
        return steps_of(one for one in queries.captured_queries if "UNION ALL" in one["sql"])

    return read


@pytest.mark.parametrize("whose", desk.WHOSE)
@pytest.mark.parametrize(
    ("who", "index"),
    [
        ("administrator", "ticket_desk"),
        ("anna", "ticket_desk"),
        ("partner_agent", "ticket_partner_desk"),
    ],
)
def test_each_group_walks_its_index_without_sorting(
    cast: Cast, plans: Callable[[Person, str], list[str]], who: str, index: str, whose: str
) -> None:
    if not is_sqlite():
        pytest.skip("another planner, which looks at the figures of the tables")
    steps = plans(getattr(cast, who), whose)
    walks = [step for step in steps if "custody=" in step]
    assert len(walks) == 2 * 6  # the rows of each group, and how many there are
    assert all(f"INDEX {index} " in step for step in walks)
    assert all("desk_group=? AND level_id=?" in step for step in walks)
    assert not [step for step in steps if "ORDER BY" in step]


def names(groups: list[desk.Group]) -> dict[str, int]:
    return {group.name: group.count for group in groups if group.count}


def test_the_platform_sees_what_the_platform_holds(cast: Cast) -> None:
    put(cast, 2)
    put(cast, 3, level="second", group="level", partner=cast.partner, custody="partner")
    for person in (cast.administrator, cast.supervisor, cast.anna):
        assert names(desk.desk(actor(person))) == {"new": 2}
    assert names(desk.desk(actor(cast.partner_agent))) == {"second": 3}
    assert names(desk.desk(actor(cast.boris))) == {}
    assert names(desk.desk(actor(cast.svetlana))) == {}


def test_a_partner_s_desk_ends_where_it_handed_over(cast: Cast) -> None:
    other = Partner.objects.create(name="Another", own_first_line=True)
    put(cast, 1, level="second", group="level", partner=cast.partner)
    put(cast, 1, level="vendor", group="level", partner=other, custody="partner")
    assert names(desk.desk(actor(cast.partner_agent))) == {}
    # without an own first line the work is shared
    Partner.objects.filter(pk=cast.partner.pk).update(own_first_line=False)
    assert names(desk.desk(actor(cast.partner_agent))) == {"second": 1}
    assert names(desk.desk(actor(cast.administrator))) == {"second": 1}


def test_a_retired_level_stays_while_it_holds_tickets(cast: Cast) -> None:
    Level.objects.filter(key__in=("vendor", "marketing")).update(is_active=False)
    put(cast, 1, level="vendor", group="level")
    groups = [group.name for group in desk.desk(actor(cast.anna))]
    assert groups == ["new", "reply", "second", "vendor", "incidents"]


def test_all_of_a_group_can_be_reached(cast: Cast) -> None:
    put(cast, 430)
    first = desk.desk(actor(cast.anna))[0]
    assert (first.count, first.count_label, len(first.tickets), first.rest) == (430, "430", 25, 0)
    shown, after = list(first.tickets), first.following
    while after:
        more, after = desk.rest(actor(cast.anna), "new", "first", after=after)
        assert len(more) <= desk.REST_SIZE
        shown += more
    order = Ticket.objects.order_by("-priority", "waiting_since", "pk")
    assert [ticket.pk for ticket in shown] == list(order.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "after", ["", "x", "1.2", "-1.2.3", "1.2.3.4", "²", f"1.{10**30}.1", "9" * 500]
)
def test_a_broken_mark_begins_at_the_top(cast: Cast, after: str) -> None:
    put(cast, 2)
    assert len(desk.rest(actor(cast.anna), "new", "first", after=after)[0]) == 2


def test_counts_have_an_end(cast: Cast) -> None:
    put(cast, 600, level="second", group="level")
    second = desk.desk(actor(cast.administrator))[2]
    assert (second.count_label, len(second.tickets)) == ("500+", desk.FOLDED_SIZE)


def test_the_next_ticket_is_the_one_below_then_the_first(cast: Cast) -> None:
    low = open_by(cast.svetlana, cast.hosting, "Low")
    high = open_by(cast.svetlana, cast.hosting, "High", priority=3)
    deep = open_by(cast.svetlana, cast.hosting, "Deep", level=Level.objects.get(key="second"))
    anna = actor(cast.anna)
    assert desk.following(anna, high) == low.number
    assert desk.following(anna, low) == high.number
    assert desk.following(anna, deep) == high.number
    assert desk.following(anna, low, "mine") == ""
    Ticket.objects.exclude(pk=low.pk).update(desk_group="")
    assert desk.following(anna, low) == ""


def test_shipped_levels_have_their_names(cast: Cast) -> None:
    assert [(level.key, level.names) for level in Level.objects.all()] == [
        ("first", {"ru": "Первый уровень", "bg": "Първо ниво", "en": "First level"}),
        ("second", {"ru": "Второй уровень", "bg": "Второ ниво", "en": "Second level"}),
        ("marketing", {"ru": "Маркетинг", "bg": "Маркетинг", "en": "Marketing"}),
        ("vendor", {"ru": "Вендор", "bg": "Производител", "en": "Vendor"}),
        ("incidents", {"ru": "Инциденты", "bg": "Инциденти", "en": "Incidents"}),
    ]
