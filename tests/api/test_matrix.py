"""The permission matrix of the API: every route and method by every kind of person (C28-C30).

A refusal also asserts that not one row of the desk changed.
"""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.api.v1.api import api as firstline_api
from firstline.mail.actions.boxes import add_box
from firstline.mail.actions.hooks import make_hook
from firstline.mail.inbound.take import take
from firstline.tickets.actions.broadcast import broadcast
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Alert, Attachment, Ticket
from tests.api.client import Api, problem
from tests.cast import Cast, actor, open_by

PEOPLE = ("stranger", "svetlana", "zlata", "anna", "boris", "observer", "administrator")
TICKET = "/tickets/{number}"
SAY = {"text": "One moment, please."}
WHY, SILENT = {"reason": "We lack the part"}, {"silent_after_minutes": 60}
CONTRACT = {"number": "С-1/26", "company": "Орбита"}
SITE = {"name": "Корпус 6", "company": "Орбита"}
MACHINE = {"model": "МК-9", "company": "Орбита"}
SORTED = {"requester": "new@x.example", "department": "hosting"}
MAILBOX = {"address": "help@x.example", "department": "hosting", "host": "imap.x.example"}
MAILBOX |= {"password": "correct horse"}
LEVEL = {"names": {"ru": "Ночная смена", "bg": "Нощна смяна", "en": "Night shift"}}
DEPARTMENT = {"names": {"ru": "Цены", "bg": "Цени", "en": "Prices"}}
HOOKS = "/departments/{department_id}/hooks"
PLACE, BOXES = {"position": 1}, "/departments/{department_id}/boxes"
BOX = {"address": "info@planina.example"}
ALERT = {"project": "orbita-shop", "type": "information", "title": "Works", **SAY}
NEW = {"subject": "A new one", "text": "Help.", "requester": "svetlana@orbita.example"}

NOTES = {"text": "Until 03:30.", "based_on": 0}
SPLIT = {"message": "message-x", "subject": "The printer"}
FORWARD = {"to": ["vendor@maker.example"], **SAY}
ADDED = {"agents": ["anna@desk.example"]}
BULK = {"verb": "claim", "numbers": ["none"]}
COLLEAGUE: dict[str, Any] = {
    "email": "new@x.example",
    "name": "New",
    "language": "en",
    "level": "agent",
}
COLLEAGUE |= {"departments": ["hosting"]}
OBSERVES = {"level": "observer"}
GUEST = {"email": "guest@x.example", "name": "Guest", "language": "en"}

