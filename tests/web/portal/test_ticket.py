"""One ticket on the portal: what its people see, and what nobody else ever does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from firstline.people import portals
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person, Portal
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.move import move, reopen
from firstline.tickets.actions.rate import rate
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Alert, Ticket
from tests.api.client import Api
from tests.cast import Cast, actor, open_by, resolve_by
from tests.web.pages import html
from tests.web.portal.conftest import PICTURE

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
    reply(actor(cast.anna), ticket, Draft("Look at it now."), via="web")
    page = html(client.get(address(ticket)))
    assert "Answered." in page
    assert needed not in page
    until = timezone.now() + timedelta(days=2)
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=until)
    page = html(client.get(address(ticket)))
    assert needed in page
    assert "The support team waits for it until" in page
    reply(actor(cast.svetlana), ticket, Draft("Firefox"), via="portal")
    assert needed not in html(client.get(address(ticket)))
    resolve_by(cast.anna, ticket)
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


def test_the_buttons_are_those_that_work(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    def buttons(found: Ticket) -> set[str]:
        page = html(signed_in(cast.svetlana).get(address(found)))
        return {name for name in ("closures", "reopenings") if f"{address(found)}{name}/" in page}

    assert buttons(ticket) == {"closures"}
    resolve_by(cast.anna, ticket)
    assert buttons(ticket) == {"closures", "reopenings"}
    move(actor(cast.anna), ticket, "closed", via="web")
    assert buttons(ticket) == set()
    boxed = open_by(cast.svetlana, cast.equipment)
    move(actor(cast.boris), boxed, "closed", via="web")
    assert buttons(boxed) == {"reopenings"}
    reopening = "You can also reopen this ticket."
    assert reopening in html(signed_in(cast.svetlana).get(address(boxed)))
    assert reopening not in html(signed_in(cast.svetlana).get(address(ticket)))


def test_the_way_back_leads_to_the_list_that_has_the_ticket(
    cast: Cast, signed_in: SignedIn
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, project=cast.project, company=cast.orbita)
    for person, back in (
        (cast.svetlana, "/portal/"),
        (cast.vera, "/portal/?scope=company"),
        (cast.pyotr, f"/portal/projects/{cast.project.identifier}/"),
    ):
        page = html(signed_in(person).get(address(ticket)))
        assert f'<p><a class="who" href="{back}">' in page


def test_the_page_costs_the_same_however_long_the_talk(
    cast: Cast,
    ticket: Ticket,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client, costs = signed_in(cast.svetlana), []
    Ticket.objects.filter(pk=ticket.pk).update(project=cast.project)
    Alert.objects.create(ticket=ticket, project=cast.project, type="complaint")
    for _round in range(2):
        for number in range(8):
            files = [Enclosure(f"{number}.png", PICTURE), Enclosure(f"{number}.pdf", b"%PDF-1.4")]
            reply(actor(cast.anna), ticket, Draft(f"Answer {number}", files=files), via="web")
            reply(actor(cast.svetlana), ticket, Draft(f"Question {number}"), via="portal")
            rate(actor(cast.svetlana), ticket, number % 2 == 0, Draft(""), via="portal")
        client.get(address(ticket))  # what is remembered for seconds is fresh
        with django_assert_max_num_queries(10) as seen:
            client.get(address(ticket))
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_the_field_of_an_answer_opens_at_a_press(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    closed = '<details class="answer__field" id="answer">'
    opened = '<details class="answer__field" id="answer" open>'
    page = html(client.get(address(ticket)))
    assert closed in page
    assert page.index("<summary") < page.index('name="text"')
    assert opened in html(client.get(f"{address(ticket)}?answer"))
    refused = client.post(f"{address(ticket)}replies/", {"text": " "})
    assert opened in html(refused)
    reply(actor(cast.anna), ticket, Draft("Which browser?"), via="web")
    until = timezone.now() + timedelta(days=2)
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=until)
    assert 'href="?answer#text"' in html(client.get(address(ticket)))


@pytest.fixture
def unnamed(cast: Cast) -> Portal:
    """Our own portal, where the administrator lets no names of agents be seen."""
    portal = portals.own()
    portal.shows_agents = False
    portal.save()
    cache.clear()
    return portal


def test_names_of_agents_stay_with_us_where_the_administrator_says_so(
    cast: Cast, ticket: Ticket, unnamed: Portal, signed_in: SignedIn
) -> None:
    claim(actor(cast.anna), ticket, via="web")
    reply(actor(cast.anna), ticket, Draft("Which browser?"), via="web")
    comment(actor(cast.anna), ticket, Draft("We look into it"), via="web")
    resolve(actor(cast.anna), ticket, Draft("Done"), via="web")
    reopen(actor(cast.svetlana), ticket, via="portal")
    page = html(signed_in(cast.svetlana).get(address(ticket)))
    for given in ("Анна", "Соколова", "АС", "anna@"):
        assert given not in page
    assert page.count("<b>Support team</b>") == 3
    assert "<dt>Answers</dt><dd>Support team</dd>" in page
    assert "Support team took the ticket" in page
    assert "Светлана Иванова changed the status" in page
    agents = html(signed_in(cast.anna).get(f"/tickets/{ticket.number}/"))
    assert "Анна Соколова took the ticket" in agents


def test_names_of_agents_stay_with_us_in_the_api(
    cast: Cast, ticket: Ticket, unnamed: Portal
) -> None:
    reply(actor(cast.anna), ticket, Draft("Which browser?"), via="web")
    client = Api(create_token(cast.svetlana, ["*"]))
    shown = client.get(f"tickets/{ticket.number}").json()
    assert shown["responsible"] == {"name": "Support team", "email": None}
    for path in ("", "/timeline", "/files"):
        assert "Анна" not in str(client.get(f"tickets/{ticket.number}{path}").json())
    assert "Анна" not in str(client.get("tickets").json())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("information", "Information"),
        ("complaint", "Complaint"),
        ("suspicious", "Suspicious activity"),
    ],
)
def test_an_alert_says_its_type(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, kind: str, words: str
) -> None:
    client = signed_in(cast.svetlana)
    assert "<dt>Alert</dt>" not in html(client.get(address(ticket)))
    Alert.objects.create(ticket=ticket, project=cast.project, type=kind)
    page = html(client.get(address(ticket)))
    assert words in page[page.index("<dt>Alert</dt>") :][:400]


@pytest.mark.parametrize("number", ["X", "%00", "..%2F..%2Fetc", "SR00000001%27", "а" * 300])
def test_odd_numbers_are_nothing(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, number: str
) -> None:
    assert signed_in(cast.svetlana).get(f"/portal/tickets/{number}/").status_code == 404
