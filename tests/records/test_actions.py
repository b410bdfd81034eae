"""Writing down contracts, objects and equipment: who may, what it leaves behind."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from firstline.events.models import Event
from firstline.people.access import Forbidden
from firstline.people.models import Company
from firstline.records.actions.create_contract import create_contract
from firstline.records.actions.create_equipment import create_equipment
from firstline.records.actions.create_object import create_object
from firstline.records.models import Contract, Equipment, ServiceObject
from tests.cast import Cast, actor


def test_each_leaves_an_event(cast: Cast) -> None:
    who = actor(cast.supervisor)
    contract = create_contract(who, "С-7/26", cast.orbita, via="api", ends_on=date(2026, 12, 31))
    site = create_object(who, "Корпус\r\nBcc: 6", cast.orbita, via="api")
    machine = create_equipment(who, "МК-9", cast.orbita, via="api", site=site, contract=contract)
    assert site.name == "Корпус Bcc: 6"
    told = list(Event.objects.order_by("pk").values_list("kind", "subject_id", "actor_id"))
    assert told == [
        ("contract.created", contract.pk, cast.supervisor.pk),
        ("object.created", site.pk, cast.supervisor.pk),
        ("equipment.created", machine.pk, cast.supervisor.pk),
    ]


def test_who_may(cast: Cast) -> None:
    for person in (cast.anna, cast.observer, cast.partner_agent, cast.svetlana):
        who = actor(person)
        with pytest.raises(Forbidden):
            create_contract(who, "С-7/26", cast.orbita, via="api")
        with pytest.raises(Forbidden):
            create_object(who, "Корпус 6", cast.orbita, via="api")
        with pytest.raises(Forbidden):
            create_equipment(who, "МК-9", cast.orbita, via="api")
    counts = [model.objects.count() for model in (Contract, ServiceObject, Equipment, Event)]
    assert counts == [1, 1, 1, 0]


def test_what_does_not_belong_together_is_refused(cast: Cast) -> None:
    who, other = actor(cast.administrator), Company.objects.get(name="Зарница")
    with pytest.raises(ValidationError) as refused:
        create_equipment(who, "МК-9", other, via="api", site=cast.site, contract=cast.contract)
    assert set(refused.value.message_dict) == {"object", "contract"}
    with pytest.raises(ValidationError) as taken:
        create_contract(who, cast.contract.number, other, via="api")
    assert set(taken.value.message_dict) == {"number"}
    assert (Equipment.objects.count(), Contract.objects.count(), Event.objects.count()) == (1, 1, 0)


def test_a_contract_is_over_after_its_last_day(cast: Cast) -> None:
    today = timezone.localdate()
    assert not Contract(ends_on=None).is_over
    assert not Contract(ends_on=today).is_over
    assert Contract(ends_on=today - timedelta(days=1)).is_over
