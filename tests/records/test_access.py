"""Whose contracts, objects and equipment are seen, and how a contract's number is found."""

import pytest

from firstline.people.access import SYSTEM
from firstline.people.models import Company, Partner
from firstline.records import access
from firstline.records.models import Contract, ServiceObject
from tests.cast import Cast, actor


def test_everybody_sees_what_is_theirs(cast: Cast) -> None:
    lists = (access.contracts_for, access.objects_for, access.equipment_for)
    for rows in lists:
        assert [rows(actor(one)).count() for one in cast.customers] == [1, 1, 1, 0]
        assert rows(actor(cast.observer)).count() == 1
        assert rows(actor(cast.partner_agent)).count() == 0
        assert rows(SYSTEM).count() == 1
    Company.objects.filter(pk=cast.orbita.pk).update(partner=Partner.objects.get())
    assert [rows(actor(cast.partner_agent)).count() for rows in lists] == [1, 1, 1]


@pytest.mark.parametrize(
    "typed",
    [
        "С-0412/25",
        "  с-0412/25\n",
        "С - 0412 / 25",
        "№ С-0412/25",
        "№С-0412/25",
        "#c-0412/25",
        "C-0412/25",
    ],
)
def test_a_number_is_found_however_it_is_typed(cast: Cast, typed: str) -> None:
    assert access.contract_of(cast.orbita, typed) == cast.contract


@pytest.mark.parametrize("typed", ["", " ", "№", "С-0412", "0412/25", "С-0412/25 и другие", "\x00"])
def test_other_numbers_are_unknown(cast: Cast, typed: str) -> None:
    assert access.contract_of(cast.orbita, typed) is None


def test_the_number_of_another_company_is_as_unknown_as_any(cast: Cast) -> None:
    other = Company.objects.get(name="Зарница")
    assert access.contract_of(other, cast.contract.number) is None
    assert access.contract_of(None, cast.contract.number) is None


def test_the_exact_number_goes_before_a_similar_one(cast: Cast) -> None:
    latin = Contract.objects.create(number="C-0412/25", company=cast.orbita)
    assert access.contract_of(cast.orbita, "C-0412/25") == latin
    assert access.contract_of(cast.orbita, "С-0412/25") == cast.contract


def test_names_and_ids(cast: Cast) -> None:
    anna, orbita = actor(cast.anna), cast.orbita
    for name in (cast.site.pk, str(cast.site.pk), " Корпус 5 "):
        assert access.object_named(anna, orbita, name) == cast.site
        assert access.object_named(actor(cast.zlata), orbita, name) is None
        assert access.object_named(anna, None, name) is None
    assert access.equipment_named(anna, orbita, "2318-044") == cast.machine
    for odd in ("", " ", "²", "nobody", 10**30, -1):
        assert access.object_named(anna, orbita, odd) is None
    ServiceObject.objects.create(name="Корпус 5", company=orbita)
    assert access.object_named(anna, orbita, "Корпус 5") is None  # which of the two?
