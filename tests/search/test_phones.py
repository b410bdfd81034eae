"""Phone numbers are found in whatever spelling."""

import time
from collections.abc import Callable

import pytest

from firstline.search import phones
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from tests.cast import Cast, actor
from tests.search.conftest import Opened, found

MOSCOW = [
    "+7 (495) 123-45-67",
    "8 495 123 45 67",
    "84951234567",
    "+74951234567",
    "8-495-123-45-67",
    "(495) 123-45-67",
    "8 (8-495) 123-45-67",
    "+8 495 123-45-67",
    "+7\u00a0495\u00a0123\u201145\u201167",
]
SOFIA = ["+359 2 981 12 34", "02 981 1234", "029811234", "00359 2 9811234", "+359 (0)2 981 12 34"]


@pytest.mark.parametrize("spellings", [MOSCOW, SOFIA], ids=["ru", "bg"])
def test_each_spelling_finds_each(cast: Cast, opened: Opened, spellings: list[str]) -> None:
    opened("Call +7 495 123-45-68 or +359 2 981 12 35")
    tickets = [opened(f"Call me at {spelling}, please.") for spelling in spellings[:4]]
    tickets.reverse()
    for sought in spellings:
        assert found(cast.anna, sought) == tickets, sought
        assert found(cast.svetlana, f"{sought} call") == tickets, sought


@pytest.mark.parametrize("text", ["8 495 123-45-67 доб. 12", "тел.: 8(495)123-45-67/68"])
def test_what_stands_behind_a_number_is_no_part_of_it(
    cast: Cast, opened: Opened, text: str
) -> None:
    assert found(cast.anna, "+7 495 1234567") == [] != (ticket := [opened(text)])
    assert found(cast.anna, "+7 495 1234567") == ticket


def test_numbers_of_people_are_found(
    cast: Cast, opened: Opened, settle: Callable[[], None]
) -> None:
    cast.svetlana.phone = "8 (916) 000-18-44"
    cast.svetlana.save()
    other = opened(by=cast.zlata, to=cast.equipment)
    assert found(cast.anna, "+79160001844") == []
    ticket = opened(callback_name="Ольга Петрова", callback_phone="0888 123 456")
    for sought in ("+79160001844", "+359 888 123456", "Петровой", "Петрова +359888123456"):
        assert found(cast.anna, sought) == [ticket], sought
    reply(actor(cast.zlata), other, Draft("My new number is +359 2 981 12 34"), via="portal")
    settle()
    assert found(cast.administrator, "029811234") == [other]


@pytest.mark.parametrize("number", ["2026-12-01 10:00", "192.168.100.200", "SR00048213", "1234567"])
def test_other_numbers_are_no_phone_numbers(number: str) -> None:
    assert phones.words_of(f"See {number}.") == []


def test_a_number_without_gaps_may_be_any_other(cast: Cast, opened: Opened) -> None:
    ticket = opened("Order no. 84951234567 came")
    assert found(cast.anna, "84951234567") == [ticket]
    assert found(cast.anna, "8495123") == [ticket]  # half typed


@pytest.mark.parametrize("text", ["1 " * 200_000, "1-" * 200_000, "1" * 400_000, "+7(" * 200_000])
def test_the_time_grows_with_the_length_alone(text: str) -> None:
    phones.words_of("+74951234567")
    started = time.process_time()
    phones.words_of(text)
    assert time.process_time() - started < 1