# What                                    with            gives: nobody, the requester, another
#                                                         customer, the agent, an agent elsewhere,
#                                                         the observer, the administrator
MATRIX: list[tuple[str, str, Any, tuple[int, ...]]] = [
    ("GET", "/tickets", None, (401, 200, 200, 200, 200, 200, 200)),
    ("POST", "/tickets", NEW | {"department": "hosting"}, (401, 201, 403, 201, 201, 403, 201)),
    ("GET", TICKET, None, (401, 200, 404, 200, 404, 200, 200)),
    ("DELETE", TICKET, None, (401, 403, 404, 403, 404, 403, 204)),
    ("GET", f"{TICKET}/timeline", None, (401, 200, 404, 200, 404, 200, 200)),
    ("GET", f"{TICKET}/files", None, (401, 200, 404, 200, 404, 200, 200)),
    ("GET", f"{TICKET}/files/{{file_id}}", None, (401, 200, 404, 200, 404, 200, 200)),
    ("POST", f"{TICKET}/replies", SAY, (401, 201, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/comments", SAY, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/hidden-comments", SAY, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/resolutions", SAY, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/forwards", FORWARD, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/claims", {}, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/escalations", {"level": "second"}, (401, 403, 404, 201, 404, 403, 201)),
    ("GET", f"{TICKET}/notes", None, (401, 403, 404, 200, 404, 200, 200)),
    ("POST", f"{TICKET}/notes", NOTES, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/moves", {"status": "in-progress"}, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/closures", {}, (401, 201, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/reopenings", {}, (401, 201, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/ratings", {"helped": True}, (401, 201, 404, 403, 404, 403, 403)),
    ("POST", f"{TICKET}/assignments", {}, (401, 403, 404, 201, 404, 403, 201)),
    ("GET", f"{TICKET}/agents", None, (401, 403, 403, 200, 404, 200, 200)),
    ("POST", f"{TICKET}/agents", ADDED, (401, 403, 404, 201, 404, 403, 201)),
    ("POST", f"{TICKET}/agent-removals", ADDED, (401, 403, 404, 422, 404, 403, 422)),
    ("POST", f"{TICKET}/tags", {"add": ["dns"]}, (401, 403, 404, 201, 404, 403, 201)),
    ("GET", f"{TICKET}/links", None, (401, 403, 403, 200, 404, 200, 200)),
    ("POST", f"{TICKET}/links", {"ticket": "none"}, (401, 403, 404, 422, 404, 403, 422)),
    ("POST", f"{TICKET}/unlinks", {"link": 1}, (401, 403, 404, 404, 404, 403, 404)),
    ("POST", f"{TICKET}/merges", {"into": "none"}, (401, 403, 404, 422, 404, 403, 422)),
    ("POST", f"{TICKET}/separations", {}, (401, 403, 404, 422, 404, 403, 422)),
    ("POST", f"{TICKET}/splits", SPLIT, (401, 403, 404, 422, 404, 403, 422)),
    ("POST", f"{TICKET}/releases", {"message": "message-x"}, (401, 403, 404, 422, 404, 403, 422)),
    ("POST", f"{TICKET}/part-resolutions", {}, (401, 403, 404, 422, 404, 403, 422)),
    ("POST", "/bulk", BULK, (401, 403, 403, 422, 422, 403, 422)),
    ("GET", "/bulk/1", None, (401, 403, 403, 404, 404, 403, 404)),
    ("GET", "/departments", None, (401, 200, 200, 200, 200, 200, 200)),
    ("POST", "/departments", DEPARTMENT, (401, 403, 403, 403, 403, 403, 201)),
    ("GET", "/departments/{department_id}", None, (401, 403, 403, 403, 403, 403, 200)),
    ("PATCH", "/departments/{department_id}", PLACE, (401, 403, 403, 403, 403, 403, 200)),
    ("GET", f"{BOXES}", None, (401, 403, 403, 403, 403, 403, 200)),
    ("POST", f"{BOXES}", BOX, (401, 403, 403, 403, 403, 403, 201)),
    ("POST", f"{BOXES}/{{box_id}}/moves", {"department": 0}, (401, 403, 403, 403, 403, 403, 422)),
    ("POST", f"{BOXES}/{{box_id}}/removals", {}, (401, 403, 403, 403, 403, 403, 201)),
    ("GET", f"{BOXES}/{{box_id}}/checks", None, (401, 403, 403, 403, 403, 403, 200)),
    ("POST", f"{BOXES}/{{box_id}}/checks", {}, (401, 403, 403, 403, 403, 403, 201)),
    ("GET", HOOKS, None, (401, 403, 403, 403, 403, 403, 200)),
    ("POST", HOOKS, {"provider": "mailgun"}, (401, 403, 403, 403, 403, 403, 201)),
    ("POST", f"{HOOKS}/{{hook_id}}/removals", {}, (401, 403, 403, 403, 403, 403, 201)),
    ("GET", "/mails", None, (401, 403, 403, 200, 200, 403, 200)),
    ("GET", "/mails/{mail_id}", None, (401, 403, 403, 200, 404, 403, 200)),
    ("POST", "/mails/{mail_id}/retries", {}, (401, 403, 403, 201, 404, 403, 201)),
    ("POST", "/mails/{mail_id}/tickets", SORTED, (401, 403, 403, 409, 404, 403, 409)),
    ("POST", "/mails/{mail_id}/spam", {}, (401, 403, 403, 409, 404, 403, 409)),
    ("GET", "/levels", None, (401, 403, 403, 200, 200, 200, 200)),
    ("POST", "/levels", LEVEL, (401, 403, 403, 403, 403, 403, 201)),
    ("PATCH", "/levels/{key}", {"position": 1}, (401, 403, 403, 403, 403, 403, 200)),
    ("GET", "/types", None, (401, 200, 200, 200, 200, 200, 200)),
    ("GET", "/workflows", None, (401, 403, 403, 200, 200, 200, 200)),
    ("GET", "/contracts", None, (401, 200, 200, 200, 200, 200, 200)),
    ("POST", "/contracts", CONTRACT, (401, 403, 403, 403, 403, 403, 201)),
    ("GET", "/objects", None, (401, 200, 200, 200, 200, 200, 200)),
    ("POST", "/objects", SITE, (401, 403, 403, 403, 403, 403, 201)),
    ("GET", "/equipment", None, (401, 200, 200, 200, 200, 200, 200)),
    ("POST", "/equipment", MACHINE, (401, 403, 403, 403, 403, 403, 201)),
    ("POST", "/invitations", GUEST, (401, 403, 403, 201, 201, 403, 201)),
    ("POST", f"{TICKET}/between-comments", SAY, (401, 403, 404, 409, 404, 403, 409)),
    ("POST", f"{TICKET}/hand-overs", WHY, (401, 403, 404, 409, 404, 403, 409)),
    ("POST", f"{TICKET}/hand-backs", WHY, (401, 403, 404, 409, 404, 403, 409)),
    ("GET", "/mailboxes", None, (401, 403, 403, 403, 403, 403, 200)),
    ("POST", "/mailboxes", MAILBOX, (401, 403, 403, 403, 403, 403, 201)),
    ("PATCH", "/mailboxes/{mailbox_id}", {"is_active": False}, (401, 403, 403, 403, 403, 403, 404)),
    ("GET", "/partners", None, (401, 403, 403, 200, 200, 200, 200)),
    ("PATCH", "/partners/{partner_id}", SILENT, (401, 403, 403, 403, 403, 403, 200)),
    ("GET", "/staff", None, (401, 403, 403, 403, 403, 403, 200)),
    ("POST", "/staff", COLLEAGUE, (401, 403, 403, 403, 403, 403, 201)),
    ("GET", "/staff/{staff_id}", None, (401, 403, 403, 403, 403, 403, 200)),
    ("POST", "/staff/{staff_id}/invitations", {}, (401, 403, 403, 403, 403, 403, 422)),
    ("POST", "/staff/{staff_id}/withdrawals", {}, (401, 403, 403, 403, 403, 403, 422)),
    ("PATCH", "/staff/{staff_id}", OBSERVES, (401, 403, 403, 403, 403, 403, 200)),
    ("GET", "/projects", None, (401, 200, 200, 200, 200, 200, 200)),
    ("GET", "/alerts", None, (401, 200, 200, 200, 200, 200, 200)),
    ("POST", f"{TICKET}/acknowledgements", {}, (401, 201, 404, 403, 404, 403, 403)),
    ("GET", "/alerts/broadcasts/{broadcast_id}", None, (401, 403, 403, 200, 404, 404, 200)),
    ("POST", "/alerts", ALERT, (401, 403, 403, 201, 201, 403, 201)),
    ("GET", "/people/me", None, (401, 200, 200, 200, 200, 200, 200)),
    ("GET", "/me", None, (401, 200, 200, 200, 200, 200, 200)),
    ("PATCH", "/me", {"phone": "+359 2 000 18 44"}, (401, 200, 200, 200, 200, 200, 200)),
]
CASES = [
    pytest.param(method, path, body, person, status, id=f"{method} {path} {person}")
    for method, path, body, statuses in MATRIX
    for person, status in zip(PEOPLE, statuses, strict=True)
]
RESOLVED_FIRST = ("/closures", "/reopenings")


@pytest.fixture
def target(cast: Cast) -> Ticket:
    """A ticket of the requester with a file."""
    return open_by(cast.svetlana, cast.hosting, files=[Enclosure("log.txt", b"502")])


@pytest.mark.parametrize(("method", "path", "body", "person", "status"), CASES)
def test_matrix(
    method: str,
    path: str,
    body: Any,
    person: str,
    status: int,
    cast: Cast,
    target: Ticket,
    api: Callable[..., Api],
    everything: Callable[[], Any],
) -> None:
    if path.endswith(RESOLVED_FIRST):
        move(actor(cast.anna), target, "resolved", via="web")
    if path.endswith("/ratings"):
        reply(actor(cast.anna), target, Draft("Better now?"), via="web")
    broadcast_id = 1
    if path.endswith("/acknowledgements"):
        Alert.objects.create(ticket=target, project=cast.project, type="information")
    if "broadcasts" in path:
        told = broadcast(actor(cast.anna), [cast.project], "information", "Works", Draft("Hm"))
        broadcast_id = told.pk
    box = add_box(actor(cast.administrator), cast.hosting, "help@planina.example", via="web")
    hook, _secret = make_hook(actor(cast.administrator), cast.hosting, "postmark", via="web")
    [mail] = take(
        b"Subject: Nobody\r\n\r\n", sender="", recipients=[cast.hosting.address], source="smtp"
    )
    client = api(None if person == "stranger" else getattr(cast, person))
    file_id = Attachment.objects.get().pk
    address = f"/api/v1{path}".format(
        number=target.number,
        file_id=file_id,
        key="marketing",
        department_id=cast.hosting.pk,
        box_id=box.pk,
        hook_id=hook.pk,
        mail_id=mail.pk,
        partner_id=cast.partner.pk,
        staff_id=cast.boris.pk,
        broadcast_id=broadcast_id,
        mailbox_id=0,
    )
    before = everything()
    if method == "GET":
        response = client.get(address)
    elif method == "DELETE":
        response = client.delete(address)
    else:
        response = (client.post if method == "POST" else client.patch)(address, body)
    assert response.status_code == status
    if status >= 400:
        problem(response, status)
        assert everything() == before
    if method == "GET":
        assert everything() == before


def test_the_matrix_holds_every_route() -> None:
    documented = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in firstline_api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    known = {(method, path.replace("/bulk/1", "/bulk/{bulk_id}")) for method, path, *_ in MATRIX}
    assert known == documented


def test_a_list_holds_what_each_may_open(
    cast: Cast, target: Ticket, api: Callable[..., Api]
) -> None:
    """List and detail agree for everybody (C74)."""
    elsewhere = open_by(cast.zlata, cast.equipment, "Of another company")
    numbers = {target.number, elsewhere.number}
    for person in (*cast.staff, *cast.customers):
        client = api(person)
        listed = {item["number"] for item in client.get("tickets").json()["items"]}
        opened = {n for n in numbers if client.get(f"tickets/{n}").status_code == 200}
        assert listed == opened, person


@pytest.mark.parametrize("scope", ["tickets:ticket:view", "tickets:ticket:reply"])
def test_a_token_may_no_more_than_its_scopes(
    scope: str, cast: Cast, target: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.anna, scope)
    before = everything()
    answer = client.post(f"tickets/{target.number}/replies", SAY)
    problem(answer, 403 if scope.endswith("view") else 404)
    problem(client.post(f"tickets/{target.number}/claims"), answer.status_code)
    assert everything() == before


def test_a_scope_does_not_widen_rights(
    cast: Cast, target: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(
        cast.svetlana, "tickets:ticket:view", "tickets:internal:view", "tickets:ticket:claim"
    )
    before = everything()
    problem(client.get("levels"), 403)
    problem(client.post(f"tickets/{target.number}/claims"), 403)
    assert everything() == before
