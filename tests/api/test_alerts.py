"""Alerts and projects by the API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.people.models import Project
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Alert, Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, open_by

NEW = {
    "project": "orbita-shop",
    "type": "suspicious",
    "title": "The ports are closed",
    "text": "Look at the forms of your site, please.",
}


def test_an_alert_is_told(cast: Cast, api: Callable[..., Api]) -> None:
    answer = api(cast.anna).post("alerts", NEW)
    assert answer.status_code == 201
    told = answer.json()
    assert answer.headers["Location"] == f"/api/v1/tickets/{told['number']}"
    shape = {"number", "project", "type", "title", "author", "status", "phase", "created_at"}
    shape |= {"answered_at", "acknowledge_by", "acknowledged_at", "reminded_at", "receipts"}
    assert told.keys() == shape
    assert (told["project"], told["type"], told["title"]) == (
        "orbita-shop", "suspicious", "The ports are closed",
    )  # fmt: skip
    assert told["author"] == {"name": "Анна Соколова", "email": "anna@desk.example"}
    ticket = api(cast.pyotr).get(f"tickets/{told['number']}").json()
    assert (ticket["project"], ticket["awaiting"]) == ("orbita-shop", "customer")
    assert ticket["requester"]["email"] == "svetlana@orbita.example"


def test_an_empty_file_is_refused(cast: Cast, api: Callable[..., Api]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, alert = api(cast.anna), NEW | {"department": "equipment"}
    inside = alert | {"files": [{"name": "list.txt", "content": ""}]}
    empty = SimpleUploadedFile("list.txt", b"")
    for refused in (client.form("alerts", **alert, files=empty), client.post("alerts", inside)):
        assert "“list.txt” is empty." in str(problem(refused, 422))


def test_files_come_in_a_form(cast: Cast, api: Callable[..., Api]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = api(cast.anna).form(
        "alerts", **NEW, department="equipment", files=SimpleUploadedFile("list.txt", b"one")
    )
    assert answer.status_code == 201
    ticket = Ticket.objects.get(number=answer.json()["number"])
    assert ticket.department == cast.equipment
    assert ticket.messages.get().attachments.get().file.name == "list.txt"


def test_the_same_key_makes_one(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    first, again = (client.post("alerts", NEW, key="k-1") for _ in range(2))
    assert first.json() == again.json()
    assert Alert.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"project": "nowhere"}, "project"),
        ({"project": ""}, "project"),
        ({"type": "advertising"}, "type"),
        ({"title": ""}, "title"),
        ({"title": " \n "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"text": "  "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"department": "nowhere"}, "department"),
        ({"acknowledge_by": "2020-01-01T00:00:00Z"}, "acknowledge_by"),
        ({"acknowledge_by": "2999-01-01T00:00:00Z"}, "acknowledge_by"),
        ({"acknowledge_by": "soon"}, "acknowledge_by"),
        ({"priority": "high"}, "priority"),
    ],
)
def test_what_is_wrong_is_named(
    cast: Cast,
    api: Callable[..., Api],
    everything: Callable[[], Any],
    wrong: dict[str, str],
    field: str,
) -> None:
    client, before = api(cast.anna), everything()
    assert fields(client.post("alerts", NEW | wrong)) == {field}
    assert everything() == before


def test_a_refusal_comes_before_any_hint_what_there_is(
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    for person in (cast.svetlana, cast.zlata, cast.observer, cast.partner_agent):
        client, before = api(person), everything()
        problem(client.post("alerts", NEW), 403)
        problem(client.post("alerts", NEW | {"project": "nowhere"}), 403)
        assert everything() == before


def test_everybody_lists_what_they_may_open(cast: Cast, api: Callable[..., Api]) -> None:
    number = api(cast.anna).post("alerts", NEW).json()["number"]
    for person in (*cast.staff, *cast.customers):
        client = api(person)
        listed = [item["number"] for item in client.get("alerts").json()["items"]]
        assert listed == [number] * (client.get(f"tickets/{number}").status_code == 200)


def test_an_answer_shows(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    number = client.post("alerts", NEW).json()["number"]
    assert client.get("alerts").json()["items"][0]["answered_at"] is None
    reply(actor(cast.pyotr), Ticket.objects.get(number=number), Draft("Done"), via="portal")
    assert client.get("alerts").json()["items"][0]["answered_at"] is not None


def test_customers_do_not_learn_addresses_of_staff(cast: Cast, api: Callable[..., Api]) -> None:
    api(cast.anna).post("alerts", NEW)
    (item,) = api(cast.pyotr).get("alerts").json()["items"]
    assert item["author"]["email"] is None


def test_a_list_in_pages_of_one_project(cast: Cast, api: Callable[..., Api]) -> None:
    other = Project.objects.create(identifier="other", name="Other", owner=cast.zlata)
    client = api(cast.anna)
    every = [client.post("alerts", NEW).json()["number"] for _ in range(3)]
    client.post("alerts", NEW | {"project": other.identifier})
    found, address = [], "alerts?project=orbita-shop&limit=2"
    while address:
        page = client.get(address).json()
        found.append([item["number"] for item in page["items"]])
        address = page["next"]
    assert found == [[every[2], every[1]], [every[0]]]
    problem(api(cast.pyotr).get("alerts", project="other"), 404)
    problem(client.get("alerts", project="nowhere\x00"), 422)
    assert fields(client.get("alerts", after="x")) == {"after"}
    assert fields(client.get("alerts", limit="0")) == {"limit"}
    assert fields(client.get("alerts", kind="x")) == {"kind"}


def test_receipts_of_everybody_for_staff_and_ones_own_for_customers(
    cast: Cast, api: Callable[..., Api], signed_in: Callable[[Any], Any]
) -> None:
    until = (timezone.now() + timedelta(hours=6)).isoformat()
    number = api(cast.anna).post("alerts", NEW | {"acknowledge_by": until}).json()["number"]
    signed_in(cast.svetlana).get(f"/portal/tickets/{number}/")
    answer = api(cast.pyotr).post(f"tickets/{number}/acknowledgements")
    assert answer.status_code == 201
    again = api(cast.pyotr).post(f"tickets/{number}/acknowledgements")
    assert again.json() == answer.json()
    (item,) = api(cast.anna).get("alerts").json()["items"]
    assert datetime.fromisoformat(item["acknowledge_by"]) == datetime.fromisoformat(until)
    assert item["acknowledged_at"] == answer.json()["acknowledged_at"]
    done = {one["person"]["email"]: one for one in item["receipts"]}
    assert done.keys() == {"svetlana@orbita.example", "pyotr@orbita.example"}
    assert done["svetlana@orbita.example"]["opened_at"]
    assert done["svetlana@orbita.example"]["acknowledged_at"] is None
    assert done["pyotr@orbita.example"]["acknowledged_at"]
    (own,) = api(cast.pyotr).get("alerts").json()["items"]
    assert [one["person"]["email"] for one in own["receipts"]] == ["pyotr@orbita.example"]


def test_only_customers_acknowledge_and_only_alerts(
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    number = api(cast.anna).post("alerts", NEW).json()["number"]
    other = open_by(cast.svetlana, cast.hosting)
    for person, what, status in (
        (cast.anna, number, 403),
        (cast.zlata, number, 404),
        (cast.svetlana, other.number, 404),
    ):
        client, before = api(person), everything()
        problem(client.post(f"tickets/{what}/acknowledgements"), status)
        assert everything() == before


def test_to_several_projects_and_how_far_it_is(
    cast: Cast, api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    Project.objects.create(identifier="other", name="Other", owner=cast.zlata)
    client = api(cast.anna)
    several: dict[str, Any] = {name: value for name, value in NEW.items() if name != "project"}
    several["projects"] = ["orbita-shop", "other"]
    answer = client.post("alerts", several, key="k-2")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["total"], told["done"], told["failed"]) == (2, 0, 0)
    settle()
    now = client.get(answer.headers["Location"]).json()
    assert (now["total"], now["done"], now["failures"]) == (2, 2, [])
    assert {one["project"] for one in client.get("alerts").json()["items"]} == {
        "orbita-shop", "other",
    }  # fmt: skip
    assert client.post("alerts", several, key="k-2").json() == told
    assert Alert.objects.count() == 2
    assert fields(client.post("alerts", several | {"projects": ["orbita-shop", "nowhere"]})) == {
        "projects"
    }
    problem(api(cast.boris).get(answer.headers["Location"]), 404)


def test_a_list_by_state_and_type(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    read, late = (client.post("alerts", NEW).json()["number"] for _ in range(2))
    other = client.post("alerts", NEW | {"type": "complaint"}).json()["number"]
    api(cast.pyotr).post(f"tickets/{read}/acknowledgements")
    Alert.objects.filter(ticket__number=late).update(
        acknowledge_by=timezone.now() - timedelta(minutes=1)
    )

    def listed(**asked: str) -> list[str]:
        return [item["number"] for item in client.get("alerts", **asked).json()["items"]]

    assert listed(state="acknowledged") == [read]
    assert listed(state="overdue") == [late]
    assert listed(state="waiting") == [other, late]
    assert listed(type="complaint") == [other]


def test_projects_of_each(cast: Cast, api: Callable[..., Api]) -> None:
    partner = cast.partner_agent.staff.partner
    Project.objects.create(identifier="p-1", name="One", owner=cast.zlata, partner=partner)

    def read(person: Any) -> list[str]:
        return [item["identifier"] for item in api(person).get("projects").json()["items"]]

    for person in cast.staff:
        theirs = ["p-1"] if person == cast.partner_agent else ["orbita-shop", "p-1"]
        assert read(person) == theirs, person.name
    assert [read(person) for person in cast.customers] == [
        ["orbita-shop"], ["orbita-shop"], [], ["p-1"],
    ]  # fmt: skip
    (item,) = api(cast.pyotr).get("projects").json()["items"]
    assert item == {
        "identifier": "orbita-shop",
        "name": "Магазин",
        "owner": {"name": "Светлана Иванова", "email": "svetlana@orbita.example"},
        "company": "Орбита",
        "partner": None,
    }


def test_projects_in_pages(cast: Cast, api: Callable[..., Api]) -> None:
    for number in range(3):
        Project.objects.create(identifier=f"p-{number}", name="More", owner=cast.zlata)
    client, found, address = api(cast.anna), [], "projects?limit=3"
    while address:
        page = client.get(address).json()
        found += [item["identifier"] for item in page["items"]]
        address = page["next"]
    assert found == ["orbita-shop", "p-0", "p-1", "p-2"]
    assert client.get("projects", after="я" * 500).json()["items"] == []
    assert fields(client.get("projects", after="a\x00")) == {"after"}


@pytest.mark.parametrize("path", ["alerts", "projects"])
def test_queries_do_not_grow_with_the_list(cast: Cast, api: Callable[..., Api], path: str) -> None:
    client, costs = api(cast.administrator), []
    for upto in (3, 30):
        for number in range(Project.objects.count(), upto):
            Project.objects.create(identifier=f"p-{number}", name="More", owner=cast.zlata)
            client.post("alerts", NEW | {"project": f"p-{number}"})
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(path, limit=100).json()["items"]) >= upto - 1
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 10
