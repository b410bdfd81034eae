"""A customer opens an alert and says that they have read it (product 5.4, 11.9)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from firstline.events.models import Event
from firstline.people.models import Person
from firstline.tickets import timers
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Alert, AlertReceipt, Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignedIn = Callable[[Person], Client]


@pytest.fixture
def told(cast: Cast) -> Ticket:
    until = timezone.now() + timedelta(hours=5)
    said = ("suspicious", "Many sign-ins", Draft("Look at your server."))
    return alert(actor(cast.anna), cast.project, *said, via="web", acknowledge_by=until)


def address(ticket: Ticket) -> str:
    return f"/portal/tickets/{ticket.number}/"


def test_reading_the_page_is_opening_it(cast: Cast, told: Ticket, signed_in: SignedIn) -> None:
    client = signed_in(cast.pyotr)
    client.get(address(told), headers={"Sec-Purpose": "prefetch;prerender"})
    signed_in(cast.zlata).get(address(told))
    signed_in(cast.anna).get(f"/tickets/{told.number}/")
    assert not AlertReceipt.objects.exists()
    page = html(client.get(address(told)))
    receipt = AlertReceipt.objects.get()
    assert receipt.person == cast.pyotr
    assert receipt.acknowledged_at is None
    assert "Please say by " in page
    client.get(address(told))
    assert AlertReceipt.objects.get().opened_at == receipt.opened_at


def test_the_button_says_that_one_has_read_it(
    cast: Cast, told: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.pyotr)
    for _press in range(2):
        answer = client.post(f"{address(told)}acknowledgements/")
        assert (answer.status_code, answer["Location"]) == (302, address(told))
    assert Event.objects.filter(kind="ticket.acknowledged").count() == 1
    page = html(client.get(address(told)))
    assert "that you have read this alert" in page
    assert "I have read it" not in page
    other = html(signed_in(cast.svetlana).get(address(told)))
    assert "Somebody of the project has read this alert" in other
    assert "I have read it" in other


def test_where_it_waits_it_says_so_and_then_no_more(
    cast: Cast, told: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.pyotr)
    assert "Many sign-ins" in html(client.get("/portal/"))
    Alert.objects.update(acknowledge_by=timezone.now() - timedelta(minutes=1))
    timers.tick()
    assert "The support team waited until" in html(client.get(address(told)))
    client.post(f"{address(told)}acknowledgements/")
    assert "Read and answer" not in html(client.get("/portal/"))
    assert "Acknowledged, " in html(client.get("/portal/projects/orbita-shop/"))


def test_an_answer_is_asked_for_until_somebody_has_read_it(
    cast: Cast, told: Ticket, signed_in: SignedIn
) -> None:
    client, needed = signed_in(cast.pyotr), "Your answer is needed."
    assert needed in html(client.get(address(told)))
    client.post(f"{address(told)}acknowledgements/")
    assert needed not in html(client.get(address(told)))
    assert needed not in html(signed_in(cast.svetlana).get(address(told)))
    only = alert(actor(cast.anna), cast.project, "information", "T", Draft("Told"), via="web")
    assert needed not in html(client.get(address(only)))
    reply(actor(cast.pyotr), only, Draft("What?"), via="portal")
    reply(actor(cast.anna), only, Draft("This one."), via="web")
    page = html(client.get(address(only)))
    assert "Answered." in page
    assert needed not in page


def test_an_ordinary_ticket_asks_nothing(cast: Cast, signed_in: SignedIn) -> None:
    ticket, client = open_by(cast.svetlana, cast.hosting), signed_in(cast.svetlana)
    assert "I have read it" not in html(client.get(address(ticket)))
    assert client.post(f"{address(ticket)}acknowledgements/").status_code == 404
