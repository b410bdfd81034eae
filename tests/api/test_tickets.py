"""Tickets by the API: their shape, and lists page by page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.people import portals
from firstline.people.models import Person
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, open_by

KEYS = {
    "number", "subject", "status", "phase", "priority", "category", "type", "level", "department",
    "requester", "company", "project", "contract", "contract_text", "object", "equipment", "details",
    "callback_name", "callback_phone", "responsible", "team", "agents", "tags", "awaiting",
    "pending_until", "rating", "channel", "created_at", "updated_at", "closed_at", "partner",
    "custody",
}  # fmt: skip


def numbers(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [item["number"] for item in response.json()["items"]]


def test_the_shape_of_a_ticket(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    claim(actor(cast.anna), ticket, via="web")
    body = api(cast.anna).get(f"tickets/{ticket.number}").json()
    assert set(body) == KEYS
    assert body["number"] == ticket.number
    assert body["subject"] == "The site does not open"
    assert (body["status"], body["phase"]) == ("open", "open")
    assert (body["priority"], body["category"], body["awaiting"]) == (
        "medium",
        "request",
        "support",
    )
    assert (body["department"], body["level"], body["company"]) == ("Hosting", "first", "Орбита")
    assert body["requester"] == {"name": "Светлана Иванова", "email": "svetlana@orbita.example"}
    assert body["responsible"] == {"name": "Анна Соколова", "email": "anna@desk.example"}
    assert body["agents"] == [body["responsible"]]
    assert body["created_at"].endswith("Z")
    assert body["closed_at"] is None


def test_a_list_and_one_ticket_agree(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    listed = client.get("tickets").json()
    assert listed == {"items": [client.get(f"tickets/{ticket.number}").json()], "next": None}


def test_customers_read_nothing_internal(cast: Cast, api: Callable[..., Api]) -> None:
    opened = open_by(cast.svetlana, cast.hosting, tags=("angry",))
    claim(actor(cast.anna), opened, via="web")
    body = api(cast.svetlana).get(f"tickets/{opened.number}").json()
    assert set(body) == KEYS
    assert body["responsible"] == {"name": "Анна Соколова", "email": None}
    assert (body["level"], body["team"], body["agents"], body["tags"]) == (None, None, [], [])
    assert (body["custody"], body["partner"]) == (None, None)
    assert "anna@desk.example" not in str(body)
    assert api(cast.anna).get(f"tickets/{opened.number}").json()["tags"] == ["angry"]


def test_names_in_the_language_of_the_reader(
    cast: Cast, ticket: Ticket, api: Callable[..., Api]
) -> None:
    path = f"tickets/{ticket.number}"
    for language, name in (("ru", "Хостинг"), ("bg-BG,ru;q=0.5", "Хостинг"), ("en", "Hosting")):
        response = api(cast.anna, Accept_Language=language).get(path)
        assert response.json()["department"] == name
        assert response.headers["Content-Language"] == language[:2]
    Person.objects.filter(pk=cast.anna.pk).update(language="ru")
    assert api(cast.anna).get(path).headers["Content-Language"] == "ru"
    assert api(cast.anna, Accept_Language="de,fr").get(path).headers["Content-Language"] == "ru"


class TestLists:
    @pytest.mark.parametrize(
        "order", ["-created", "created", "-updated", "updated", "-priority", "priority"]
    )
    def test_page_by_page(self, order: str, cast: Cast, api: Callable[..., Api]) -> None:
        opened = [
            open_by(cast.svetlana, cast.hosting, f"No {place}", priority=1 + place % 4).number
            for place in range(7)
        ]
        client = api(cast.anna)
        whole = numbers(client.get("tickets", order=order))
        assert sorted(whole) == sorted(opened)
        address, seen = "/api/v1/tickets?limit=3&order=" + order, []
        while address:
            page = client.get(address).json()
            assert len(page["items"]) <= 3
            seen += [item["number"] for item in page["items"]]
            address = page["next"]
        assert seen == whole

    def test_a_page_keeps_its_filters(self, cast: Cast, api: Callable[..., Api]) -> None:
        mine = [open_by(cast.svetlana, cast.hosting).number for _place in range(3)]
        open_by(cast.pyotr, cast.hosting)
        client = api(cast.anna)
        first = client.get("tickets", requester="svetlana@orbita.example", limit=2)
        second = client.get(first.json()["next"])
        assert numbers(first) + numbers(second) == mine[::-1]
        assert second.json()["next"] is None

    def test_filters(self, cast: Cast, api: Callable[..., Api]) -> None:
        new = open_by(cast.svetlana, cast.hosting)
        taken = open_by(cast.pyotr, cast.hosting)
        done = open_by(cast.vera, cast.equipment)
        claim(actor(cast.anna), taken, via="web")
        move(actor(cast.administrator), done, "closed", via="web")
        client = api(cast.administrator)
        expected: list[tuple[dict[str, str], list[Ticket]]] = [
            ({"state": "open"}, [taken, new]),
            ({"state": "closed"}, [done]),
            ({"state": "all"}, [done, taken, new]),
            ({"status": "open"}, [taken]),
            ({"status": "nonsense"}, []),
            ({"phase": "new"}, [new]),
            ({"department": "equipment"}, [done]),
            ({"department": "Оборудване"}, [done]),
            ({"department": "equipment@desk.example"}, [done]),
            ({"department": str(cast.equipment.pk)}, [done]),
            ({"requester": "Pyotr@orbita.example"}, [taken]),
            ({"requester": "nobody@orbita.example"}, []),
            ({"responsible": "anna@desk.example"}, [taken]),
            ({"responsible": "nobody@desk.example"}, []),
            ({"responsible": "me"}, []),
            ({"responsible": "none"}, [done, new]),
            ({"responsible": "none", "state": "open"}, [new]),
        ]
        for query, found in expected:
            assert numbers(client.get("tickets", **query)) == [one.number for one in found], query
        assert numbers(api(cast.anna).get("tickets", responsible="me")) == [taken.number]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"state": "opne"}, "state"),
            ({"stauts": "open"}, "stauts"),
            ({"phase": "x"}, "phase"),
            ({"department": "nowhere"}, "department"),
            ({"order": "subject"}, "order"),
            ({"limit": "0"}, "limit"),
            ({"limit": "101"}, "limit"),
            ({"limit": "ten"}, "limit"),
            ({"after": "nonsense"}, "after"),
            ({"after": "2026-01-01T00:00:00_5", "order": "-updated"}, "after"),
            ({"after": ""}, "after"),
            ({"requester": "a\x00b"}, "requester"),
            ({"status": "'; DROP TABLE tickets_ticket; --\x00"}, "status"),
        ],
    )
    def test_wrong_queries(
        self, query: dict[str, str], field: str, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        assert fields(api(cast.anna).get("tickets", **query)) == {field}

    @pytest.mark.parametrize("order", ["created", "-updated", "priority"])
    @pytest.mark.parametrize("last", ["999999999999999999", "0"])
    def test_keys_beyond_the_list(
        self, order: str, last: str, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        value = "9" if order == "priority" else "9999-12-31T23:59:59+00:00"
        found = api(cast.anna).get("tickets", order=order, after=f"{value}_{last}")
        assert found.status_code == 200

    def test_customers_do_not_ask_who_is_responsible(
        self, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        problem(api(cast.svetlana).get("tickets", responsible="anna@desk.example"), 403)

    def test_queries_do_not_grow_with_the_list(self, cast: Cast, api: Callable[..., Api]) -> None:
        client = api(cast.administrator)
        counts = []
        for upto in (3, 30):
            while Ticket.objects.count() < upto:
                opened = open_by(cast.svetlana, cast.hosting, tags=(f"tag{upto}", "vip"))
                claim(actor(cast.anna), opened, via="web")
                reply(actor(cast.administrator), opened, Draft("Hello."), via="web")
            portals.at("testserver")  # remembered for some seconds only
            with CaptureQueriesContext(connection) as queries:
                assert len(numbers(client.get("tickets", limit=100))) == upto
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 6


@pytest.fixture
def indexed(cast: Cast, settle: Callable[[], None]) -> list[Ticket]:
    """Five tickets about toner, newest first; the oldest is urgent and one is of another department."""
    tickets = [open_by(cast.svetlana, cast.hosting, "Toner", f"Page {n}") for n in range(3)]
    tickets.append(open_by(cast.zlata, cast.equipment, "Toner", "Call 8 (916) 123-45-67"))
    tickets.append(open_by(cast.svetlana, cast.hosting, "Toners", "The last"))
    Ticket.objects.filter(pk=tickets[0].pk).update(priority=4)
    settle()
    return tickets[::-1]


def test_a_list_is_searched(cast: Cast, indexed: list[Ticket], api: Callable[..., Api]) -> None:
    client = api(cast.administrator)
    every = [one.number for one in indexed]
    assert numbers(client.get("tickets?q=toner")) == every
    assert numbers(client.get("tickets?q=%2B79161234567")) == [every[1]]
    assert numbers(client.get(f"tickets?q=zlata {cast.zlata.email}")) == [every[1]]
    assert numbers(client.get(f"tickets?q={every[0]}")) == [every[0]]
    assert numbers(client.get("tickets?q=toner&department=Hosting&order=-priority"))[0] == every[4]
    assert numbers(client.get("tickets?q=toner&state=closed")) == []
    assert numbers(client.get("tickets?q=nothing")) == []
    assert numbers(client.get("tickets?q=%20")) == every
    assert numbers(api(cast.svetlana).get("tickets?q=toner")) == [every[0], *every[2:]]
    assert numbers(api(cast.pyotr).get("tickets?q=toner")) == []


@pytest.mark.parametrize("order", ["-created", "-updated"])
def test_what_a_search_finds_comes_in_pages(
    cast: Cast, indexed: list[Ticket], api: Callable[..., Api], order: str
) -> None:
    client, found = api(cast.administrator), []
    address = f"tickets?q=toner&limit=2&order={order}"
    while address:
        page = client.get(address).json()
        found += [item["number"] for item in page["items"]]
        address = page["next"] and page["next"].partition("/api/v1/")[2]
    assert found == [one.number for one in indexed]


def test_a_search_refuses_what_it_cannot_take(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    for query in (f"q={'x' * 201}", "q=toner&after=x", f"q=toner&after={'9' * 5000}"):
        problem(client.get(f"tickets?{query}"), 422)


def test_a_search_takes_the_same_queries_however_much_it_finds(
    cast: Cast, indexed: list[Ticket], api: Callable[..., Api]
) -> None:
    counts = []
    for limit in (1, 4):
        with CaptureQueriesContext(connection) as queries:
            assert len(numbers(api(cast.anna).get(f"tickets?q=toner&limit={limit}"))) == limit
        counts.append(len(queries))
    assert counts[0] == counts[1]
