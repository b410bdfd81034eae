"""Tickets by the API: their shape, lists page by page, opening."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.people.models import Person
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket, TicketType
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, open_by

KEYS = {
    "number", "subject", "status", "phase", "priority", "category", "type", "level", "department",
    "requester", "company", "project", "contract", "object", "equipment", "responsible", "team",
    "agents", "tags", "awaiting", "pending_until", "channel", "created_at", "updated_at", "closed_at",
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

    @pytest.mark.parametrize("after", ["99999999999999999999999", "-5", "0"])
    def test_keys_beyond_the_list(
        self, after: str, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        assert api(cast.anna).get("tickets", after=after).status_code == 200

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
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert len(numbers(client.get("tickets", limit=100))) == upto
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 6


class TestOpening:
    def test_a_customer(self, cast: Cast, api: Callable[..., Api]) -> None:
        body = {
            "subject": "No mail",
            "text": "Since\r\nmonday.",
            "department": "hosting",
            "category": "incident",
        }
        response = api(cast.svetlana).post("tickets", body)
        assert response.status_code == 201, response.content
        made = response.json()
        assert set(made) == KEYS
        assert (made["subject"], made["channel"], made["category"]) == (
            "No mail",
            "api",
            "incident",
        )
        assert made["requester"]["email"] == "svetlana@orbita.example"
        ticket = Ticket.objects.get(number=made["number"])
        assert ticket.messages.get().text == "Since\nmonday."
        assert ticket.opened_by == cast.svetlana
        location = response.headers["Location"]
        assert location == f"/api/v1/tickets/{made['number']}"
        assert api(cast.svetlana).get(location).json() == made

    def test_staff_for_somebody_new(
        self, cast: Cast, api: Callable[..., Api], settle: Callable[[], None]
    ) -> None:
        body = {
            "subject": "By phone",
            "text": "They called.",
            "department": cast.hosting.pk,
            "requester": {"email": "New@Customer.example", "name": "Нина Новая"},
            "priority": "critical",
            "callback_name": "Нина",
            "callback_phone": "+7 495 000-00-00",
            "tags": ["phone", "vip"],
        }
        response = api(cast.anna).post("tickets", body)
        assert response.status_code == 201, response.content
        made = response.json()
        assert made["requester"] == {"name": "Нина Новая", "email": "new@customer.example"}
        assert (made["priority"], made["tags"]) == ("critical", ["phone", "vip"])
        ticket = Ticket.objects.get(number=made["number"])
        assert (ticket.callback_name, ticket.callback_phone) == ("Нина", "+7 495 000-00-00")
        assert ticket.opened_by == cast.anna
        settle()

    def test_staff_need_a_requester(self, cast: Cast, api: Callable[..., Api]) -> None:
        body = {"subject": "x", "text": "y", "department": "hosting"}
        assert fields(api(cast.anna).post("tickets", body)) == {"requester"}

    def test_types(self, cast: Cast, api: Callable[..., Api]) -> None:
        TicketType.objects.create(names={"en": "Repair", "ru": "Ремонт"})
        internal = TicketType.objects.create(names={"en": "Review"}, audience="internal")
        body = {"subject": "x", "text": "y", "department": "hosting"}
        made = api(cast.svetlana).post("tickets", body | {"type": "ремонт"})
        assert made.json()["type"] == "Repair"
        for wanted in ("Review", internal.pk, "Nonsense"):
            assert fields(api(cast.svetlana).post("tickets", body | {"type": wanted})) == {"type"}

    def test_one_department_needs_no_name(self, cast: Cast, api: Callable[..., Api]) -> None:
        body = {"subject": "x", "text": "y"}
        assert fields(api(cast.svetlana).post("tickets", body)) == {"department"}
        type(cast.equipment).objects.filter(pk=cast.equipment.pk).update(is_active=False)
        assert api(cast.svetlana).post("tickets", body).json()["department"] == "Hosting"
        assert fields(api(cast.svetlana).post("tickets", body | {"department": "equipment"})) == {
            "department"
        }

    def test_a_form_with_files(self, cast: Cast, api: Callable[..., Api]) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        response = api(cast.svetlana).form(
            "tickets",
            subject="See the log",
            text="Here.",
            department="hosting",
            files=[SimpleUploadedFile("журнал.log", b"502"), SimpleUploadedFile("b.txt", b"x")],
        )
        assert response.status_code == 201, response.content
        items = api(cast.svetlana).get(f"tickets/{response.json()['number']}/files").json()["items"]
        assert [item["name"] for item in items] == ["журнал.log", "b.txt"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"subject": None}, "subject"),
            ({"subject": ""}, "subject"),
            ({"subject": 5}, "subject"),
            ({"subject": "x" * 301}, "subject"),
            ({"subject": "a\x00b"}, "subject"),
            ({"text": " \n"}, "text"),
            ({"text": "half \ud83d"}, "text"),
            ({"text": ["a"]}, "text"),
            ({"text": "x" * 500_001}, "text"),
            ({"priority": "urgent"}, "priority"),
            ({"priority": 3}, "priority"),
            ({"category": "x"}, "category"),
            ({"department": "nowhere"}, "department"),
            ({"department": True}, None),
            ({"requester": "not an address"}, "requester"),
            ({"requester": {"email": "a@b.example", "is_staff": True}}, None),
            ({"tags": "one"}, "tags"),
            ({"tags": [""]}, "tags.0"),
            ({"tags": ["x"] * 21}, "tags"),
            ({"callback_phone": "1" * 41}, "callback_phone"),
            ({"files": [{"name": "a", "content": "***"}]}, "files.0.content"),
            ({"files": [{"name": "", "content": ""}]}, "files.0.name"),
            ({"number": "SR1"}, "number"),
            ({"status": "closed"}, "status"),
            ({"responsible": "anna@desk.example"}, "responsible"),
            ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
            ({"id": 1}, "id"),
            ({"__proto__": {}}, "__proto__"),
        ],
    )
    def test_wrong_bodies(
        self,
        change: dict[str, Any],
        field: str | None,
        cast: Cast,
        api: Callable[..., Api],
        everything: Callable[[], Any],
    ) -> None:
        good = {"subject": "x", "text": "y", "department": "hosting", "requester": "new@b.example"}
        client = api(cast.anna)
        before = everything()
        found = fields(client.post("tickets", good | change))
        assert found
        if field is not None:
            assert found == {field}
        assert everything() == before

    def test_customers_do_not_tag(
        self, cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
    ) -> None:
        client = api(cast.svetlana)
        before = everything()
        body = {"subject": "x", "text": "y", "department": "hosting", "tags": ["vip"]}
        problem(client.post("tickets", body), 403)
        assert everything() == before

    def test_for_another_address_nobody_is_met(
        self, cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
    ) -> None:
        """A customer can't make us write to strangers (C13)."""
        client = api(cast.svetlana)
        before = everything()
        body = {
            "subject": "x",
            "text": "y",
            "department": "hosting",
            "requester": "victim@b.example",
        }
        problem(client.post("tickets", body), 403)
        assert everything() == before
