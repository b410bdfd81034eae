"""What a type asks: its questions read, checked and shown (product 3.4)."""

from typing import Any

import pytest
from django.utils import translation

from firstline.tickets import details
from firstline.tickets.models import Ticket, TicketType, TypeField

OPTIONS = [
    {"key": "hot", "names": {"ru": "Жарко", "bg": "Горещо", "en": "Hot"}},
    {"key": "cold", "names": {"ru": "Холодно", "bg": "Студено", "en": "Cold"}},
]


def field(key: str, kind: str = "text", *, required: bool = False) -> TypeField:
    names = {"ru": f"{key} по-русски", "bg": f"{key} на български", "en": f"{key} in English"}
    options = OPTIONS if kind == "choice" else []
    return TypeField(key=key, kind=kind, is_required=required, names=names, options=options)


def read(kind: str, raw: Any) -> Any:
    """The value that one field makes of `raw`; the problem's text where there is one."""
    values, problems = details.read([field("one", kind)], {"one": raw})
    assert not (values and problems)
    return problems["details.one"] if problems else values.get("one")


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "  МК-8,\r\nвторой ", "МК-8, второй"),
        ("text", "nul \x00 bell \x07", "nul bell"),
        ("text", " \n", None),
        ("text", None, None),
        ("number", "21", 21),
        ("number", " 21,5 ", 21.5),
        ("number", "-3.50", -3.5),
        ("number", "−3", -3),
        ("number", "12 000\u00a0000", 12_000_000),
        ("number", "7.0", 7),
        ("number", 0, 0),
        ("number", 2.5, 2.5),
        ("date", "2026-05-31", "2026-05-31"),
        ("date", "31.05.2026", "2026-05-31"),
        ("date", "1/2/2026", "2026-02-01"),
        ("choice", "hot", "hot"),
        ("choice", "", None),
    ],
)
def test_what_is_understood(kind: str, raw: Any, value: Any) -> None:
    assert read(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        ("text", "x" * 1001, "At most 1000 characters"),
        ("text", 5, "Expected a text"),
        ("number", "many", "Write a number"),
        ("number", "1e9", "Write a number"),
        ("number", "nan", "Write a number"),
        ("number", float("inf"), "Write a number"),
        ("number", float("nan"), "Write a number"),
        ("number", True, "Write a number"),
        ("number", "9" * 16, "Write a number"),
        ("number", 10**16, "too large"),
        ("date", "31.02.2026", "Write a day"),
        ("date", "tomorrow", "Write a day"),
        ("date", "2026-13-01", "Write a day"),
        ("choice", "warm", "Choose one"),
        ("choice", "Hot", "Choose one"),
        ("choice", ["hot"], "Choose one"),
    ],
)
def test_what_is_refused_in_words_that_name_the_question(kind: str, raw: Any, words: str) -> None:
    problem = read(kind, raw)
    assert words in problem
    assert problem.startswith("one in English: ")


def test_required_ones_and_strays() -> None:
    fields = [field("must", required=True), field("may"), field("zero", "number", required=True)]
    values, problems = details.read(fields, {"zero": "0", "id": "5", "is_staff": "1"})
    assert values == {"zero": 0}
    assert problems == {"details.must": "Fill in “must in English”."}


def test_answers_are_read_in_the_readers_language(db: None) -> None:
    kind = TicketType.objects.create(names={"en": "Climate"})
    for position, one in enumerate(
        (field("state", "choice"), field("degrees", "number"), field("since", "date"))
    ):
        one.type, one.position = kind, position
        one.save()
    answers = {"since": "2026-05-31", "gone": "kept", "degrees": 21.5, "state": "hot"}
    ticket = Ticket(type=kind, details=answers)
    shown = {}
    for language in ("ru", "bg", "en"):
        with translation.override(language):
            shown[language] = details.lines(ticket)
    assert shown["ru"] == [
        ("state по-русски", "Жарко"),
        ("degrees по-русски", "21,5"),
        ("since по-русски", "31.05.2026"),
        ("gone", "kept"),
    ]
    assert [value for _name, value in shown["bg"]] == ["Горещо", "21,5", "31.05.2026", "kept"]
    assert [value for _name, value in shown["en"]] == ["Hot", "21.5", "05/31/2026", "kept"]


def test_values_that_fit_their_question_no_more_are_shown_as_they_are(db: None) -> None:
    kind = TicketType.objects.create(names={"en": "Climate"})
    for one in (field("state", "choice"), field("since", "date"), field("degrees", "number")):
        one.type = kind
        one.save()
    odd = {"state": "warm", "since": "once", "degrees": "many"}
    assert sorted(value for _name, value in details.lines(Ticket(type=kind, details=odd))) == [
        "many",
        "once",
        "warm",
    ]
    assert details.lines(Ticket(details={"key": "value"})) == [("key", "value")]
    assert details.lines(Ticket()) == []
