"""One ticket on the portal: what its people see, and what nobody else ever does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from firstline.people.models import Person
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import html
from tests.web.portal.conftest import Planted

SignedIn = Callable[[Person], Client]


def address(ticket: Ticket) -> str:
    return f"/portal/tickets/{ticket.number}/"


def test_who_sees_it(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    codes = {
        person.name: signed_in(person).get(address(ticket)).status_code
        for person in (*cast.customers, *cast.staff)
    }
    seeing = {cast.svetlana.name, cast.vera.name}
    assert codes == {name: 200 if name in seeing else 404 for name in codes}
    assert Client().get(address(ticket)).status_code == 302


def test_a_foreign_ticket_looks_like_none(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    client = signed_in(cast.zlata)
    foreign = html(client.get(address(ticket)))
    none = html(client.get("/portal/tickets/SR99999999/"))
    token = "csrfmiddlewaretoken"
    assert [line for line in foreign.splitlines() if token not in line] == [
        line for line in none.splitlines() if token not in line
    ]


def test_the_conversation_stands_in_order(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    reply(
        actor(cast.anna), ticket, Draft("Which browser?\nSee https://desk.example/help"), via="web"
    )
    reply(actor(cast.svetlana), ticket, Draft("All of <them>"), via="portal")
    comment(actor(cast.anna), ticket, Draft("We look into it"), via="web")
    page = html(signed_in(cast.svetlana).get(address(ticket)))
    texts = ["It says 502", "Which browser?", "All of <them>", "We look into it"]
    places = [page.index(text) for text in texts]
    assert places == sorted(places)
    assert '<a href="https://desk.example/help"' in page
    assert page.count("<b>You</b>") == 2
    assert page.count("<b>Анна Соколова</b>") == 2


def test_the_facts(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    page = html(signed_in(cast.svetlana).get(address(ticket)))
    for text in (f"Ticket {ticket.number}", "New", "Medium", "Hosting", "nobody yet"):
        assert text in page
    assert "Asked by" not in page
    reply(actor(cast.anna), ticket, Draft("Here"), via="web")
    page = html(signed_in(cast.vera).get(address(ticket)))
    assert "<dt>Asked by</dt><dd>Светлана Иванова</dd>" in page
    assert "<dt>Answers</dt><dd>Анна Соколова</dd>" in page


def test_the_banner_says_whose_turn_it_is(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    client, needed = signed_in(cast.svetlana), "Your answer is needed."
    assert needed not in html(client.get(address(ticket)))
    reply(actor(cast.anna), ticket, Draft("Which browser?"), via="web")
    assert needed in html(client.get(address(ticket)))
    until = timezone.now() + timedelta(days=2)
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=until)
    assert "The support team waits for it until" in html(client.get(address(ticket)))
    reply(actor(cast.svetlana), ticket, Draft("Firefox"), via="portal")
    assert needed not in html(client.get(address(ticket)))
    move(actor(cast.anna), ticket, "resolved", via="web")
    assert "The ticket is resolved." in html(client.get(address(ticket)))
    move(actor(cast.anna), ticket, "closed", via="web")
    assert "The ticket is closed." in html(client.get(address(ticket)))


def test_moves_are_told_in_the_words_of_customers(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    until = timezone.now() + timedelta(days=2)
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=until)
    page = html(signed_in(cast.svetlana).get(address(ticket)))
    assert "New → Waiting for your answer" in page
    assert "Needs clarification" not in page


def test_what_is_internal_is_on_no_page(
    cast: Cast, planted: Planted, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    settle()
    pages = [
        address(planted.ticket), "/portal/", "/portal/?state=all",
        *(f"/portal/?q={word}" for word in planted.words),
    ]  # fmt: skip
    for person in cast.customers:
        client = signed_in(person)
        for page in pages:
            text = html(client.get(page)).replace(f'value="{page.partition("q=")[2]}"', "")
            text = text.replace(f"Found for “{page.partition('q=')[2]}”", "")
            if person == cast.zlata:  # her own name stands in her own bar
                text = text.replace("Злата Чужова", "")
            assert [word for word in planted.words if word in text] == [], (person.name, page)
    page = html(signed_in(cast.svetlana).get(address(planted.ticket)))
    assert "An answer for everybody" in page
    assert "The customer's own words" in page


def test_a_search_for_what_is_internal_finds_nothing(
    cast: Cast, planted: Planted, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    settle()
    client = signed_in(cast.svetlana)
    for word in ("xylophones", "quagmire", "labyrinth"):
        assert "Nothing found" in html(client.get(f"/portal/?q={word}"))
    assert planted.ticket.number in html(client.get("/portal/?q=everybody"))


def test_the_buttons_are_those_that_work(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    def buttons(found: Ticket) -> set[str]:
        page = html(signed_in(cast.svetlana).get(address(found)))
        return {name for name in ("closures", "reopenings") if f"{address(found)}{name}/" in page}

    assert buttons(ticket) == {"closures"}
    move(actor(cast.anna), ticket, "resolved", via="web")
    assert buttons(ticket) == {"closures", "reopenings"}
    move(actor(cast.anna), ticket, "closed", via="web")
    assert buttons(ticket) == set()
    boxed = open_by(cast.svetlana, cast.equipment)
    move(actor(cast.boris), boxed, "closed", via="web")
    assert buttons(boxed) == {"reopenings"}


def test_the_page_costs_the_same_however_long_the_talk(
    cast: Cast,
    ticket: Ticket,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client, costs = signed_in(cast.svetlana), []
    for _round in range(2):
        for number in range(8):
            reply(actor(cast.anna), ticket, Draft(f"Answer {number}"), via="web")
            reply(actor(cast.svetlana), ticket, Draft(f"Question {number}"), via="portal")
        with django_assert_max_num_queries(10) as seen:  # type: ignore[attr-defined]
            client.get(address(ticket))
        costs.append(len(seen))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("number", ["X", "%00", "..%2F..%2Fetc", "SR00000001%27", "а" * 300])
def test_odd_numbers_are_nothing(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, number: str
) -> None:
    assert signed_in(cast.svetlana).get(f"/portal/tickets/{number}/").status_code == 404
