"""Departments: made, changed, ordered, retired; their tickets follow a changed workflow."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from firstline.events.models import Event
from firstline.mail.actions.departments import change_department, make_department, retire
from firstline.mail.models import OutgoingMail
from firstline.people.access import Forbidden
from firstline.tickets import departments
from firstline.tickets.actions.departments import (
    Shape,
    create_department,
    place_department,
    retire_department,
)
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.history import timeline
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Status, Ticket, Workflow
from tests.cast import Cast, actor, open_by, resolve_by

PRICES = {"ru": "Цены и предложения", "bg": "Цени и оферти", "en": "Prices and offers"}


def shape(**other: Any) -> Shape:
    return Shape(**({"names": PRICES, "workflow": "mailbox"} | other))


def of(department: Department, **other: Any) -> Shape:
    values = {
        "names": department.names,
        "address": department.address,
        "workflow": department.workflow.key,
        "agents": departments.agents_of(department),
        "signatures": department.signatures,
    }
    return Shape(**(values | other))


def test_a_department_is_ready_at_once(cast: Cast) -> None:
    admin = actor(cast.administrator)
    made = make_department(admin, shape(agents=[cast.anna.pk]), via="web")
    assert made.address == "prices-and-offers@desk.example"
    assert made.workflow.key == "mailbox"
    assert made.position > cast.equipment.position
    ticket = open_by(cast.svetlana, made)
    assert ticket.status.key == "new"
    assert departments.agents_of(made) == [cast.anna.pk]


def test_an_address_is_made_from_a_cyrillic_name(cast: Cast) -> None:
    names = {"ru": "Щётки", "bg": "Четки", "en": "Щётки"}
    made = make_department(actor(cast.administrator), shape(names=names), via="web")
    assert made.address == "shtetki@desk.example"
    taken = {"ru": "А", "bg": "Б", "en": "Hosting!"}
    other = make_department(actor(cast.administrator), shape(names=taken), via="web")
    assert other.address == "hosting-2@desk.example"


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({"names": {"ru": "Цены"}}, {"name_bg", "name_en"}),
    ({"names": PRICES | {"en": "HOSTING"}}, {"name_en"}),
    ({"names": PRICES | {"bg": "Ц" * 101}}, {"name_bg"}),
    ({"address": "hosting@desk.example"}, {"address"}),
    ({"address": "Hosting+1@desk.example"}, {"address"}),
    ({"address": "postmaster@desk.example"}, {"address"}),
    ({"address": f"{'a' * 32}@desk.example"}, {"address"}),
    ({"address": "цены@desk.example"}, {"address"}),
    ({"address": "nonsense"}, {"address"}),
    ({"address": "a\x00b@desk.example"}, {"address"}),
    ({"workflow": "none"}, {"workflow"}),
    ({"workflow": "\x00"}, {"workflow"}),
    ({"agents": [1 << 40]}, {"agents"}),
    ({"signatures": {"ru": "я" * 2001}}, {"signature_ru"}),
    ({"names": {}, "workflow": ""}, {"name_ru", "name_bg", "name_en", "workflow"}),
]


@pytest.mark.parametrize(("other", "wrong"), WRONG)
def test_what_is_wrong_is_told_and_changes_nothing(
    cast: Cast, other: dict[str, Any], wrong: set[str]
) -> None:
    before = (list(Department.objects.values()), Event.objects.count())
    with pytest.raises(ValidationError) as told:
        make_department(actor(cast.administrator), shape(**other), via="web")
    assert set(told.value.message_dict) == wrong
    assert (list(Department.objects.values()), Event.objects.count()) == before


def test_only_administrators_may(cast: Cast) -> None:
    for name in ("supervisor", "anna", "observer", "partner_agent", "svetlana"):
        who = actor(getattr(cast, name))
        for attempt in (
            lambda who=who: make_department(who, shape(), via="web"),
            lambda who=who: create_department(who, shape(address="x@desk.example"), via="web"),
            lambda who=who: change_department(who, cast.hosting, of(cast.hosting), via="web"),
            lambda who=who: place_department(who, cast.hosting, 2, via="web"),
            lambda who=who: retire(who, cast.hosting, cast.equipment, via="web"),
            lambda who=who: departments.all_for(who),
        ):
            with pytest.raises(Forbidden):
                attempt()


def test_departments_have_an_order(cast: Cast) -> None:
    admin = actor(cast.administrator)
    made = make_department(admin, shape(), via="web")
    place_department(admin, made, 1, via="web")
    found = [one.pk for one in departments.all_for(admin)]
    assert found == [made.pk, cast.hosting.pk, cast.equipment.pk]
    place_department(admin, made, 99, via="web")
    assert [one.pk for one in departments.all_for(admin)][-1] == made.pk


def test_tickets_follow_another_workflow_only_as_told(cast: Cast) -> None:
    admin = actor(cast.administrator)
    fresh, clarified, resolved, closed = (
        open_by(cast.svetlana, cast.hosting, f"Ticket {n}") for n in range(4)
    )
    for ticket in (resolved, closed):
        resolve_by(cast.anna, ticket)
    move(actor(cast.anna), closed, "closed", via="web")
    new = of(cast.hosting, workflow="mailbox")
    Ticket.objects.filter(pk=clarified.pk).update(
        status=Status.objects.get(key="needs-clarification"), phase="deferred"
    )
    with pytest.raises(ValidationError) as told:
        change_department(admin, cast.hosting, new, via="web")
    assert set(told.value.message_dict) == {"statuses"}
    assert Department.objects.get(pk=cast.hosting.pk).workflow.key == "service"
    mailbox = Workflow.objects.get(key="mailbox")
    found = departments.strays(cast.hosting, mailbox)
    near = {one.key: departments.counterpart(one, mailbox).key for one, _number in found}
    assert near == {"new": "new", "needs-clarification": "waiting", "resolved": "closed"}
    OutgoingMail.objects.all().delete()
    _row, moved = change_department(admin, cast.hosting, new, near, via="web")
    assert moved == 3
    keys = {
        one.pk: (one.status.workflow.key, one.status.key, one.phase) for one in Ticket.objects.all()
    }
    assert keys[fresh.pk] == ("mailbox", "new", "new")
    assert keys[clarified.pk] == ("mailbox", "waiting", "waiting")
    assert keys[resolved.pk] == ("mailbox", "closed", "closed")
    assert keys[closed.pk] == ("service", "closed", "closed")
    assert not OutgoingMail.objects.exists()
    reply(actor(cast.anna), Ticket.objects.get(pk=fresh.pk), Draft(text="Hm"), via="web")
    assert Ticket.objects.get(pk=fresh.pk).status.key == "waiting"
    lines = [line.text for entry in timeline(admin, fresh) for line in entry.lines]
    assert any("status: New → New" in line for line in lines)


def test_the_last_department_stays(cast: Cast) -> None:
    admin = actor(cast.administrator)
    retire(admin, cast.equipment, None, via="web")
    with pytest.raises(ValidationError) as told:
        retire_department(admin, cast.hosting, None, via="web")
    assert set(told.value.message_dict) == {"department"}
