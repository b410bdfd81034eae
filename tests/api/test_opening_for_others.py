"""Opening a ticket in somebody else's name: for whom, and what the customer reads of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from firstline.mail.models import OutgoingMail
from firstline.people import portals
from firstline.people.models import Person, Project
from firstline.tickets.actions.forward import passable, quoted
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.actions.split import split
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor
from tests.web.pages import html

NEW = {"subject": "By phone", "text": "They called.", "department": "hosting"}
SignedIn = Callable[[Person], Client]


def test_a_partner_opens_for_people_it_serves(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.partner_agent)
    made = client.post("tickets", NEW | {"requester": "Kirill@Clinic.example "})
    assert made.status_code == 201
    assert made.json() == client.get(f"tickets/{made.json()['number']}").json()
    assert made.json()["requester"]["email"] == cast.kirill.email


@pytest.mark.parametrize(
    "email",
    [
        "svetlana@orbita.example",  # a customer of the platform
        "anna@desk.example",  # works for the platform
        "agent@partner.example",  # the partner's agent: nobody serves them here
        "nobody@clinic.example",  # unknown, though the domain is of a company that the partner serves
        "nobody@nowhere.example",
    ],
)
def test_anybody_else_is_refused_in_the_same_words(
    email: str, cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.partner_agent)
    before = everything()
    refusals = [
        problem(client.post("tickets", NEW | {"requester": requester}), 422)
        for requester in (email, {"email": email, "name": "Who"}, "never-heard-of@x.example")
    ]
    assert refusals[0] == refusals[1] == refusals[2]
    assert [error["field"] for error in refusals[0]["errors"]] == ["requester"]
    assert everything() == before


def test_the_action_decides(cast: Cast) -> None:
    """Whatever the door let through."""
    for who, company in ((cast.svetlana, None), (None, cast.orbita), (cast.kirill, cast.orbita)):
        told = Fields(subject="x", department=cast.hosting, requester=who, company=company)
        with pytest.raises(ValidationError):
            open_ticket(actor(cast.partner_agent), told, Draft("y"), via="web")
    assert not Ticket.objects.exists()


def test_a_partner_names_no_project_of_others(cast: Cast, api: Callable[..., Api]) -> None:
    """Though the customer whom it serves is a member of it."""
    cast.project.members.add(cast.kirill)
    body = NEW | {"requester": cast.kirill.email, "project": cast.project.identifier}
    assert fields(api(cast.partner_agent).post("tickets", body)) == {"project"}
    Project.objects.filter(pk=cast.project.pk).update(partner=cast.partner)
    assert api(cast.partner_agent).post("tickets", body).status_code == 201


def test_the_customer_reads_who_wrote_it(
    cast: Cast, api: Callable[..., Api], signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    made = api(cast.anna).post("tickets", NEW | {"requester": cast.svetlana.email})
    number = made.json()["number"]
    message = Message.objects.get(ticket__number=number)
    assert (message.author, message.written_by) == (cast.svetlana, cast.anna)
    told = "written by Анна Соколова (support) on behalf of Светлана Иванова"
    portal = html(signed_in(cast.svetlana).get(f"/portal/tickets/{number}/"))
    assert told in portal
    assert "<b>You</b>" not in portal
    assert "Анна Соколова opened the ticket on behalf of Светлана Иванова" in portal
    desk = html(signed_in(cast.anna).get(f"/tickets/{number}/"))
    assert told in desk
    for person in (cast.svetlana, cast.anna):
        first = api(person).get(f"tickets/{number}/timeline").json()["items"][0]
        assert first["written_by"]["name"] == "Анна Соколова"
    settle()
    mail = OutgoingMail.objects.get(recipient=cast.svetlana.email)
    for text in (mail.text, mail.html):
        assert "Written by Анна Соколова (support) on behalf of Светлана Иванова" in text


def test_where_the_portal_names_no_agents(
    cast: Cast, api: Callable[..., Api], signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    portal = portals.of(cast.svetlana)
    type(portal).objects.filter(pk=portal.pk).update(shows_agents=False)
    portals.forget(portal)
    made = api(cast.anna).post("tickets", NEW | {"requester": cast.svetlana.email})
    page = html(signed_in(cast.svetlana).get(f"/portal/tickets/{made.json()['number']}/"))
    assert "written by the support team on behalf of Светлана Иванова" in page
    settle()
    mail = OutgoingMail.objects.get(recipient=cast.svetlana.email)
    assert "Written by the support team on behalf of Светлана Иванова" in mail.text
    assert "Анна" not in page + mail.text + mail.html


def test_what_one_writes_for_oneself_has_one_name(cast: Cast, api: Callable[..., Api]) -> None:
    for person in (cast.svetlana, cast.anna):
        body = NEW | ({"requester": person.email} if person == cast.anna else {})
        number = api(person).post("tickets", body).json()["number"]
        assert Message.objects.get(ticket__number=number).written_by is None


def test_it_stays_known_in_a_split_and_a_forward(cast: Cast, api: Callable[..., Api]) -> None:
    made = api(cast.anna).post("tickets", NEW | {"requester": cast.svetlana.email})
    ticket = Ticket.objects.get(number=made.json()["number"])
    assert "Анна Соколова on behalf of Светлана Иванова" in quoted(passable(ticket))
    part = split(actor(cast.anna), ticket, ticket.messages.get().pk, "A part", via="web")
    assert part.messages.get().written_by == cast.anna


def test_a_bulk_does_no_more_than_the_scopes_of_its_token(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.anna, "tickets:bulk:open", "tickets:ticket:view")
    before = everything()
    problem(client.post("bulk", {"verb": "claim", "numbers": [ticket.number]}), 403)
    assert everything() == before
