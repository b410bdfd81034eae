"""Departments, their boxes and checks by the API."""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.mail.models import Box
from firstline.tickets.models import Department, Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, open_by

FOREIGN = "support@planina.example"
NAMES = {"ru": "Цены", "bg": "Цени", "en": "Prices"}


@pytest.fixture
def admin(cast: Cast, api: Callable[..., Api]) -> Api:
    """The administrator's client."""
    return api(cast.administrator, Accept_Language="en")


def test_a_department_is_made_once(cast: Cast, admin: Api) -> None:
    body = {"names": NAMES, "agents": ["Anna@desk.example"], "signatures": {"bg": "Поздрави"}}
    made = admin.post("departments", body, key="prices")
    assert made.status_code == 201
    found = made.json()
    assert made.headers["Location"] == f"/api/v1/departments/{found['id']}"
    assert found["system_address"] == "prices@desk.example"
    assert (found["name"], found["workflow"], found["agents"]) == (
        "Prices",
        "mailbox",
        ["anna@desk.example"],
    )
    assert found["signatures"] == {"ru": "", "bg": "Поздрави", "en": ""}
    assert admin.post("departments", body, key="prices").json() == found
    assert Department.objects.count() == 3
    assert admin.get(f"departments/{found['id']}").json() == found


def test_a_department_is_changed_whole_or_not(
    cast: Cast, admin: Api, everything: Callable[[], Any]
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    address = f"departments/{cast.hosting.pk}"
    before = everything()
    assert fields(admin.patch(address, {"workflow": "mailbox", "position": 2})) == {"statuses"}
    assert everything() == before
    body = {"workflow": "mailbox", "statuses": {"new": "open"}, "system_address": "h@desk.example"}
    found = admin.patch(address, body).json()
    assert found["forwarding_addresses"] == ["hosting@desk.example"]
    assert (found["workflow"], found["system_address"]) == ("mailbox", "h@desk.example")
    assert found["names"] == cast.hosting.names
    assert Ticket.objects.get(pk=ticket.pk).status.workflow.key == "mailbox"


def test_a_department_is_retired_and_brought_back(cast: Cast, admin: Api) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    address = f"departments/{cast.hosting.pk}"
    assert fields(admin.patch(address, {"is_active": False})) == {"tickets_to"}
    for target in (cast.hosting.pk, 999, 1 << 70):
        body = {"is_active": False, "tickets_to": target}
        assert fields(admin.patch(address, body)) == {"tickets_to"}
    body = {"is_active": False, "tickets_to": cast.equipment.pk}
    assert admin.patch(address, body).json()["is_active"] is False
    assert Ticket.objects.get(pk=ticket.pk).department == cast.equipment
    listed = admin.get("departments").json()["items"]
    assert [one["forwarding_addresses"] for one in listed] == [["hosting@desk.example"]]
    assert admin.patch(address, {"is_active": True}).json()["is_active"] is True


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"names": {"ru": "Цены"}}, {"names.bg", "names.en"}),
        ({"names": {**NAMES, "en": "Equipment"}}, {"names.en"}),
        ({"system_address": "equipment@desk.example"}, {"system_address"}),
        ({"system_address": "postmaster@desk.example"}, {"system_address"}),
        ({"workflow": "none"}, {"workflow"}),
        ({"agents": ["svetlana@orbita.example"]}, {"agents"}),
        ({"signatures": {"ru": "я" * 2001}}, {"signatures.ru"}),
        ({"position": 0}, {"position"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_what_is_wrong_is_told_by_field(
    cast: Cast, admin: Api, everything: Callable[[], Any], body: dict[str, Any], wrong: set[str]
) -> None:
    before = everything()
    assert fields(admin.patch(f"departments/{cast.hosting.pk}", body)) == wrong
    assert everything() == before


def test_boxes_and_checks(cast: Cast, admin: Api, settle: Callable[[], None]) -> None:
    boxes = f"departments/{cast.hosting.pk}/boxes"
    assert fields(admin.post(boxes, {"address": "hosting@desk.example"})) == {"address"}
    made = admin.post(boxes, {"address": "Help@planina.example"}, key="one").json()
    assert (made["address"], made["state"]) == ("help@planina.example", None)
    box = f"{boxes}/{made['id']}"
    check = admin.post(f"{box}/checks").json()
    assert check["state"] == "queued"
    settle()
    [found] = admin.get(f"{box}/checks").json()["items"]
    assert (found["id"], found["state"]) == (check["id"], "kept")
    assert "FIRSTLINE_EMAIL_URL" in found["steps"][0]["advice"]
    assert admin.get(boxes).json()["items"][0]["state"] == "kept"
    assert fields(admin.post(f"{box}/moves", {"department": 999})) == {"department"}
    moved = admin.post(f"{box}/moves", {"department": cast.equipment.pk}).json()
    assert moved["department"] == cast.equipment.pk
    problem(admin.post(f"{box}/removals"), 404)
    there = f"departments/{cast.equipment.pk}/boxes/{made['id']}/removals"
    assert admin.post(there).json() == {"address": "help@planina.example"}
    assert not Box.objects.exists()


def test_a_public_address_is_refused_as_a_system_address(cast: Cast, admin: Api) -> None:
    refused = admin.patch(f"departments/{cast.hosting.pk}", {"system_address": FOREIGN})
    assert fields(refused) == {"system_address"}
    assert "enter it under Forwarding addresses" in refused.content.decode()
    assert fields(admin.post("departments", {"names": NAMES, "system_address": FOREIGN})) == {
        "system_address"
    }
    assert not Department.objects.filter(address=FOREIGN).exists()


def test_further_domains_may_be_received(cast: Cast, admin: Api, settings: Any) -> None:
    settings.MAIL_DOMAINS = ["Planina.Example"]
    changed = admin.patch(f"departments/{cast.hosting.pk}", {"system_address": FOREIGN})
    assert changed.json()["system_address"] == FOREIGN


def test_the_system_address_is_checked(cast: Cast, admin: Api, settle: Callable[[], None]) -> None:
    address = f"departments/{cast.hosting.pk}/checks"
    begun = admin.post(address).json()
    assert admin.post(address).json()["id"] == begun["id"]
    settle()
    [found] = admin.get(address).json()["items"]
    assert (found["id"], found["state"]) == (begun["id"], "kept")
