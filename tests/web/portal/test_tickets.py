"""The list of a customer's tickets: theirs, in views, orders and pages, at a fixed cost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.actions.move import close, move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
ROW = re.compile(r'data-at="number">([^<]+)<')
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def numbers(client: Client, address: str = "/portal/?state=all") -> list[str]:
    """The numbers in the rows of a page."""
    response = client.get(address)
    assert response.status_code == 200
    return ROW.findall(html(response))


def test_a_stranger_is_led_to_the_sign_in(cast: Cast, ticket: Ticket) -> None:
    assert Client().get("/portal/").headers["Location"] == "/sign-in/?next=%2Fportal%2F"


def test_staff_have_no_portal(cast: Cast, signed_in: SignedIn) -> None:
    for person in cast.staff:
        assert signed_in(person).get("/portal/").status_code == 404


def test_everybody_sees_their_own(cast: Cast, signed_in: SignedIn) -> None:
    tickets = {
        person.pk: open_by(person, cast.hosting, f"Subject of {person.pk}")
        for person in cast.customers
    }
    for person in (cast.svetlana, cast.pyotr, cast.zlata):
        assert numbers(signed_in(person)) == [tickets[person.pk].number]
    company = (cast.svetlana, cast.pyotr, cast.vera)
    assert set(numbers(signed_in(cast.vera))) == {tickets[person.pk].number for person in company}


def test_a_colleagues_ticket_shows_who_asked(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    assert "Светлана Иванова: It says 502" in html(signed_in(cast.vera).get("/portal/"))
    assert "Светлана Иванова: " not in html(signed_in(cast.svetlana).get("/portal/"))


def test_the_views_part_open_from_closed(cast: Cast, boxed: Ticket, signed_in: SignedIn) -> None:
    done = open_by(cast.svetlana, cast.hosting, "Done")
    move(actor(cast.anna), done, "resolved", via="web")
    client = signed_in(cast.svetlana)
    assert numbers(client, "/portal/") == [boxed.number]
    assert numbers(client, "/portal/?state=closed") == [done.number]
    assert set(numbers(client)) == {boxed.number, done.number}
    assert numbers(client, "/portal/?state=nonsense") == [boxed.number]


def test_counts_stop_where_nobody_counts(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firstline.web.portal.tickets.index.COUNTED", 3)
    for number in range(4):
        open_by(cast.svetlana, cast.hosting, f"Ticket {number}")
    page = html(signed_in(cast.svetlana).get("/portal/"))
    assert re.findall(r'class="count">([^<]+)<', page) == ["3+", "3+", "0"]


def test_a_ticket_that_waits_for_the_reader_stands_out(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    assert "data-unread" not in html(client.get("/portal/"))
    reply(actor(cast.anna), ticket, Draft("Which browser?"), via="web")
    assert "data-unread" in html(client.get("/portal/"))
    close(actor(cast.svetlana), ticket, via="portal")
    assert "data-unread" not in html(client.get("/portal/?state=all"))


def test_the_status_is_named_for_customers(cast: Cast, boxed: Ticket, signed_in: SignedIn) -> None:
    reply(actor(cast.boris), boxed, Draft("Which lamp?"), via="web")
    page = html(signed_in(cast.svetlana).get("/portal/"))
    assert "Waiting for your answer" in page


@pytest.mark.parametrize(
    "order", ["created", "-created", "updated", "-updated", "priority", "-priority"]
)
def test_orders(cast: Cast, signed_in: SignedIn, order: str) -> None:
    opened = [
        open_by(cast.svetlana, cast.hosting, f"Ticket {number}", priority=priority)
        for number, priority in enumerate((3, 1, 4, 2))
    ]
    reply(actor(cast.svetlana), opened[1], Draft("More"), via="portal")
    key = {"created": "pk", "updated": "updated_at", "priority": "priority"}[order.lstrip("-")]
    wanted = Ticket.objects.order_by(("-" if order[0] == "-" else "") + key)
    client = signed_in(cast.svetlana)
    assert numbers(client, f"/portal/?order={order}") == [ticket.number for ticket in wanted]


def test_a_press_on_the_order_turns_it_round(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    assert 'aria-sort="descending"><a href="?state=open&order=updated">' in html(
        client.get("/portal/")
    )
    page = html(client.get("/portal/?order=updated"))
    assert 'aria-sort="ascending"><a href="?state=open&order=-updated">' in page


@pytest.mark.parametrize("order", ["-updated", "created", "-priority"])
def test_pages_follow_one_another_and_leave_nothing_out(
    cast: Cast, signed_in: SignedIn, order: str
) -> None:
    cast.svetlana.page_size = 3
    cast.svetlana.save()
    every = {open_by(cast.svetlana, cast.hosting, f"Ticket {number}").number for number in range(8)}
    client, address, pages = signed_in(cast.svetlana), f"/portal/?order={order}", []
    while address:
        pages.append(numbers(client, address))
        following = NEXT.findall(html(client.get(address)))
        address = f"/portal/{following[0]}" if following else ""
    assert [len(page) for page in pages] == [3, 3, 2]
    assert {number for page in pages for number in page} == every


@pytest.mark.parametrize(
    "question",
    [
        "after=x", "after=1_2_3", "after=%00", "after=" + "9" * 60, "order=id;drop", "state[]=1",
        "q=%00", "q=%27%22%29%20OR%201%3D1", "q=" + "a" * 3000, "q=*", "q=%F0%9F%92%A9",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_failure(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, question: str
) -> None:
    assert signed_in(cast.svetlana).get(f"/portal/?{question}").status_code == 200


def test_search_finds_own_tickets_by_number_subject_and_words(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    other = open_by(cast.svetlana, cast.hosting, "An invoice", "Please send it once more")
    foreign = open_by(cast.zlata, cast.hosting, "An invoice", "Please send it once more")
    settle()
    client = signed_in(cast.svetlana)
    assert numbers(client, f"/portal/?q={ticket.number}") == [ticket.number]
    assert numbers(client, "/portal/?q=invoice") == [other.number]
    assert numbers(client, "/portal/?q=502") == [ticket.number]
    assert numbers(client, f"/portal/?q={foreign.number}") == []
    assert "Nothing found" in html(client.get("/portal/?q=nowhere"))


@pytest.mark.parametrize("address", ["/portal/", "/portal/?state=all", "/portal/?q=site"])
def test_the_list_costs_the_same_however_long(
    cast: Cast,
    signed_in: SignedIn,
    settle: Callable[[], None],
    django_assert_max_num_queries: Callable[..., object],
    address: str,
) -> None:
    client = signed_in(cast.vera)
    cast.vera.page_size = 50
    cast.vera.save()
    costs = []
    for wanted in (3, 30):
        while Ticket.objects.count() < wanted:
            people = (cast.svetlana, cast.pyotr, cast.vera)
            open_by(people[Ticket.objects.count() % 3], cast.hosting, "The site")
        settle()
        with django_assert_max_num_queries(10) as seen:  # type: ignore[attr-defined]
            assert len(numbers(client, address)) == wanted
        costs.append(len(seen))
    assert costs[0] == costs[1]
