"""Departments and their boxes in the settings: administrators alone make, change and check them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.events.models import Event
from firstline.mail.actions.boxes import add_box
from firstline.mail.actions.checks import start_check
from firstline.mail.models import Box, BoxCheck
from firstline.people.models import Person
from firstline.tickets.models import Department, Ticket, WebForm
from tests.cast import Cast, actor, open_by
from tests.web.pages import form_of, html

ALL, NEW = "/settings/departments/", "/settings/departments/new/"
HOSTILE = '"><script>alert(1)</script>'
PRICES = {"name_ru": "Цены", "name_bg": "Цени", "name_en": "Prices"}


@pytest.fixture
def admin(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.administrator)


@pytest.fixture
def box(cast: Cast) -> Box:
    return add_box(actor(cast.administrator), cast.hosting, "help@planina.example", via="web")


def page_of(department: Department) -> str:
    return f"{ALL}{department.pk}/"


def test_a_department_is_made(cast: Cast, admin: Client) -> None:
    assert '<option value="mailbox" selected>' in html(admin.get(NEW))
    body = form_of(admin, NEW, **PRICES, workflow="mailbox", signature_bg="Поздрави\r\nЦени")
    page = html(admin.post(NEW, body, follow=True))
    made = Department.objects.get(address="prices@desk.example")
    assert "mail to prices@desk.example becomes its tickets" in page
    assert 'readonly value="prices@desk.example"' in page
    assert (made.workflow.key, made.signatures) == ("mailbox", {"bg": "Поздрави\nЦени"})
    admin.post(NEW, body)  # pressed twice
    assert Department.objects.count() == 3


def test_what_is_wrong_stands_at_the_field_with_what_was_typed(cast: Cast, admin: Client) -> None:
    typed = {**PRICES, "name_bg": "", "address": "hosting@desk.example", "workflow": "service"}
    answer = admin.post(NEW, {**typed, "agents": [cast.anna.pk], "signature_en": HOSTILE})
    page = html(answer)
    assert answer.status_code == 422
    assert 'value="Цены"' in page
    assert '<a href="#address">Another department has this address, in use or retired.</a>' in page
    assert f'value="{cast.anna.pk}" checked' in page
    assert HOSTILE not in answer.text
    assert '<option value="service" selected>' in page
    assert Department.objects.count() == 2


def test_a_changed_workflow_asks_what_becomes_of_tickets(cast: Cast, admin: Client) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    address = page_of(cast.hosting)
    names = {f"name_{code}": name for code, name in cast.hosting.names.items()}
    body = {**names, "address": cast.hosting.address, "workflow": "mailbox"}
    answer = admin.post(address, body)
    assert answer.status_code == 422
    assert "1 ticket in “New” becomes" in html(answer)
    done = html(admin.post(address, body | {"status_new": "open"}, follow=True))
    assert "1 ticket has a new status." in done
    ticket.refresh_from_db()
    assert (ticket.status.workflow.key, ticket.status.key) == ("mailbox", "open")


def test_departments_are_ordered_retired_and_brought_back(cast: Cast, admin: Client) -> None:
    WebForm.objects.create(key="x" * 16, names={"en": "Ask"}, department=cast.hosting)
    ticket = open_by(cast.svetlana, cast.hosting)
    admin.post(f"{page_of(cast.equipment)}positions/", {"place": "1"})
    assert Department.objects.first() == cast.equipment
    for place in ("", "x", "²", "9" * 30):
        answer = admin.post(f"{page_of(cast.equipment)}positions/", {"place": place})
        assert answer.status_code == 302
    retirements = f"{page_of(cast.hosting)}retirements/"
    for target in ("", str(cast.hosting.pk), "999", "x"):
        answer = admin.post(retirements, {"target": target})
        assert answer.status_code == 422
        assert 'id="target-error"' in answer.text
    done = html(admin.post(retirements, {"target": cast.equipment.pk}, follow=True))
    assert "1 ticket went to “Equipment”." in done
    assert Ticket.objects.get(pk=ticket.pk).department == cast.equipment
    assert WebForm.objects.get().department == cast.equipment
    assert "Takes no tickets" in html(admin.get(ALL))
    assert "Bring the department back" in html(admin.get(page_of(cast.hosting)))
    page = html(admin.post(f"{page_of(cast.hosting)}restorations/", follow=True))
    assert "takes mail at hosting@desk.example again" in page
    assert not Box.objects.exists()


def test_boxes_are_added_moved_and_removed(cast: Cast, admin: Client) -> None:
    boxes = f"{page_of(cast.hosting)}boxes/"
    answer = admin.post(boxes, {"box": "equipment@desk.example"})
    assert answer.status_code == 422
    assert 'value="equipment@desk.example"' in html(answer)
    assert 'id="box-error"' in answer.text
    page = html(admin.post(boxes, {"box": " Help@Planina.example "}, follow=True))
    assert "Now forward help@planina.example to hosting@desk.example" in page
    box = Box.objects.get()
    assert box.address in html(admin.get(page_of(cast.hosting)))
    for wrong in ("", "999"):
        answer = admin.post(f"{boxes}{box.pk}/moves/", {"department": wrong})
        assert answer.status_code == 422
    admin.post(f"{boxes}{box.pk}/moves/", {"department": cast.equipment.pk})
    assert Box.objects.get().department == cast.equipment
    assert admin.get(f"{boxes}{box.pk}/").status_code == 404
    moved = f"{page_of(cast.equipment)}boxes/{box.pk}/"
    assert "is removed" in html(admin.post(f"{moved}removals/", follow=True))
    assert not Box.objects.exists()


def test_a_check_is_followed(
    cast: Cast, admin: Client, box: Box, settle: Callable[[], None]
) -> None:
    page = f"{page_of(cast.hosting)}boxes/{box.pk}/"
    assert 'hx-trigger="every 2s"' in admin.post(f"{page}checks/", follow=True).text
    check = BoxCheck.objects.get()
    steps = f"{page}checks/{check.pk}/"
    assert admin.get(steps).status_code == 302
    first = admin.get(steps, headers={"HX-Request": "true"})
    assert "is being sent" in html(first)
    assert check.code not in first.text
    mark = first.text.partition("?seen=")[2].partition('"')[0]
    assert admin.get(f"{steps}?seen={mark}", headers={"HX-Request": "true"}).status_code == 204
    settle()
    later = admin.get(f"{steps}?seen={mark}", headers={"HX-Request": "true"})
    assert "no mail server is set" in html(later)
    assert "hx-get" not in later.text
    assert "Look at the forwarding" in html(admin.get(ALL))
    assert "The letter was not sent" in html(admin.get(page_of(cast.hosting)))


ROUTES: dict[str, tuple[str, Any, int]] = {
    "": ("get", {}, 200),
    "new/": ("get", {}, 200),
    "{pk}/": ("get", {}, 200),
    "{pk}/boxes/{box}/": ("get", {}, 200),
    "{pk}/boxes/{box}/checks/{check}/": ("get", {}, 302),
    "new/#": ("post", {**PRICES, "workflow": "mailbox"}, 302),
    "{pk}/#": ("post", {**PRICES, "address": "hosting@desk.example", "workflow": "service"}, 302),
    "{pk}/positions/": ("post", {"place": "2"}, 302),
    "{pk}/retirements/": ("post", {"target": "{other}"}, 302),
    "{pk}/restorations/": ("post", {}, 302),
    "{pk}/boxes/": ("post", {"box": "info@planina.example"}, 302),
    "{pk}/boxes/{box}/moves/": ("post", {"department": "{other}"}, 302),
    "{pk}/boxes/{box}/removals/": ("post", {}, 302),
    "{pk}/boxes/{box}/checks/": ("post", {}, 302),
}


@pytest.mark.parametrize("who", ["supervisor", "anna", "partner_agent", "observer", "svetlana", ""])
@pytest.mark.parametrize("route", ROUTES)
def test_only_administrators_may(
    cast: Cast,
    signed_in: Callable[[Person], Client],
    admin: Client,
    box: Box,
    route: str,
    who: str,
) -> None:
    check = start_check(actor(cast.administrator), box, via="web")
    method, body, expected = ROUTES[route]
    body = {name: str(text).format(other=cast.equipment.pk) for name, text in body.items()}
    path = route.rstrip("#").format(pk=cast.hosting.pk, box=box.pk, check=check.pk)

    def everything() -> tuple[Any, ...]:
        rows = [list(kind.objects.values()) for kind in (Department, Box, BoxCheck)]
        return (*rows, Event.objects.count())

    client, before = signed_in(getattr(cast, who)) if who else Client(), everything()
    refused = {"svetlana": 404, "": 302 if method == "get" else 401}.get(who, 403)
    assert getattr(client, method)(ALL + path, body).status_code == refused
    assert everything() == before
    assert getattr(admin, method)(ALL + path, body).status_code == expected


def test_what_there_is_not(cast: Cast, admin: Client, box: Box) -> None:
    other = f"{cast.equipment.pk}/boxes/{box.pk}/"  # of another department
    for path in ("999/", "999/boxes/", other, f"{other}removals/", f"{other}checks/"):
        assert admin.post(ALL + path, {"box": "a@b.example"}).status_code in {404, 405}
    assert Box.objects.count() == 1


def test_the_pages_ask_a_fixed_number_of_questions(cast: Cast, admin: Client, box: Box) -> None:
    def asked(address: str) -> int:
        admin.get(address)
        with CaptureQueriesContext(connection) as queries:
            admin.get(address)
        return len(queries)

    pages = (ALL, page_of(cast.hosting), f"{page_of(cast.hosting)}boxes/{box.pk}/")
    start_check(actor(cast.administrator), box, via="web")
    before = [asked(page) for page in pages]
    for number in range(3):
        admin.post(NEW, {n: f"{t} {number}" for n, t in PRICES.items()} | {"workflow": "mailbox"})
        more = add_box(actor(cast.administrator), cast.hosting, f"a{number}@x.example", via="web")
        start_check(actor(cast.administrator), more, via="web")
    BoxCheck.objects.create(box=box, code="f" * 20)
    assert [asked(page) for page in pages] == before
