"""Opening a ticket: what it carries, and what does not belong to whoever asks."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from firstline.people.models import Company, Project
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket, TicketType
from tests.cast import Cast, actor, close_by, open_by


@pytest.fixture
def kind(cast: Cast) -> TicketType:
    """A public type of hosting that must be told the model."""
    made = TicketType.objects.create(names={"en": "Repair"}, department=cast.hosting)
    made.fields.create(key="model", names={"en": "Model"}, is_required=True)
    return made


def wrong(cast: Cast, **fields: Any) -> set[str]:
    """The fields that are refused when Svetlana opens a ticket with these; nothing is left of it."""
    before = Ticket.objects.count()
    with pytest.raises(ValidationError) as refused:
        open_by(cast.svetlana, fields.pop("department", cast.hosting), **fields)
    assert Ticket.objects.count() == before
    return set(refused.value.message_dict)


def test_it_carries_what_was_said(cast: Cast, kind: TicketType) -> None:
    ticket = open_by(
        cast.svetlana,
        cast.hosting,
        type=kind,
        contract_text=" c-0412/25 ",
        object=cast.site,
        equipment=cast.machine,
        project=cast.project,
        details={"model": "МК-8", "id": "5"},
        callback_name="Громова\nBcc: x",
        callback_phone="+7 900 000-55-20",
    )
    ticket.refresh_from_db()
    assert (ticket.contract, ticket.contract_text) == (cast.contract, "")
    assert (ticket.object, ticket.equipment) == (cast.site, cast.machine)
    assert (ticket.project, ticket.details) == (cast.project, {"model": "МК-8"})
    assert (ticket.callback_name, ticket.callback_phone) == ("Громова Bcc: x", "+7 900 000-55-20")


def test_equipment_tells_its_object(cast: Cast) -> None:
    assert open_by(cast.svetlana, cast.hosting, equipment=cast.machine).object == cast.site


def test_a_contract_of_others_is_kept_as_an_unknown_one_is(cast: Cast) -> None:
    for number in ("С-0412/25", "Nonsense"):
        ticket = open_by(cast.zlata, cast.hosting, contract_text=f" {number}\r\n")
        assert (ticket.contract, ticket.contract_text) == (None, number)


def test_what_others_own_is_refused(cast: Cast) -> None:
    other = Company.objects.get(name="Зарница")
    site = ServiceObject.objects.create(name="Чужой", company=other)
    machine = Equipment.objects.create(model="МК-1", company=other)
    contract = Contract.objects.create(number="Z-1", company=other)
    project = Project.objects.create(identifier="z", name="Z", owner=cast.zlata)
    project.members.add(cast.zlata)
    assert wrong(cast, object=site) == {"object"}
    assert wrong(cast, equipment=machine) == {"equipment"}
    assert wrong(cast, contract=contract) == {"contract"}
    assert wrong(cast, project=project) == {"project"}


def test_equipment_stands_at_its_object(cast: Cast) -> None:
    site = ServiceObject.objects.create(name="Корпус 6", company=cast.orbita)
    assert wrong(cast, object=site, equipment=cast.machine) == {"equipment"}
    movable = Equipment.objects.create(model="МК-1", company=cast.orbita)
    assert open_by(cast.svetlana, cast.hosting, object=site, equipment=movable).object == site


def test_types(cast: Cast, kind: TicketType) -> None:
    answers = {"details": {"model": "МК-8"}}
    assert wrong(cast, type=kind) == {"details.model"}
    assert wrong(cast, type=kind, department=cast.equipment, **answers) == {"type"}
    internal = TicketType.objects.create(names={"en": "Review"}, audience="internal")
    assert wrong(cast, type=internal) == {"type"}
    assert open_by(cast.anna, cast.hosting, type=internal).type == internal
    TicketType.objects.filter(pk=kind.pk).update(is_active=False)
    kind.refresh_from_db()
    assert wrong(cast, type=kind, **answers) == {"type"}


def test_all_that_is_wrong_is_told_at_once(cast: Cast) -> None:
    fields = Fields(
        subject="  ",
        department=None,
        requester=cast.svetlana,
        callback_name="x" * 201,
        callback_phone="12",
        contract_text="x" * 61,
        needed={"subject", "callback_phone"},
    )
    with pytest.raises(ValidationError) as refused:
        open_ticket(actor(cast.svetlana), fields, Draft(" "), via="portal")
    names = {"subject", "department", "callback_name", "callback_phone", "contract", "text"}
    assert set(refused.value.message_dict) == names


def test_doors_insist_on_what_they_need_and_no_more(cast: Cast) -> None:
    needed = {"subject", "callback_name", "callback_phone", "contract"}
    assert wrong(cast, subject=" ", needed=needed) == needed
    assert open_by(cast.svetlana, cast.hosting, subject=" ").subject == "(no subject)"


def test_a_mail_answers_no_questions(cast: Cast, kind: TicketType) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, subject="x" * 400, via="mail", type=kind)
    assert len(ticket.subject) == 300


def test_a_follow_up_carries_the_same(cast: Cast, kind: TicketType) -> None:
    """Even if the type asks more by now and the object was sold."""
    ticket = open_by(
        cast.svetlana,
        cast.hosting,
        type=kind,
        contract_text="unknown",
        equipment=cast.machine,
        details={"model": "МК-8"},
    )
    kind.fields.create(key="colour", names={"en": "Colour"}, is_required=True)
    other = Company.objects.get(name="Зарница")
    ServiceObject.objects.filter(pk=cast.site.pk).update(company=other)
    close_by(cast.anna, ticket)
    follow_up = reply(actor(cast.svetlana), ticket, Draft("Again"), via="portal").ticket
    assert follow_up.pk != ticket.pk
    assert (follow_up.type, follow_up.details) == (kind, {"model": "МК-8"})
    assert (follow_up.contract_text, follow_up.equipment) == ("unknown", cast.machine)
