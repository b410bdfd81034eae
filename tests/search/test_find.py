"""Finding tickets: by word forms, by what is being typed, by number, page by page."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.search import index, query
from firstline.search.engines import postgresql
from firstline.search.query import find
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Numbering, Ticket
from tests.cast import Cast, actor, open_by
from tests.search.conftest import Opened, found


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("Не печатают принтеры в бухгалтерии", "принтер бухгалтерия"),
        ("Принтерите не печатат", "принтерът"),
        ("Сървърът е недостъпен", "сървъри"),
        ("Both servers crashed", "server crashes"),
        ("Продлите лицензию, счёт прилагаю", "счет лицензии"),
    ],
)
def test_forms_of_a_word_find_each_other(
    cast: Cast, opened: Opened, written: str, sought: str
) -> None:
    opened("Something else")
    ticket = opened(written)
    assert found(cast.anna, sought) == [ticket]
    assert found(cast.svetlana, sought) == [ticket]


def test_all_words_must_be_there_wherever_they_stand(cast: Cast, opened: Opened) -> None:
    ticket = opened("The toner is empty", subject="Printer on floor 3")
    opened("The toner is empty", subject="Copier")
    assert found(cast.anna, "printer toner") == [ticket]
    assert found(cast.anna, "printer copier") == []


@pytest.mark.parametrize("sought", ["Иванова", "svetlana", "svetlana@orbita.example", "Орбита"])
def test_the_requester_finds_the_ticket(cast: Cast, opened: Opened, sought: str) -> None:
    ticket = opened()
    assert found(cast.anna, sought) == [ticket]


def test_of_a_long_text_the_first_words_count(cast: Cast, opened: Opened) -> None:
    ticket = opened("one two three four five six seven eight nine ten")
    assert found(cast.anna, "one two three four five six seven eight nine ten zzz") == [ticket]
    assert found(cast.anna, "one two three four five six seven eight nine zzz") == []


def test_the_last_word_may_be_half_typed(cast: Cast, opened: Opened) -> None:
    ticket = opened("The toner is empty", subject="Printer")
    assert found(cast.anna, "toner pri") == [ticket]
    assert found(cast.anna, "ton printer") == []
    assert found(cast.anna, "p") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Сървърът е недостъпен", "сървъ"), ("Новый объект", "объ"), ("Ёлка упала", "ёлк")],
)
def test_words_are_found_while_they_are_typed(
    cast: Cast, opened: Opened, written: str, typed: str
) -> None:
    ticket = opened(written)
    for end in range(3, len(typed) + 1):
        assert found(cast.anna, typed[:end]) == [ticket]


def test_a_number_is_found_while_it_is_typed(cast: Cast, opened: Opened) -> None:
    Numbering.objects.update(last=48212)
    ticket, other = opened(), opened()
    assert (ticket.number, other.number) == ("SR00048213", "SR00048214")
    for end in range(6, len(ticket.number)):
        assert found(cast.anna, ticket.number[:end]) == [other, ticket]
    for text in ("SR00048213", "sr00048213", " 48213", "00048213 ", "#48213"):
        assert found(cast.anna, text) == [ticket]
    for text in ("4", "48", "4821"):
        assert found(cast.anna, text) == [other, ticket]
    assert found(cast.anna, "8213") == []
    assert found(cast.anna, "SR000") == []  # it would find ten thousands


def test_a_number_with_signs_in_it(cast: Cast, opened: Opened) -> None:
    Numbering.objects.update(mask="SR-{yyyy}-{0:00000}", last=41)
    ticket = opened()
    assert ticket.number.endswith("-00042")
    for text in (ticket.number, ticket.number[:9], ticket.number[:10], ticket.number.lower(), "42"):
        assert found(cast.anna, text) == [ticket]


def test_the_exact_number_stands_first_and_only_there(cast: Cast, opened: Opened) -> None:
    Numbering.objects.update(last=76)
    ticket, *others = [opened(), *(opened(f"See also 77 ({place})") for place in range(4))]
    assert ticket.number == "SR00000077"
    assert all_pages(cast, "77", size=2) == [
        [ticket, others[3]],
        [others[2], others[1]],
        [others[0]],
    ]
    assert all_pages(cast, "77", size=1) == [[one] for one in (ticket, *others[::-1])]


def all_pages(cast: Cast, text: str, who: str = "anna", **options: Any) -> list[list[Ticket]]:
    """Page after page of what somebody finds."""
    pages = [find(actor(getattr(cast, who)), text, **options)]
    while pages[-1].next is not None:
        pages.append(find(actor(getattr(cast, who)), text, after=pages[-1].next, **options))
    return [page.tickets for page in pages]


@pytest.mark.parametrize("bound", [0, 1000], ids=["many hits", "few hits"])
@pytest.mark.parametrize("who", ["anna", "administrator", "svetlana"])
def test_pages_go_on_newest_first(
    cast: Cast, opened: Opened, monkeypatch: pytest.MonkeyPatch, bound: int, who: str
) -> None:
    monkeypatch.setattr(postgresql, "FEW", bound)
    monkeypatch.setattr(postgresql, "NEAR", 1)
    monkeypatch.setattr(postgresql, "FAR", 2)
    monkeypatch.setattr(query, "FEW", bound)
    tickets = [opened("The toner is empty") for _ in range(5)]
    opened("Something else")
    tickets.reverse()
    assert all_pages(cast, "toner", who, size=2) == [tickets[:2], tickets[2:4], tickets[4:]]


@pytest.mark.parametrize("after", ["", "x", "-1", "1_2", "9" * 40, "²", "\x00"])
def test_a_key_that_makes_no_sense_begins_anew(cast: Cast, opened: Opened, after: str) -> None:
    ticket = opened("The toner is empty")
    assert found(cast.anna, "toner", after=after) == [ticket]


def test_closed_tickets_are_found_where_they_are_wanted(cast: Cast, opened: Opened) -> None:
    ticket, other = opened("The toner is empty"), opened("The toner is empty again")
    resolve(actor(cast.anna), ticket, Draft(text="Sent you a new one."), via="web")
    assert found(cast.anna, "toner") == [other, ticket]
    assert found(cast.anna, "toner", state="open") == [other]
    assert found(cast.svetlana, "toner", state="closed") == [ticket]
    assert found(cast.anna, ticket.number, state="open") == []


HOSTILE = {
    "quotes": "\"toner\" 'toner' `toner` “toner”",
    "an open quote": 'toner"',
    "operators": "toner AND OR NOT NEAR(toner, 2) ^toner + -toner",
    "columns": "{public platform}: toner",
    "a column": "platform:toner",
    "tsquery": "!toner & | <-> <2> :*A \\' ' ( )",
    "stars": "* ** toner***",
    "percent": "%s %(x)s %% _ __ \\",
    "statements": "'; DROP TABLE search_document; --",
    "NUL": "toner\x00 \x00",
    "a lone surrogate": "toner \ud800",
    "emoji": "🖨️ 😀",
    "marks": "\u0301\u0306",
    "other letters": "тонер 𐐀𐐁 印刷 طابعة",
    "right to left": "\u202etoner\u202c",
    "only signs": "()[]{}:;,.-_'\"",
    "white": " \t\n\u00a0",
    "nothing": "",
    "long": "toner " * 2000,
    "one long word": "t" * 10_000,
    "long number": "9" * 10_000,
    "nested": "(" * 5000 + "toner" + ")" * 5000,
    "the marks of numbers": "_4 __48213 __sr00000001",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_is_taken(cast: Cast, opened: Opened, text: str) -> None:
    opened("The toner is empty. " + text.replace("\x00", "").replace("\ud800", ""))
    for person in (cast.anna, cast.svetlana):
        assert len(found(person, text)) <= 1
        assert len(found(person, f"toner {text}")) <= 1
    assert len(found(cast.anna, "toner")) == 1


@pytest.mark.parametrize("text", ["", "  ", "😀", '"*"', "_"])
def test_a_text_without_words_finds_nothing(cast: Cast, opened: Opened, text: str) -> None:
    opened()
    assert found(cast.anna, text) == []


@pytest.mark.parametrize("text", ["toner", "SR00000001"])
@pytest.mark.parametrize("who", ["anna", "administrator", "svetlana"])
def test_a_search_takes_the_same_queries_however_much_there_is(
    cast: Cast, opened: Opened, who: str, text: str
) -> None:
    opened("The toner is empty")
    before = queries_of(cast, who, text)
    more = [open_by(cast.svetlana, cast.hosting, text="No toner").pk for _ in range(40)]
    assert index.reindex_many(more) == len(more)
    assert queries_of(cast, who, text) == before <= 6


def queries_of(cast: Cast, who: str, text: str) -> int:
    reader = actor(getattr(cast, who))
    with CaptureQueriesContext(connection) as queries:
        assert find(reader, text).tickets
    return len(queries)
