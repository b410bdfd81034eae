"""The index follows what happens on a ticket, and keeps what only staff may read for staff."""

import threading
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from firstline.base.db import atomic
from firstline.events.models import Event
from firstline.people.access import actor_of
from firstline.people.roles import Permission
from firstline.search import index, query
from firstline.search.engines import postgresql
from firstline.search.models import Document, Rebuild
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind
from tests.cast import Cast, actor, make_cast, open_by
from tests.search.conftest import Opened, found


@pytest.fixture
def ticket(opened: Opened) -> Ticket:
    return opened("The printer smokes")


def test_what_is_said_later_is_found(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    reply(actor(cast.anna), ticket, Draft(text="Pull the plug"), via="web")
    reply(actor(cast.svetlana), ticket, Draft(text="Pulled, thanks"), via="portal")
    comment(actor(cast.anna), ticket, Draft(text="A courier comes"), via="web")
    automatic = Draft(text="Away until Wednesday")
    reply(actor(cast.svetlana), ticket, automatic, via="mail", automatic=True)
    assert found(cast.anna, "plug") == []
    settle()
    for text in ("plug", "thanks", "courier", "Wednesday", "smoke plug"):
        assert found(cast.anna, text) == [ticket]
        assert found(cast.svetlana, text) == [ticket]


def test_quoted_text_is_not_said_again(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    draft = Draft(text="Yes", quote="Did you pull the plug?")
    reply(actor(cast.svetlana), ticket, draft, via="mail")
    settle()
    assert found(cast.anna, "plug") == []


@pytest.mark.parametrize("bound", [0, 1000], ids=["many tickets", "few tickets"])
@pytest.mark.parametrize("hidden", ["note", "held", "foreign"])
def test_what_is_hidden_is_found_by_staff_alone(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, hidden: str, bound: int
) -> None:
    monkeypatch.setattr(query, "FEW", bound)
    draft = Draft(text="The marker is xyzzy 4815162342")
    if hidden == "note":
        note(actor(cast.anna), ticket, draft, via="web")
    elif hidden == "held":
        hold(ticket, cast.zlata, draft, via="mail")
    else:
        write(ticket, cast.zlata, draft, kind=Kind.IN, channel="mail", is_foreign=True)
    index.reindex(ticket.pk)
    for person in (cast.anna, cast.supervisor, cast.administrator, cast.observer):
        for text in ("xyzzy", "xyz", "4815162342", "smokes xyzzy", "xyzzy smokes"):
            assert found(person, text) == [ticket]
    for person in (cast.svetlana, cast.vera, cast.pyotr, cast.zlata, cast.boris):
        for text in ("xyzzy", "xyz", "4815162342", "smokes xyzzy", "platform:xyzzy"):
            assert found(person, text) == []
    scoped = actor_of(cast.anna, [Permission.TICKET_VIEW])
    assert query.find(scoped, "xyzzy").tickets == []
    assert query.find(scoped, "smokes").tickets == [ticket]


def test_hidden_words_are_indexed_when_they_are_written(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    note(actor(cast.anna), ticket, Draft(text="Beware"), via="web")
    hold(ticket, cast.zlata, Draft(text="Sesame"), via="mail")
    settle()
    assert found(cast.anna, "beware sesame") == [ticket]


@pytest.mark.parametrize("bound", [0, 1000], ids=["many tickets", "few tickets"])
def test_tickets_of_others_are_not_found(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    monkeypatch.setattr(query, "FEW", bound)
    for text in ("smokes", "printer sm", ticket.number, ticket.number[:7], "Иванова"):
        for person in (cast.pyotr, cast.zlata, cast.boris):
            assert found(person, text) == []
        for person in (cast.svetlana, cast.vera, cast.anna, cast.administrator):
            assert found(person, text) == [ticket]


@pytest.mark.parametrize("few", [0, 1000], ids=["many hits", "few hits"])
def test_tickets_of_others_leave_no_gaps(
    cast: Cast, opened: Opened, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    for name, value in {"NEAR": 1, "FAR": 2, "FEW": few}.items():
        monkeypatch.setattr(postgresql, name, value)
    monkeypatch.setattr(query, "FEW", 0)
    mine = [opened("The toner", by=cast.zlata, to=cast.equipment) for _ in range(2)]
    for _ in range(4):
        opened("The toner")
    for person in (cast.boris, cast.zlata):
        page = query.find(actor(person), "toner", size=2)
        assert (page.tickets, page.next) == (mine[::-1], None)


def test_who_may_see_no_tickets_finds_none(cast: Cast, ticket: Ticket) -> None:
    nobody = actor_of(cast.anna, [])
    assert query.find(nobody, "smokes").tickets == []
    assert query.find(nobody, ticket.number).tickets == []


def test_an_event_may_come_twice_or_be_of_something_else(cast: Cast, ticket: Ticket) -> None:
    event = Event.objects.get(kind="ticket.opened")
    before = Document.objects.values_list().get()
    index.on_event(event)
    index.on_event(event)
    assert Document.objects.values_list().get() == before
    Document.objects.all().delete()
    event.subject_kind = "person"
    index.on_event(event)
    assert not Document.objects.exists()


def test_many_are_indexed_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 4)
    tickets = [open_by(cast.svetlana, cast.hosting, text=f"Case word{i}") for i in range(10)]
    ids = [ticket.pk for ticket in tickets]
    assert index.reindex_many([*ids, 10**9]) == 10
    assert index.reindex_many(iter(ids)) == 10
    assert Document.objects.count() == 10
    assert found(cast.anna, "word7") == [tickets[7]]
    assert index.reindex_many([]) == 0


def test_a_ticket_with_endless_text_is_found_by_what_came_last(cast: Cast, opened: Opened) -> None:
    ticket = opened("The beginning is kept")
    for letter in "𐐨𐐩":  # of four bytes each: a megabyte of different words is soon there
        flood = " ".join(f"{letter * 36}{number}" for number in range(1000, 6000))
        write(ticket, cast.svetlana, Draft(text=flood), kind=Kind.IN, channel="mail")
    write(ticket, cast.svetlana, Draft(text="Finally"), kind=Kind.IN, channel="mail")
    index.reindex(ticket.pk)
    assert found(cast.anna, "finally") == [ticket]
    assert found(cast.anna, f"{letter * 36}5000") == [ticket]
    assert found(cast.anna, ticket.number) == [ticket]


def test_a_ticket_that_goes_takes_its_words_along(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    index.reindex(ticket.pk)
    assert Document.objects.count() == 1
    Message.objects.all().delete()
    ticket.delete()
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_the_last_one_knows_everything() -> None:
    """One indexes while the other still writes: what that one says must not be left out."""
    cast = make_cast()
    ticket = open_by(cast.svetlana, cast.hosting)
    locked, state = threading.Event(), SimpleNamespace(problem=None)

    def index_meanwhile() -> None:
        try:
            assert locked.wait(10)
            index.reindex(ticket.pk)
        except BaseException as problem:
            state.problem = problem
        finally:
            connection.close()

    other = threading.Thread(target=index_meanwhile)
    other.start()
    with atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        locked.set()
        other.join(0.5)
        assert other.is_alive()
        write(ticket, cast.svetlana, Draft(text="Meanwhile"), kind=Kind.IN, channel="portal")
    other.join(20)
    assert state.problem is None
    assert found(cast.anna, "meanwhile") == [ticket]


def test_senders_are_found_by_name_and_address(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    reply(actor(cast.vera), ticket, Draft(text="Me too"), via="portal")
    note(actor(cast.anna), ticket, Draft(text="Beware"), via="web")
    settle()
    for sought in (cast.vera.email, cast.vera.name):
        assert found(cast.anna, sought) == found(cast.svetlana, sought) == [ticket]
    assert found(cast.anna, cast.anna.name) == [ticket]


def test_staff_are_found_by_colleagues_alone(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    reply(actor(cast.anna), ticket, Draft(text="Pull the plug"), via="web")
    hold(ticket, cast.zlata, Draft(text="Sesame"), via="mail")
    settle()
    for sought in (cast.anna.email, cast.anna.name):  # a portal may hide who of the staff it was
        assert found(cast.svetlana, sought) == []
    assert found(cast.anna, cast.anna.name) == [ticket]
    assert found(cast.svetlana, cast.zlata.email) == []
    assert found(cast.anna, cast.zlata.email) == [ticket]


def test_what_an_earlier_version_wrote_is_written_anew(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "REBUILT", 2)
    tickets = [open_by(cast.svetlana, cast.hosting, text="Smoke") for _ in range(5)]
    migration = import_module("firstline.search.migrations.0004_rebuild")
    migration.ask(apps, SimpleNamespace(connection=connection))
    assert index.rebuild(seconds=0) == 2
    assert found(cast.anna, "smoke") == tickets[:2:-1]  # the newest first
    assert index.rebuild(seconds=60) == 3
    assert found(cast.anna, "smoke") == tickets[::-1]
    assert index.rebuild(seconds=60) == 0
    assert not Rebuild.objects.exists()


def test_an_empty_desk_has_nothing_to_write_anew(cast: Cast) -> None:
    import_module("firstline.search.migrations.0004_rebuild").ask(apps, SimpleNamespace())
    assert not Rebuild.objects.exists()
