"""Closing can be taken back for ten seconds, like what is sent; until then nothing has happened."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.events.models import Event
from firstline.people.models import Person
from firstline.tickets.actions import pending
from firstline.tickets.actions.move import close
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import KeptDraft, PendingMessage, Ticket
from tests.cast import Cast, actor, open_by, resolve_by
from tests.web.pages import form_of, html

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Resolved, so that it can be closed."""
    found = open_by(cast.svetlana, cast.hosting)
    resolve_by(cast.anna, found)
    return found


def press_close(agent: Client, ticket: Ticket, **headers: str) -> Any:
    address = f"/tickets/{ticket.number}/"
    form = form_of(agent, address) | {"status": "closed"}
    return agent.post(f"{address}moves/", form, headers=headers)


def phase(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).phase


def pass_time() -> None:
    PendingMessage.objects.filter(state="waiting").update(due_at=timezone.now())
    pending.sweep()


def test_it_waits_says_so_and_then_closes(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, events = signed_in(cast.anna), Event.objects.count()
    for _press in range(2):
        assert press_close(agent, ticket).status_code == 302
    page = html(agent.get(f"/tickets/{ticket.number}/"))
    assert "The ticket closes in 10 s" in page
    assert 'data-undo="' in page
    assert 'data-code="Control+KeyZ"' in page
    other = html(signed_in(cast.supervisor).get(f"/tickets/{ticket.number}/"))
    assert "Анна Соколова closes the ticket in a few seconds" in other
    assert 'data-undo="' not in other
    assert (phase(ticket), Event.objects.count()) == ("resolved", events)
    pass_time()
    assert phase(ticket) == "closed"
    moved = Event.objects.filter(kind="ticket.moved", data__phase="closed")
    assert [one.actor for one in moved] == [cast.anna]
    assert "could not" not in html(agent.get(f"/tickets/{ticket.number}/"))


def test_taken_back_it_is_as_if_nothing_was(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, events = signed_in(cast.anna), Event.objects.count()
    press_close(agent, ticket)
    row = PendingMessage.objects.get()
    address = f"/tickets/{ticket.number}/pending/{row.pk}/withdrawals/"
    assert signed_in(cast.supervisor).post(address).status_code == 404
    answer = agent.post(address, headers=HTMX)
    assert "Taken back: the ticket was not closed." in html(answer)
    pass_time()
    assert (phase(ticket), Event.objects.count()) == ("resolved", events)
    assert not KeptDraft.objects.exists()
    assert agent.post(address).status_code == 409


def test_the_next_ticket_comes_up_and_the_way_back_goes_along(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    other = open_by(cast.svetlana, cast.hosting, "Another one")
    answer = press_close(signed_in(cast.anna), ticket, **HTMX)
    assert answer.headers["HX-Push-Url"] == f"/tickets/{other.number}/"
    assert f"{ticket.number} closes in 10 s" in html(answer)
    row = PendingMessage.objects.get()
    assert f"/tickets/{ticket.number}/pending/{row.pk}/withdrawals/" in answer.text


def test_what_the_customer_writes_meanwhile_stops_it(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    agent = signed_in(cast.anna)
    press_close(agent, ticket)
    reply(actor(cast.svetlana), ticket, Draft("Wait, it broke again"), via="portal")
    pass_time()
    assert phase(ticket) == "open"
    page = html(agent.get(f"/tickets/{ticket.number}/"))
    assert "The ticket was not closed." in page
    assert "The customer wrote before it was." in page
    row = PendingMessage.objects.get()
    agent.post(f"/tickets/{ticket.number}/pending/{row.pk}/withdrawals/")
    assert "The ticket was not closed." not in html(agent.get(f"/tickets/{ticket.number}/"))


def test_what_was_written_before_the_press_refuses_it(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    boxed = open_by(cast.svetlana, cast.equipment)
    boris = signed_in(cast.boris)
    form = form_of(boris, f"/tickets/{boxed.number}/") | {"status": "closed"}
    reply(actor(cast.svetlana), boxed, Draft("One thing more"), via="portal")
    answer = boris.post(f"/tickets/{boxed.number}/moves/", form)
    assert answer.status_code == 409
    assert "The customer wrote meanwhile." in html(answer)
    assert not PendingMessage.objects.exists()
    close(actor(cast.supervisor), ticket, via="web")
    assert agent.post(f"{address}moves/", {"status": "closed"}).status_code == 409
    assert not PendingMessage.objects.exists()


def test_closed_now_it_does_not_wait(
    cast: Cast, ticket: Ticket, signed_in: SignIn, settle: Callable[[], None]
) -> None:
    agent = signed_in(cast.anna)
    press_close(agent, ticket)
    row = PendingMessage.objects.get()
    agent.post(f"/tickets/{ticket.number}/pending/{row.pk}/departures/")
    settle()
    assert phase(ticket) == "closed"
