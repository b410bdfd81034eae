"""Levels by the API: added, renamed, placed, retired and brought back by administrators."""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.tickets.models import Level, Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, open_by

NIGHT = {"ru": "Ночная смена", "bg": "Нощна смяна", "en": "Night shift"}


@pytest.fixture
def admin(cast: Cast, api: Callable[..., Api]) -> Api:
    """The administrator's client."""
    return api(cast.administrator, Accept_Language="en")


def keys(admin: Api) -> list[str]:
    return [item["key"] for item in admin.get("levels").json()["items"]]


def test_a_level_is_added_once(admin: Api) -> None:
    made = admin.post("levels", {"names": NIGHT}, key="night")
    assert made.status_code == 201
    assert made.headers["Location"] == "/api/v1/levels/night-shift"
    shape = {"key": "night-shift", "name": "Night shift", "names": NIGHT}
    assert made.json() == {**shape, "is_first": False, "is_active": True}
    assert admin.post("levels", {"names": NIGHT}, key="night").json() == made.json()
    assert keys(admin)[-1] == "night-shift"
    assert keys(admin).count("night-shift") == 1


def test_a_level_is_renamed_and_placed(admin: Api) -> None:
    body = {"names": NIGHT, "position": 1}
    assert admin.patch("levels/vendor", body).json()["name"] == "Night shift"
    assert keys(admin) == ["first", "vendor", "second", "marketing", "incidents"]


def test_a_level_is_retired_and_brought_back(cast: Cast, admin: Api) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, level=Level.objects.get(key="vendor"))
    assert fields(admin.patch("levels/vendor", {"is_active": False})) == {"tickets_to"}
    for target in ("vendor", "nothing"):
        body = {"is_active": False, "tickets_to": target}
        assert fields(admin.patch("levels/vendor", body)) == {"tickets_to"}
    done = admin.patch("levels/vendor", {"is_active": False, "tickets_to": "second"})
    assert done.json()["is_active"] is False
    assert "vendor" not in keys(admin)
    assert Ticket.objects.get(pk=ticket.pk).level.key == "second"
    admin.patch("levels/vendor", {"is_active": True, "position": 1})
    assert keys(admin) == ["first", "vendor", "second", "marketing", "incidents"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"names": {"ru": "Ночь"}}, {"names.bg", "names.en"}),
        ({"names": {**NIGHT, "en": "Second level"}}, {"names.en"}),
        ({"names": {**NIGHT, "bg": ""}, "position": 1}, {"names.bg"}),
        ({"position": 0}, {"position"}),
        ({"position": "1"}, {"position"}),
        ({"is_active": 0}, {"is_active"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_what_is_wrong_is_told_by_field(
    admin: Api, everything: Callable[[], Any], body: dict[str, Any], wrong: set[str]
) -> None:
    before = everything()
    assert fields(admin.patch("levels/vendor", body)) == wrong
    assert everything() == before


def test_all_or_nothing(cast: Cast, admin: Api, everything: Callable[[], Any]) -> None:
    open_by(cast.svetlana, cast.hosting, level=Level.objects.get(key="vendor"))
    before = everything()
    body = {"names": NIGHT, "is_active": False}
    assert fields(admin.patch("levels/vendor", body)) == {"tickets_to"}
    assert everything() == before


def test_the_first_level_stays(admin: Api) -> None:
    body = {"is_active": False, "tickets_to": "second"}
    assert fields(admin.patch("levels/first", body)) == {"is_active"}
    assert fields(admin.patch("levels/first", {"position": 2})) == {"position"}
    problem(admin.patch("levels/nothing", {"position": 2}), 404)
