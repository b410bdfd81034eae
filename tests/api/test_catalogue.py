"""Departments, levels, types, workflows, and who you are."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.tickets.models import Department, TicketType
from tests.api.client import Api
from tests.cast import Cast


def test_departments(cast: Cast, api: Callable[..., Api]) -> None:
    Department.objects.filter(pk=cast.equipment.pk).update(is_active=False)
    for person, language in ((cast.anna, "en"), (cast.svetlana, "ru")):
        body = api(person, Accept_Language=language).get("departments").json()
        assert body == {
            "items": [
                {
                    "id": cast.hosting.pk,
                    "name": cast.hosting.names[language],
                    "system_address": "hosting@desk.example",
                    "forwarding_addresses": [],
                    "workflow": "service",
                }
            ],
            "next": None,
        }


def test_levels(cast: Cast, api: Callable[..., Api]) -> None:
    items = api(cast.anna).get("levels").json()["items"]
    assert items[0] == {
        "key": "first",
        "name": "First level",
        "names": {"ru": "Первый уровень", "bg": "Първо ниво", "en": "First level"},
        "is_first": True,
        "is_active": True,
    }
    assert [item["key"] for item in items] == [
        "first",
        "second",
        "marketing",
        "vendor",
        "incidents",
    ]


def test_types(cast: Cast, api: Callable[..., Api]) -> None:
    TicketType.objects.create(names={"en": "Repair"}, department=cast.equipment)
    TicketType.objects.create(names={"en": "Review"}, audience="internal")
    TicketType.objects.create(names={"en": "Old"}, is_active=False)
    staff = api(cast.anna).get("types").json()["items"]
    assert [(item["name"], item["audience"], item["department"]) for item in staff] == [
        ("Repair", "public", "Equipment"),
        ("Review", "internal", None),
    ]
    assert [item["name"] for item in api(cast.svetlana).get("types").json()["items"]] == ["Repair"]


def test_workflows(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    with CaptureQueriesContext(connection) as queries:
        items = client.get("workflows").json()["items"]
    assert len(queries) <= 6
    flows = {flow["key"]: {status["key"]: status for status in flow["statuses"]} for flow in items}
    assert set(flows) == {"service", "mailbox"}
    assert flows["service"]["closed"]["moves"] == []
    assert flows["mailbox"]["waiting"]["moves"] == ["open", "closed"]
    assert [key for key, status in flows["service"].items() if status["is_initial"]] == ["new"]


def test_who_you_are(cast: Cast, api: Callable[..., Api]) -> None:
    me = api(cast.svetlana).get("people/me").json()
    assert (me["email"], me["level"], me["company"]) == ("svetlana@orbita.example", None, "Орбита")
    assert "tickets:ticket:reply" in me["permissions"]
    scoped = api(cast.anna, "tickets:ticket:view").get("people/me").json()
    assert (scoped["level"], scoped["permissions"]) == ("agent", ["tickets:ticket:view"])
