"""Opening tickets by the API: what may be said of them, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from firstline.tickets.models import Ticket, TicketType
from tests.api.client import Api, fields, problem
from tests.api.test_tickets import KEYS
from tests.cast import Cast

GOOD = {"subject": "x", "text": "y", "department": "hosting"}


def test_a_customer(cast: Cast, api: Callable[..., Api]) -> None:
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
    cast: Cast, api: Callable[..., Api], settle: Callable[[], None]
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


def test_staff_need_a_requester(cast: Cast, api: Callable[..., Api]) -> None:
    body = {"subject": "x", "text": "y", "department": "hosting"}
    assert fields(api(cast.anna).post("tickets", body)) == {"requester"}


def test_types(cast: Cast, api: Callable[..., Api]) -> None:
    TicketType.objects.create(names={"en": "Repair", "ru": "Ремонт"})
    internal = TicketType.objects.create(names={"en": "Review"}, audience="internal")
    body = {"subject": "x", "text": "y", "department": "hosting"}
    made = api(cast.svetlana).post("tickets", body | {"type": "ремонт"})
    assert made.json()["type"] == "Repair"
    for wanted in ("Review", internal.pk, "Nonsense"):
        assert fields(api(cast.svetlana).post("tickets", body | {"type": wanted})) == {"type"}


def test_one_department_needs_no_name(cast: Cast, api: Callable[..., Api]) -> None:
    body = {"subject": "x", "text": "y"}
    assert fields(api(cast.svetlana).post("tickets", body)) == {"department"}
    type(cast.equipment).objects.filter(pk=cast.equipment.pk).update(is_active=False)
    assert api(cast.svetlana).post("tickets", body).json()["department"] == "Hosting"
    assert fields(api(cast.svetlana).post("tickets", body | {"department": "equipment"})) == {
        "department"
    }


def test_a_form_with_files(cast: Cast, api: Callable[..., Api]) -> None:
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
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.svetlana)
    before = everything()
    body = {"subject": "x", "text": "y", "department": "hosting", "tags": ["vip"]}
    problem(client.post("tickets", body), 403)
    assert everything() == before


def test_for_another_address_nobody_is_met(
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
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


def test_what_the_company_owns(cast: Cast, api: Callable[..., Api]) -> None:
    """By id or by the name that people know: number, name, serial number."""
    for site, machine in (
        (cast.site.pk, cast.machine.pk),
        ("Корпус 5", "2318-044"),
        (str(cast.site.pk), None),
    ):
        body = GOOD | {"contract": " c-0412/25 ", "object": site, "equipment": machine}
        response = api(cast.svetlana).post("tickets", body | {"project": "orbita-shop"})
        assert response.status_code == 201, response.content
        made = response.json()
        assert (made["contract"], made["contract_text"]) == ("С-0412/25", None)
        assert (made["object"], made["project"]) == ("Корпус 5", "orbita-shop")
        assert made["equipment"] == ("МК-8, № 2318-044" if machine else None)


def test_staff_name_what_the_requesters_company_owns(cast: Cast, api: Callable[..., Api]) -> None:
    body = GOOD | {"object": "Корпус 5", "contract": "С-0412/25"}
    made = api(cast.anna).post("tickets", body | {"requester": "pyotr@orbita.example"}).json()
    assert (made["object"], made["contract"]) == ("Корпус 5", "С-0412/25")
    foreign = api(cast.anna).post("tickets", body | {"requester": "zlata@zarnitsa.example"})
    assert fields(foreign) == {"object"}


def test_a_contract_of_others_looks_like_an_unknown_one(
    cast: Cast, api: Callable[..., Api]
) -> None:
    for number in ("С-0412/25", "X-1"):
        made = api(cast.zlata).post("tickets", GOOD | {"contract": number}).json()
        assert (made["contract"], made["contract_text"]) == (None, number)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"object": "Корпус 5"}, "object"),
        ({"object": 1_000_000}, "object"),
        ({"object": 10**30}, "object"),
        ({"object": True}, None),
        ({"equipment": "2318-044"}, "equipment"),
        ({"equipment": ""}, "equipment"),
        ({"project": "orbita-shop"}, "project"),
        ({"contract": "x" * 61}, "contract"),
        ({"contract": 5}, "contract"),
        ({"details": {"model": "МК-8"}}, "details.model"),
        ({"details": []}, "details"),
        ({"details": {"a": {}}}, None),
        ({"details": {"a": "x\x00"}}, None),
    ],
)
def test_wrong_facts(
    change: dict[str, Any],
    field: str | None,
    cast: Cast,
    api: Callable[..., Api],
    everything: Callable[[], Any],
) -> None:
    client = api(cast.zlata)
    before = everything()
    found = fields(client.post("tickets", GOOD | change))
    assert found if field is None else found == {field}
    assert everything() == before


def test_answers_to_what_the_type_asks(cast: Cast, api: Callable[..., Api]) -> None:
    kind = TicketType.objects.create(names={"en": "Repair"}, department=cast.hosting)
    names = {"en": "Model"}
    kind.fields.create(key="model", names=names, is_required=True)
    kind.fields.create(key="degrees", names={"en": "Degrees"}, kind="number", position=1)
    client = api(cast.svetlana)
    asked = client.get("types").json()["items"][0]["fields"]
    assert [(one["key"], one["kind"], one["is_required"]) for one in asked] == [
        ("model", "text", True),
        ("degrees", "number", False),
    ]
    body = GOOD | {"type": "Repair"}
    assert fields(client.post("tickets", body)) == {"details.model"}
    wrong = body | {"details": {"model": "МК-8", "degrees": "hot"}}
    assert fields(client.post("tickets", wrong)) == {"details.degrees"}
    stray = body | {"details": {"model": "МК-8", "colour": "red"}}
    assert fields(client.post("tickets", stray)) == {"details.colour"}
    made = client.post("tickets", body | {"details": {"model": " МК-8 ", "degrees": 3.5}}).json()
    assert made["details"] == {"model": "МК-8", "degrees": 3.5}
    form = {name: str(value) for name, value in GOOD.items()} | {"type": "Repair"}
    sent = client.form("tickets", **form, **{"details.model": "МК-9", "details.degrees": "21,5"})
    assert sent.status_code == 201, sent.content
    assert sent.json()["details"] == {"model": "МК-9", "degrees": 21.5}
    elsewhere = client.post("tickets", body | {"department": "equipment"})
    assert fields(elsewhere) == {"type", "details.model"}
