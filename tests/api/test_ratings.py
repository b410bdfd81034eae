"""Ratings by the API: the same rule as on the portal, and in the ticket's shape."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.tickets.actions.rate import rate
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Rating, Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, open_by


@pytest.fixture
def answered(cast: Cast, ticket: Ticket) -> Ticket:
    resolve(actor(cast.anna), ticket, Draft("Restarted"), via="web")
    return ticket


def test_a_customer_rates_and_changes_it(
    cast: Cast, answered: Ticket, api: Callable[..., Api]
) -> None:
    client, path = api(cast.svetlana), f"tickets/{answered.number}"
    assert client.get(path).json()["rating"] is None
    made = client.post(f"{path}/ratings", {"helped": False, "text": "Too slow"})
    assert made.status_code == 201
    assert made.json()["helped"] is False
    assert made.headers["Location"].endswith(f"/{path}")
    assert client.post(f"{path}/ratings", {"helped": True}).json()["helped"] is True
    for person in (cast.svetlana, cast.anna):
        shown = api(person).get(path).json()
        assert shown["rating"]["helped"] is True
        assert shown["phase"] == "resolved"
        listed = api(person).get("tickets").json()["items"]
        assert [one["rating"]["helped"] for one in listed] == [True]
    message = Message.objects.latest("pk")
    assert (message.text, message.channel, message.kind) == ("Too slow", "api", "in")
    texts = [one["text"] for one in api(cast.anna).get(f"{path}/timeline").json()["items"]]
    assert "Светлана Иванова: the answer helped" in texts


def test_who_may_not(
    cast: Cast, answered: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    shared = open_by(cast.svetlana, cast.hosting, project=cast.project, company=cast.orbita)
    resolve(actor(cast.anna), shared, Draft("Done"), via="web")
    clients = {
        person.name: (api(person), status)
        for person, status in (
            (cast.zlata, 404), (cast.boris, 404), (cast.anna, 403), (cast.observer, 403),
            (cast.administrator, 403), (cast.pyotr, 403),
        )
    }  # fmt: skip
    scoped = api(cast.svetlana, "tickets:ticket:view")
    before = everything()
    for client, status in clients.values():
        problem(client.post(f"tickets/{shared.number}/ratings", {"helped": True}), status)
    problem(scoped.post(f"tickets/{shared.number}/ratings", {"helped": True}), 403)
    assert everything() == before
    assert (
        api(cast.vera).post(f"tickets/{shared.number}/ratings", {"helped": True}).status_code == 201
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "helped"),
        ({"helped": "yes"}, "helped"),
        ({"helped": 1}, "helped"),
        ({"helped": True, "text": 5}, "text"),
        ({"helped": True, "text": "x\x00"}, "text"),
        ({"helped": True, "stars": 5}, "stars"),
        ({"helped": True, "text": "я" * 500_001}, "text"),
    ],
)
def test_bodies_that_say_something_else(
    cast: Cast, answered: Ticket, api: Callable[..., Api], body: Any, field: str
) -> None:
    client = api(cast.svetlana)
    assert fields(client.post(f"tickets/{answered.number}/ratings", body)) == {field}
    assert not Rating.objects.exists()


def test_without_an_answer_there_is_nothing_to_rate(
    cast: Cast, ticket: Ticket, api: Callable[..., Api]
) -> None:
    client = api(cast.svetlana)
    assert fields(client.post(f"tickets/{ticket.number}/ratings", {"helped": True})) == {"helped"}


def test_a_retry_rates_once(cast: Cast, answered: Ticket, api: Callable[..., Api]) -> None:
    client = api(cast.svetlana)
    for _time in range(2):
        client.post(
            f"tickets/{answered.number}/ratings", {"helped": True, "text": "Good"}, key="once"
        )
    assert Message.objects.filter(text="Good").count() == 1


def test_a_list_costs_the_same_with_ratings(cast: Cast, api: Callable[..., Api]) -> None:
    client, costs = api(cast.svetlana), []
    for _round in range(2):
        for _number in range(3):
            ticket = open_by(cast.svetlana, cast.hosting)
            resolve(actor(cast.anna), ticket, Draft("Done"), via="web")
            rate(actor(cast.svetlana), ticket, True, Draft(""), via="portal")
        client.get("tickets")
        with CaptureQueriesContext(connection) as seen:
            client.get("tickets")
        costs.append(len(seen))
    assert costs[0] == costs[1]
