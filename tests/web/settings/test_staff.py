"""Settings › Staff: administrators alone invite, change, deactivate and bring back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Invitation, Person, Staff, Token
from firstline.tickets.actions import bulk
from firstline.tickets.actions.assign import assign
from firstline.tickets.models import Bulk, Department, Ticket
from tests.cast import Cast, actor, open_by
from tests.letters import letters_to
from tests.web.pages import form_of, html

STAFF, NEW = "/settings/staff/", "/settings/staff/new/"
EMAIL = "georgi@desk.example"
HOSTILE = '"><script>alert(1)</script>'
GEORGI = {"name": "Георги Атанасов", "email": EMAIL, "language": "bg", "level": "agent"}


@pytest.fixture
def admin(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.administrator)


def georgi() -> Staff:
    return Staff.objects.get(person__email=EMAIL)


def test_somebody_is_invited_once(cast: Cast, admin: Client, settle: Callable[[], None]) -> None:
    body = form_of(admin, NEW, **GEORGI, departments=[cast.hosting.pk])
    page = html(admin.post(NEW, body, follow=True))
    assert f"The invitation goes to {EMAIL}." in page
    assert "Invited" in page
    admin.post(NEW, body)  # pressed twice
    settle()
    assert len(letters_to(EMAIL)) == 1
    assert list(georgi().departments.all()) == [cast.hosting]
    key = letters_to(EMAIL)[0].path.split("/")[2]
    assert key not in html(admin.get(f"{STAFF}{georgi().pk}/")) + html(admin.get(STAFF))


def test_several_are_invited_at_once(cast: Cast, admin: Client) -> None:
    more = "Мария Иванова maria@desk.example\r\n\r\nИво\tivo@desk.example,\r\nAda B. <ada@desk.example>"
    body = {**GEORGI, "more": more, "departments": [cast.hosting.pk]}
    page = html(admin.post(NEW, form_of(admin, NEW, **body), follow=True))
    assert "4 invitations are on their way." in page
    found = Person.objects.filter(staff__joined_at=None, staff__isnull=False)
    assert set(found.values_list("name", "email")) == {
        (GEORGI["name"], EMAIL),
        ("Мария Иванова", "maria@desk.example"),
        ("Иво", "ivo@desk.example"),
        ("Ada B.", "ada@desk.example"),
    }


def test_what_is_wrong_stands_at_the_field_with_what_was_typed(cast: Cast, admin: Client) -> None:
    body = {**GEORGI, "email": "anna@desk.example", "more": "ivo@desk.example\nX nowhere"}
    answer = admin.post(NEW, form_of(admin, NEW, **body))
    page = html(answer)
    assert answer.status_code == 422
    for field in ("email", "more", "departments"):
        assert f'id="{field}-error"' in page
    assert "Line 1: Write the first and the last name." in page
    assert "Line 2: This is no mail address." in page
    assert 'value="Георги Атанасов"' in page
    assert not Staff.objects.filter(joined_at=None).exists()


def test_names_are_no_html(cast: Cast, admin: Client) -> None:
    admin.post(NEW, {**GEORGI, "name": HOSTILE, "departments": [cast.hosting.pk]})
    for address in (STAFF, f"{STAFF}{georgi().pk}/"):
        page = admin.get(address).text
        assert HOSTILE not in page
        assert "alert(1)" in page


def test_an_invitation_is_sent_again_and_withdrawn(
    cast: Cast, admin: Client, settle: Callable[[], None]
) -> None:
    admin.post(NEW, {**GEORGI, "departments": [cast.hosting.pk]})
    pk = georgi().pk
    settle()
    page = html(admin.post(f"{STAFF}{pk}/resendings/", follow=True))
    assert "A new link is on its way." in page
    settle()
    first, second = (letter.path for letter in letters_to(EMAIL))
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert "is withdrawn" in html(admin.post(f"{STAFF}{pk}/withdrawals/", follow=True))
    assert Client().get(second).status_code == 404
    assert EMAIL not in html(admin.get(STAFF))
    assert admin.post(f"{STAFF}{pk}/resendings/").status_code == 404


def test_level_and_departments_are_changed(cast: Cast, admin: Client) -> None:
    address = f"{STAFF}{cast.anna.pk}/"
    places = [cast.hosting.pk, cast.equipment.pk]
    change = {"level": "supervisor", "departments": places}
    assert "Saved." in html(admin.post(address, change, follow=True))
    assert Person.objects.get(pk=cast.anna.pk).level == "supervisor"
    assert cast.anna.staff.departments.count() == 2
    body: dict[str, Any] = {
        "level": "partner_agent",
        "partner": cast.partner.pk,
        "departments": [1],
    }
    admin.post(address, body)
    row = Staff.objects.get(pk=cast.anna.pk)
    assert (row.partner, row.departments.count()) == (cast.partner, 0)


def test_ones_own_level_is_not_offered_and_not_taken(cast: Cast, admin: Client) -> None:
    address = f"{STAFF}{cast.administrator.pk}/"
    page = html(admin.get(address))
    assert 'name="level"' not in page
    assert "/deactivations/" not in page
    assert admin.post(address, {"level": "observer"}).status_code == 422
    assert admin.post(f"{address}deactivations/", {"tickets_to": "nobody"}).status_code == 422
    assert admin.post(address, {"departments": [cast.hosting.pk]}).status_code == 302
    assert Person.objects.get(pk=cast.administrator.pk).level == "administrator"


def test_deactivating_asks_who_gets_the_tickets(cast: Cast, admin: Client) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    assign(actor(cast.anna), ticket, cast.anna.staff, via="web")
    address = f"{STAFF}{cast.anna.pk}/"
    assert "They answer 1 open ticket." in html(admin.get(address))
    answer = admin.post(f"{address}deactivations/", {"tickets_to": ""})
    assert answer.status_code == 422
    assert 'id="tickets_to-error"' in answer.text
    assert Person.objects.get(pk=cast.anna.pk).is_active
    body = {"tickets_to": str(cast.supervisor.pk)}
    page = html(admin.post(f"{address}deactivations/", body, follow=True))
    assert "is deactivated and signed out everywhere" in page
    assert cast.supervisor.name in page  # the page of its progress
    bulk.sweep()
    assert Ticket.objects.get(pk=ticket.pk).responsible_id == cast.supervisor.pk
    history = html(admin.get(f"/tickets/{ticket.number}/"))
    assert cast.administrator.name in history
    assert "Deactivated" in html(admin.get(STAFF))
    page = html(admin.post(f"{address}restorations/", follow=True))
    assert "can sign in and work again" in page
    assert Person.objects.get(pk=cast.anna.pk).is_active


def test_the_list_is_narrowed_by_addresses(cast: Cast, admin: Client) -> None:
    page = html(admin.get(STAFF, {"find": "анна", "level": "agent", "state": "active"}))
    assert cast.anna.email in page
    assert cast.boris.email not in page
    assert "Nobody found" in html(admin.get(STAFF, {"state": "invited"}))
    for odd in ({"department": "x"}, {"level": "\0"}, {"after": "9" * 30}, {"state": "odd"}):
        assert admin.get(STAFF, odd).status_code == 200


MATRIX: dict[str, tuple[str, Any, int]] = {
    "": ("get", {}, 200),
    "new/": ("get", {}, 200),
    "{pk}/": ("get", {}, 200),
    "new/#": ("post", GEORGI | {"departments": ["{department}"]}, 302),
    "{pk}/#": ("post", {"level": "observer", "departments": ["{department}"]}, 302),
    "{pk}/resendings/": ("post", {}, 302),
    "{pk}/withdrawals/": ("post", {}, 302),
    "{pk}/deactivations/": ("post", {"tickets_to": "nobody"}, 302),
    "{pk}/restorations/": ("post", {}, 302),
}


def everything() -> list[Any]:
    models: list[Any] = [Person, Staff, Invitation, Event, Token, OutgoingMail, Bulk]
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    return [*rows, list(Department.agents.through.objects.order_by("pk").values())]


@pytest.mark.parametrize("who", ["supervisor", "anna", "partner_agent", "observer", "svetlana", ""])
@pytest.mark.parametrize("route", MATRIX)
def test_only_administrators_may(
    cast: Cast, signed_in: Callable[[Person], Client], admin: Client, route: str, who: str
) -> None:
    method, body, expected = MATRIX[route]
    body = {**body, "departments": [cast.hosting.pk]} if "departments" in body else body
    client = signed_in(getattr(cast, who)) if who else Client()
    address = STAFF + route.rstrip("#").format(pk=cast.boris.pk)
    before = everything()
    refused = {"svetlana": 404, "": 302 if method == "get" else 401}.get(who, 403)
    assert getattr(client, method)(address, body).status_code == refused
    assert everything() == before
    assert getattr(admin, method)(address, body).status_code == expected


@pytest.mark.parametrize("route", ["", "resendings/", "withdrawals/", "deactivations/"])
def test_somebody_who_is_not_staff(cast: Cast, admin: Client, route: str) -> None:
    for pk in (cast.svetlana.pk, 999999, "9" * 30):
        body = {"level": "agent", "tickets_to": "nobody"}
        assert admin.post(f"{STAFF}{pk}/{route}", body).status_code == 404


def test_the_list_asks_a_fixed_number_of_questions(cast: Cast, admin: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get(STAFF)
        return len(queries)

    asked()
    before = asked()
    more = "\n".join(f"Person {number} p{number}@desk.example" for number in range(12))
    places = [cast.hosting.pk, cast.equipment.pk]
    admin.post(NEW, {**GEORGI, "more": more, "departments": places})
    assert Staff.objects.filter(joined_at=None).count() == 13
    assert asked() == before
