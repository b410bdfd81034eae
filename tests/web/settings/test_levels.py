"""Levels in the settings: administrators alone add, rename, order, retire and bring them back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.events.models import Event
from firstline.people.models import Person
from firstline.tickets.models import Level, Ticket
from tests.cast import Cast, open_by
from tests.web.pages import form_of, html

LEVELS, NEW = "/settings/levels/", "/settings/levels/new/"
HOSTILE = '"><script>alert(1)</script>'
NIGHT = {"name_ru": "Ночная смена", "name_bg": "Нощна смяна", "name_en": "Night shift"}


@pytest.fixture
def admin(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.administrator)


def in_use() -> list[str]:
    return list(Level.objects.filter(is_active=True).values_list("key", flat=True))


def test_a_level_is_added_and_stands_on_the_desk(
    cast: Cast, admin: Client, signed_in: Callable[[Person], Client]
) -> None:
    body = form_of(admin, NEW, **NIGHT)
    page = html(admin.post(NEW, body, follow=True))
    assert "The level “Night shift” is on the desk" in page
    admin.post(NEW, body)  # pressed twice
    assert in_use()[-1] == "night-shift"
    assert Level.objects.filter(key__startswith="night").count() == 1
    cast.anna.language = "bg"
    cast.anna.save()
    assert "Нощна смяна" in html(signed_in(cast.anna).get("/desk/"))


def test_what_is_wrong_stands_at_the_field_with_what_was_typed(admin: Client) -> None:
    typed = {**NIGHT, "name_en": "Second level", "name_bg": ""}
    answer = admin.post(NEW, form_of(admin, NEW, **typed))
    page = html(answer)
    assert answer.status_code == 422
    assert 'value="Ночная смена"' in page
    assert 'aria-describedby="names-hint name_en-error" aria-invalid="true"' in page
    assert '<a href="#name_bg">Write the name in this language, too.</a>' in page
    assert len(in_use()) == 5


def test_names_are_no_html(admin: Client) -> None:
    admin.post(NEW, {**NIGHT, "name_en": HOSTILE})
    for address in (LEVELS, "/desk/"):
        page = admin.get(address).text
        assert HOSTILE not in page
        assert "alert(1)" in page


def test_a_level_is_renamed(admin: Client) -> None:
    page = html(admin.post(f"{LEVELS}second/", NIGHT, follow=True))
    assert "Saved." in page
    assert Level.objects.get(key="second").names["en"] == "Night shift"
    assert 'value="Night shift"' in html(admin.get(f"{LEVELS}second/"))


def test_levels_are_ordered_by_buttons(admin: Client) -> None:
    page = html(admin.get(LEVELS))
    assert page.count("disabled aria-label") == 2
    assert "Move “First level” up" not in page
    answer = admin.post(f"{LEVELS}vendor/positions/", {"place": "2"})
    assert answer.headers["Location"] == f"{LEVELS}#vendor"
    assert in_use() == ["first", "second", "vendor", "marketing", "incidents"]
    assert admin.post(f"{LEVELS}first/positions/", {"place": "2"}).status_code == 422
    for place in ("", "x", "²", "9" * 30):
        assert admin.post(f"{LEVELS}vendor/positions/", {"place": place}).status_code == 302


def test_a_level_with_tickets_asks_where_they_go(cast: Cast, admin: Client) -> None:
    tickets = [
        open_by(cast.svetlana, cast.hosting, level=Level.objects.get(key="vendor"))
        for _number in range(2)
    ]
    page = html(admin.get(f"{LEVELS}vendor/"))
    assert "2 open tickets stand there." in page
    assert '<option value="vendor">' not in page
    for target in ("", "vendor", "nothing"):
        answer = admin.post(f"{LEVELS}vendor/retirements/", {"target": target})
        assert answer.status_code == 422
        assert 'id="target-error"' in answer.text
    assert "vendor" in in_use()
    done = html(admin.post(f"{LEVELS}vendor/retirements/", {"target": "second"}, follow=True))
    assert "The level “Vendor” is retired. 2 tickets went to “Second level”." in done
    rows = Ticket.objects.filter(pk__in=[one.pk for one in tickets])
    assert {row.level.key for row in rows} == {"second"}
    assert "retired the ticket's level" in html(admin.get(f"/tickets/{tickets[0].number}/"))
    page = html(admin.post(f"{LEVELS}vendor/restorations/", follow=True))
    assert "is in use again" in page
    assert in_use()[-1] == "vendor"


def test_what_was_left_on_a_retired_level_can_be_moved_later(cast: Cast, admin: Client) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, level=Level.objects.get(key="vendor"))
    Level.objects.filter(key="vendor").update(is_active=False)
    assert "Move its tickets" in html(admin.get(f"{LEVELS}vendor/"))
    assert "Bring “Vendor” back" in html(admin.get(LEVELS))
    admin.post(f"{LEVELS}vendor/retirements/", {"target": "first"})
    assert Ticket.objects.get(pk=ticket.pk).desk_group == "new"


def test_the_first_level_cannot_be_retired(admin: Client) -> None:
    assert "Retire the level" not in html(admin.get(f"{LEVELS}first/"))
    answer = admin.post(f"{LEVELS}first/retirements/", {"target": "second"})
    assert answer.status_code == 422
    assert "it stays" in html(answer)


MATRIX: dict[str, tuple[str, Any, int]] = {
    "": ("get", {}, 200),
    "new/": ("get", {}, 200),
    "second/": ("get", {}, 200),
    "new/#": ("post", NIGHT, 302),
    "second/#": ("post", NIGHT, 302),
    "second/positions/": ("post", {"place": "2"}, 302),
    "second/retirements/": ("post", {}, 302),
    "second/restorations/": ("post", {}, 302),
}


@pytest.mark.parametrize("who", ["supervisor", "anna", "partner_agent", "observer", "svetlana", ""])
@pytest.mark.parametrize("route", MATRIX)
def test_only_administrators_may(
    cast: Cast, signed_in: Callable[[Person], Client], admin: Client, route: str, who: str
) -> None:
    method, body, expected = MATRIX[route]
    client = signed_in(getattr(cast, who)) if who else Client()
    before = (list(Level.objects.values()), Event.objects.count())
    address = LEVELS + route.rstrip("#")
    refused = {"svetlana": 404, "": 302 if method == "get" else 401}.get(who, 403)
    assert getattr(client, method)(address, body).status_code == refused
    assert (list(Level.objects.values()), Event.objects.count()) == before
    assert getattr(admin, method)(address, body).status_code == expected


@pytest.mark.parametrize("route", ["nothing/", "nothing/positions/", "nothing/retirements/"])
def test_a_level_that_there_is_not(admin: Client, route: str) -> None:
    assert admin.post(LEVELS + route, {}).status_code == 404


def test_the_list_asks_a_fixed_number_of_questions(cast: Cast, admin: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get(LEVELS)
        return len(queries)

    asked()
    before = asked()
    for number in range(4):
        admin.post(NEW, {name: f"{text} {number}" for name, text in NIGHT.items()})
    assert len(in_use()) == 9
    assert asked() == before
