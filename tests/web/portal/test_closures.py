"""Closing and reopening by the customer; what stands in the text field goes along."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, actor, resolve_by
from tests.web.pages import form_of, hidden_fields, html

SignedIn = Callable[[Person], Client]


def press(client: Client, ticket: Ticket, noun: str, text: str = "") -> str:
    """Press the button for `noun` on the ticket's page; the page that follows."""
    page = f"/portal/tickets/{ticket.number}/"
    form = form_of(client, page, text=text, confirmed="1")
    response = client.post(f"{page}{noun}/", form, follow=True)
    return html(response)


def phase(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).phase


def test_a_customer_closes(cast: Cast, ticket: Ticket, boxed: Ticket, signed_in: SignedIn) -> None:
    client = signed_in(cast.svetlana)
    assert "The ticket is now: Resolved." in press(client, ticket, "closures")
    assert "The ticket is now: Closed." in press(client, boxed, "closures")
    assert (phase(ticket), phase(boxed)) == ("resolved", "closed")
    assert Message.objects.count() == 2


def test_a_resolved_ticket_is_closed_for_good(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    press(client, ticket, "closures")
    press(client, ticket, "closures")
    assert phase(ticket) == "closed"


def test_what_was_typed_is_sent_before_closing(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    press(signed_in(cast.svetlana), ticket, "closures", "Thank you, it works")
    assert Message.objects.latest("pk").text == "Thank you, it works"
    assert phase(ticket) == "resolved"


@pytest.mark.parametrize(
    ("is_boxed", "told"),
    [(False, "It can't be reopened after that"), (True, "You can reopen it later.")],
)
def test_a_final_close_is_asked_about_and_loses_nothing_typed(
    cast: Cast, ticket: Ticket, boxed: Ticket, signed_in: SignedIn, is_boxed: bool, told: str
) -> None:
    closing, client = boxed if is_boxed else ticket, signed_in(cast.svetlana)
    if not is_boxed:
        resolve_by(cast.anna, ticket)
    address = f"/portal/tickets/{closing.number}/"
    page = html(client.get(address))
    assert 'popovertarget="close-for-good"' in page
    assert told in page
    before = (phase(closing), Message.objects.count())
    asked = client.post(f"{address}closures/", form_of(client, address, text="Thank you"))
    assert asked.status_code == 409
    assert "Close the ticket?" in html(asked)
    assert told in html(asked)
    assert "Thank you</textarea>" in html(asked)
    assert (phase(closing), Message.objects.count()) == before
    again = client.post(
        f"{address}closures/", {**hidden_fields(asked), "text": "Thank you", "confirmed": "1"}
    )
    assert again.status_code == 302
    assert phase(closing) == "closed"
    assert Message.objects.latest("pk").text == "Thank you"


def test_what_can_be_taken_up_by_an_answer_is_not_asked_about(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client, address = signed_in(cast.svetlana), f"/portal/tickets/{ticket.number}/"
    page = html(client.get(address))
    assert "close-for-good" not in page
    client.post(f"{address}closures/", form_of(client, address))
    assert phase(ticket) == "resolved"


@pytest.mark.parametrize("text", ["", "It broke again"])
def test_a_customer_reopens(cast: Cast, ticket: Ticket, signed_in: SignedIn, text: str) -> None:
    resolve_by(cast.anna, ticket)
    page = press(signed_in(cast.svetlana), ticket, "reopenings", text)
    assert "The ticket is open again." in page
    assert phase(ticket) == "open"
    assert Ticket.objects.get(pk=ticket.pk).awaiting == "support"
    assert Message.objects.filter(text=text).count() == (1 if text else 0)


def test_what_was_typed_goes_to_the_reopened_ticket_not_to_a_new_one(
    cast: Cast, boxed: Ticket, signed_in: SignedIn
) -> None:
    move(actor(cast.boris), boxed, "closed", via="web")
    press(signed_in(cast.svetlana), boxed, "reopenings", "It blinks again")
    assert phase(boxed) == "open"
    assert Message.objects.latest("pk").ticket == boxed
    assert Ticket.objects.count() == 1


def test_a_final_ticket_stays_closed_and_the_text_is_kept(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client, page = signed_in(cast.svetlana), f"/portal/tickets/{ticket.number}/"
    resolve_by(cast.anna, ticket)
    form = form_of(client, page, text="It broke again")
    move(actor(cast.anna), ticket, "closed", via="web")
    response = client.post(f"{page}reopenings/", form)
    assert response.status_code == 409
    assert "the ticket is now “Closed”" in html(response)
    assert "It broke again</textarea>" in html(response)
    assert phase(ticket) == "closed"
    assert not Message.objects.filter(text="It broke again").exists()


def test_reopening_what_is_open_changes_nothing(
    cast: Cast, ticket: Ticket, boxed: Ticket, signed_in: SignedIn
) -> None:
    reply(actor(cast.boris), boxed, Draft("Which lamp?"), via="web")
    client = signed_in(cast.svetlana)
    press(client, ticket, "reopenings")
    press(client, boxed, "reopenings")
    assert (phase(ticket), phase(boxed)) == ("new", "waiting")
