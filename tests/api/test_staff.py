"""Staff by the API: listed, invited, changed, deactivated and brought back by administrators."""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.people.actions import staff as people
from firstline.people.models import Invitation, Person, Staff
from firstline.tickets.actions import bulk
from firstline.tickets.actions.assign import assign
from firstline.tickets.models import Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, open_by
from tests.letters import letters_to

EMAIL = "georgi@desk.example"
NEW = {"email": EMAIL, "name": "Георги Атанасов", "language": "bg", "level": "agent"}


@pytest.fixture
def admin(cast: Cast, api: Callable[..., Api]) -> Api:
    """The administrator's client."""
    return api(cast.administrator, Accept_Language="en")


def test_somebody_is_invited_once(cast: Cast, admin: Api, settle: Callable[[], None]) -> None:
    body = NEW | {"departments": ["hosting", cast.equipment.pk]}
    made = admin.post("staff", body, key="georgi")
    assert made.status_code == 201
    shape = made.json()
    assert made.headers["Location"] == f"/api/v1/staff/{shape['id']}"
    assert shape["departments"] == ["Hosting", cast.equipment.label]
    assert (shape["state"], shape["level"], shape["partner"]) == ("invited", "agent", None)
    assert admin.post("staff", body, key="georgi").json() == shape
    settle()
    (letter,) = letters_to(EMAIL)
    assert letter.path.split("/")[2] not in made.content.decode()
    assert admin.get(f"staff/{shape['id']}").json() == shape
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"email": "anna@desk.example"}, {"email"}),
        ({"email": "x", "name": " "}, {"email", "name"}),
        ({"level": "king"}, {"level"}),
        ({"language": "de"}, {"language"}),
        ({"departments": ["nowhere"]}, {"departments"}),
        ({"departments": []}, {"departments"}),
        ({"level": "partner_agent", "departments": []}, {"partner"}),
        ({"partner": 1}, {"partner"}),
        ({"partner": 10**30}, {"partner"}),
        ({"is_staff": True}, {"is_staff"}),
    ],
)
def test_what_is_wrong_is_told_by_field(
    cast: Cast,
    admin: Api,
    everything: Callable[[], Any],
    change: dict[str, Any],
    wrong: set[str],
) -> None:
    before = everything()
    assert fields(admin.post("staff", NEW | {"departments": ["hosting"]} | change)) == wrong
    assert everything() == before


def test_the_list_goes_by_pages_and_filters(cast: Cast, admin: Api) -> None:
    first = admin.get("staff", limit=4).json()
    second = admin.get(first["next"]).json()
    names = [one["name"] for one in first["items"] + second["items"]]
    assert (len(set(names)), second["next"]) == (6, None)
    found = admin.get("staff", level="agent", find="анна").json()["items"]
    assert [one["email"] for one in found] == [cast.anna.email]
    problem(admin.get("staff", surprise=1), 422)
    problem(admin.get("staff/999999"), 404)
    problem(admin.get(f"staff/{10**30}"), 404)
    problem(admin.get(f"staff/{cast.svetlana.pk}"), 404)


def test_level_departments_and_partner_are_changed(cast: Cast, admin: Api) -> None:
    path = f"staff/{cast.anna.pk}"
    body = {"level": "supervisor", "departments": ["equipment"]}
    shape = admin.patch(path, body).json()
    assert (shape["level"], shape["departments"]) == ("supervisor", [cast.equipment.label])
    shape = admin.patch(path, {"level": "partner_agent", "partner": cast.partner.pk}).json()
    assert (shape["partner"], shape["departments"]) == (cast.partner.name, [])
    assert fields(admin.patch(path, {"departments": ["hosting"]})) == {"departments"}
    assert fields(admin.patch(path, {"level": "agent"})) == {"departments"}
    shape = admin.patch(path, {"level": "agent", "departments": ["hosting"]}).json()
    assert (shape["partner"], shape["level"]) == (None, "agent")


def test_ones_own_level_stays(cast: Cast, admin: Api, everything: Callable[[], Any]) -> None:
    path, before = f"staff/{cast.administrator.pk}", everything()
    assert fields(admin.patch(path, {"level": "agent", "departments": ["hosting"]})) == {"level"}
    assert fields(admin.patch(path, {"is_active": False})) == {"person"}
    assert everything() == before


def test_deactivated_with_the_tickets_given_on(cast: Cast, admin: Api, api: Any) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    assign(actor(cast.anna), ticket, cast.anna.staff, via="web")
    path, theirs = f"staff/{cast.anna.pk}", api(cast.anna)
    assert theirs.get("me").status_code == 200
    assert fields(admin.patch(path, {"is_active": False})) == {"tickets_to"}
    assert theirs.get("me").status_code == 200
    body = {"is_active": False, "tickets_to": cast.supervisor.pk}
    shape = admin.patch(path, body).json()
    assert shape["state"] == "deactivated"
    problem(theirs.get("me"), 401)
    bulk.sweep()
    assert admin.get(shape["handing_over"]).json()["done"] == 1
    assert Ticket.objects.get(pk=ticket.pk).responsible_id == cast.supervisor.pk
    assert admin.patch(path, {"is_active": True}).json()["state"] == "active"
    assert Person.objects.get(pk=cast.anna.pk).is_active


def test_all_or_nothing(cast: Cast, admin: Api, everything: Callable[[], Any]) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    assign(actor(cast.anna), ticket, cast.anna.staff, via="web")
    before = everything()
    body = {"level": "supervisor", "is_active": False}
    assert fields(admin.patch(f"staff/{cast.anna.pk}", body)) == {"tickets_to"}
    assert everything() == before


def test_an_invitation_is_sent_anew_and_withdrawn(cast: Cast, admin: Api) -> None:
    made = admin.post("staff", NEW | {"departments": ["hosting"]}).json()
    path = f"staff/{made['id']}"
    first = Invitation.objects.get(person=made["id"])
    assert admin.post(f"{path}/invitations", {}).json()["state"] == "invited"
    second = Invitation.objects.filter(person=made["id"], withdrawn_at=None).latest("pk")
    assert (second.pk, second.sha256) != (first.pk, first.sha256)
    assert admin.post(f"{path}/withdrawals", {}).json() == {"email": made["email"]}
    problem(admin.get(path), 404)
    problem(admin.post(f"{path}/withdrawals", {}), 404)
    for verb in ("invitations", "withdrawals"):
        assert fields(admin.post(f"staff/{cast.boris.pk}/{verb}", {})) == {"invitation"}


def test_a_scope_is_needed(cast: Cast, api: Callable[..., Api]) -> None:
    narrow = api(cast.administrator, "people:staff:edit", "tickets:ticket:view")
    other = api(cast.administrator, "tickets:ticket:view")
    for path in ("staff", f"staff/{cast.anna.pk}"):
        problem(other.get(path), 403)
        assert narrow.get(path).status_code == 200
    problem(other.post("staff", NEW | {"departments": ["hosting"]}), 403)
    assert not Staff.objects.filter(joined_at=None).exists()


def test_one_who_is_invited_has_no_rights_by_an_old_token(
    cast: Cast, admin: Api, api: Callable[..., Api]
) -> None:
    theirs = api(cast.svetlana)
    body = NEW | {"email": cast.svetlana.email, "departments": ["hosting"]}
    pk = admin.post("staff", body).json()["id"]
    assert theirs.get("people/me").json()["level"] is None
    problem(theirs.get("levels"), 403)
    assert people.withdraw(actor(cast.administrator), pk, via="web")
    assert theirs.get("me").status_code == 200
