"""One-time passwords: strong, hashed, for a day, once (product 1.3)."""

import math
from datetime import timedelta

import pytest
from django.utils import timezone

from firstline.people.actions import one_time
from firstline.people.models import Person
from tests.cast import Cast


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_it_has_bits_enough_and_nothing_to_mistake() -> None:
    assert len(set(one_time.ALPHABET)) == len(one_time.ALPHABET)
    assert one_time.GROUPS * one_time.GROUP * math.log2(len(one_time.ALPHABET)) >= 75
    assert not set(one_time.ALPHABET) & set("01ilo")


def test_only_its_hash_is_kept(cast: Cast) -> None:
    password = one_time.issue(cast.svetlana)
    row = Person.objects.filter(pk=cast.svetlana.pk).values().get()
    assert [len(part) for part in password.split("-")] == [4, 4, 4, 4]
    assert password not in str(row)
    assert password.replace("-", "") not in str(row)


@pytest.mark.parametrize(
    "typed",
    [
        lambda password: password,
        lambda password: password.upper(),
        lambda password: password.replace("-", ""),
        lambda password: f"  {password.replace('-', ' ')}\n",
        lambda password: password.replace("-", "\u2011"),
    ],
)
def test_it_may_be_typed_as_people_type(cast: Cast, typed: object) -> None:
    password = one_time.issue(cast.svetlana)
    assert callable(typed)
    assert one_time.use(fresh(cast.svetlana), typed(password))


def test_it_works_once(cast: Cast) -> None:
    password = one_time.issue(cast.svetlana)
    assert one_time.use(fresh(cast.svetlana), password)
    assert fresh(cast.svetlana).must_choose_password
    assert not one_time.use(fresh(cast.svetlana), password)


def test_of_two_at_once_one_wins(cast: Cast) -> None:
    password = one_time.issue(cast.svetlana)
    first, second = fresh(cast.svetlana), fresh(cast.svetlana)
    assert one_time.use(first, password)
    assert not one_time.use(second, password)


def test_a_newer_one_ends_the_older(cast: Cast) -> None:
    older, newer = one_time.issue(cast.svetlana), one_time.issue(cast.svetlana)
    assert not one_time.use(fresh(cast.svetlana), older)
    assert one_time.use(fresh(cast.svetlana), newer)


def test_it_ends_after_a_day(cast: Cast) -> None:
    password = one_time.issue(cast.svetlana)
    soon, late = timedelta(hours=23, minutes=59), timedelta(hours=24)
    until = fresh(cast.svetlana).one_time_until
    assert until is not None
    assert timezone.now() + soon < until <= timezone.now() + late
    Person.objects.filter(pk=cast.svetlana.pk).update(one_time_until=timezone.now())
    assert not one_time.use(fresh(cast.svetlana), password)


def test_a_deactivated_person_has_none(cast: Cast) -> None:
    password = one_time.issue(cast.svetlana)
    Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    assert not one_time.use(fresh(cast.svetlana), password)


@pytest.mark.parametrize("typed", ["", "-", "0", "true", "[]", "k7mp-2xqd-9tha-w4rs"])
def test_what_was_never_issued_does_not_fit(cast: Cast, typed: str) -> None:
    assert not one_time.use(fresh(cast.svetlana), typed)
    one_time.issue(cast.svetlana)
    assert not one_time.use(fresh(cast.svetlana), typed)


def test_a_part_of_it_does_not_fit(cast: Cast) -> None:
    password = one_time.issue(cast.svetlana)
    for part in (password[:-1], password[:4], password + "a", password[5:]):
        assert not one_time.use(fresh(cast.svetlana), part)
