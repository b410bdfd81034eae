"""Contracts, objects and equipment by the API: whose they are, pages, writing them down."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.events.models import Event
from firstline.people.models import Company, Partner
from firstline.records.models import Contract, Equipment, ServiceObject
from tests.api.client import Api, fields, problem
from tests.cast import Cast

LISTS = ("contracts", "objects", "equipment")


def ids(response: Any) -> list[int]:
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["items"]]


def test_shapes(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.svetlana)
    (contract,) = client.get("contracts").json()["items"]
    assert contract == {
        "id": cast.contract.pk,
        "number": "С-0412/25",
        "company": "Орбита",
        "title": "",
        "covers": "",
        "starts_on": None,
        "ends_on": None,
        "is_over": False,
    }
    (site,) = client.get("objects").json()["items"]
    assert site == {
        "id": cast.site.pk,
        "name": "Корпус 5",
        "address": "Берёзовка",
        "company": "Орбита",
    }
    (machine,) = client.get("equipment").json()["items"]
    assert (machine["model"], machine["serial"]) == ("МК-8", "2318-044")
    assert (machine["object"], machine["contract"]) == ("Корпус 5", "С-0412/25")


@pytest.mark.parametrize("path", LISTS)
def test_who_sees_them(path: str, cast: Cast, api: Callable[..., Api]) -> None:
    assert len(ids(api(cast.vera).get(path))) == 1
    assert len(ids(api(cast.anna).get(path))) == 1
    assert ids(api(cast.zlata).get(path)) == []
    assert ids(api(cast.partner_agent).get(path)) == []
    Company.objects.filter(pk=cast.orbita.pk).update(partner=Partner.objects.get())
    assert len(ids(api(cast.partner_agent).get(path))) == 1
    problem(api(cast.anna, "tickets:ticket:view").get(path), 403)
    problem(api(cast.svetlana, "tickets:ticket:reply").get(path), 403)


def test_page_by_page(cast: Cast, api: Callable[..., Api]) -> None:
    for number in range(6):
        Contract.objects.create(number=f"N-{number}", company=cast.orbita)
    client = api(cast.anna)
    whole = ids(client.get("contracts"))
    address, seen = "/api/v1/contracts?limit=3", []
    while address:
        page = client.get(address)
        assert len(ids(page)) <= 3
        seen += ids(page)
        address = page.json()["next"]
    assert seen == whole
    assert len(whole) == 7


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"after": "x"}, "after"),
        ({"q": "x"}, "q"),
    ],
)
def test_wrong_queries(
    query: dict[str, str], field: str, cast: Cast, api: Callable[..., Api]
) -> None:
    assert fields(api(cast.anna).get("objects", **query)) == {field}
    assert ids(api(cast.anna).get("objects", after=10**30)) == []


def test_queries_do_not_grow(cast: Cast, api: Callable[..., Api]) -> None:
    client, counts = api(cast.anna), []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("equipment", limit=100)
        counts.append(len(queries))
        for number in range(20):
            Equipment.objects.create(
                model=f"МК-{number}", company=cast.orbita, site=cast.site, contract=cast.contract
            )
    assert counts[0] == counts[1] <= 5


def test_they_are_written_down(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.supervisor)
    contract = client.post(
        "contracts",
        {
            "number": " С-7/26\n",
            "company": cast.orbita.pk,
            "title": "Обслуживание",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
        },
    )
    assert contract.status_code == 201, contract.content
    assert (contract.json()["number"], contract.json()["ends_on"]) == ("С-7/26", "2026-12-31")
    site = client.post("objects", {"name": "Корпус 6", "company": "Орбита", "address": "Лесная, 1"})
    assert site.status_code == 201, site.content
    machine = client.post(
        "equipment",
        {
            "model": "МК-9",
            "serial": "77",
            "company": "Орбита",
            "object": site.json()["id"],
            "contract": "c-7/26",
        },
    )
    assert machine.status_code == 201, machine.content
    assert (machine.json()["object"], machine.json()["contract"]) == ("Корпус 6", "С-7/26")
    events = Event.objects.filter(kind__endswith=".created").order_by("pk")
    assert [(one.kind, one.actor_id, one.via) for one in events] == [
        ("contract.created", cast.supervisor.pk, "api"),
        ("object.created", cast.supervisor.pk, "api"),
        ("equipment.created", cast.supervisor.pk, "api"),
    ]
    assert Equipment.objects.latest("pk").site == ServiceObject.objects.latest("pk")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("contracts", {"number": "С-0412/25"}, "number"),
        ("contracts", {"number": " "}, "number"),
        ("contracts", {}, "number"),
        ("contracts", {"number": "x" * 61}, "number"),
        ("contracts", {"number": "1", "company": "Nobody"}, "company"),
        ("contracts", {"number": "1", "starts_on": "soon"}, "starts_on"),
        ("contracts", {"number": "1", "starts_on": 5}, "starts_on"),
        (
            "contracts",
            {"number": "1", "starts_on": "2026-02-01", "ends_on": "2026-01-01"},
            "ends_on",
        ),
        ("contracts", {"number": "1", "id": 5}, "id"),
        ("objects", {"name": ""}, "name"),
        ("objects", {"name": "\n"}, "name"),
        ("objects", {"name": "x", "address": "x" * 301}, "address"),
        ("equipment", {"model": "\t"}, "model"),
        ("equipment", {"model": "x", "object": "Чужой"}, "object"),
        ("equipment", {"model": "x", "contract": "Z-1"}, "contract"),
        ("equipment", {"model": "x", "object": 10**30}, "object"),
    ],
)
def test_wrong_bodies(
    path: str,
    body: dict[str, Any],
    field: str,
    cast: Cast,
    api: Callable[..., Api],
    everything: Callable[[], Any],
) -> None:
    other = Company.objects.get(name="Зарница")
    Contract.objects.create(number="Z-1", company=other)
    ServiceObject.objects.create(name="Чужой", company=other)
    client = api(cast.administrator)
    before = everything()
    assert fields(client.post(path, {"company": "Орбита"} | body)) == {field}
    assert everything() == before
