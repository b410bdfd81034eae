"""Searching among very many tickets of one's own: the index knows whose they are, and decides nothing."""

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from firstline.people.models import Company, Person
from firstline.search import index, query, scopes
from firstline.search.models import Document
from firstline.tickets import queue
from firstline.tickets.models import Ticket
from firstline.tickets.pages import Scope
from tests.cast import Cast, actor, open_by


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody have more tickets than are looked through one by one."""
    monkeypatch.setattr("firstline.search.query.FEW", 0)


@pytest.fixture
def tickets(cast: Cast, settle: Callable[[], None]) -> dict[str, Ticket]:
    """One of each customer's about the same thing; Pyotr's is in the project."""
    found = {
        person.email.partition("@")[0]: open_by(
            person,
            cast.hosting,
            "The toner",
            project=cast.project if person == cast.pyotr else None,
        )
        for person in cast.customers
    }
    settle()
    return found


def found(person: Person, text: str, scope: Scope) -> set[str]:
    who = actor(person)
    within = queue.theirs(who, scope)
    return {
        one.requester.email.partition("@")[0]
        for one in query.find(who, text, within=within).tickets
        if one.requester
    }


def test_each_scope_finds_its_own(cast: Cast, tickets: dict[str, Ticket]) -> None:
    boss = actor(cast.vera)
    company, project = (
        queue.of_company(boss),
        queue.of_project(actor(cast.svetlana), cast.project.pk),
    )
    assert company is not None
    assert found(cast.svetlana, "toner", queue.mine(actor(cast.svetlana))) == {"svetlana"}
    assert found(cast.vera, "toner", company) == {"svetlana", "pyotr", "vera"}
    assert found(cast.svetlana, "toner", project) == {"pyotr"}
    number = tickets["svetlana"].number
    assert found(cast.vera, number, company) == {"svetlana"}
    assert found(cast.vera, number, queue.mine(boss)) == set()
    assert found(cast.vera, number[:-1], company) == {"svetlana", "pyotr", "vera"}


def test_a_word_in_the_index_opens_nothing(cast: Cast, tickets: dict[str, Ticket]) -> None:
    """Neither a scope that is not the reader's, nor one that a ticket had when it was indexed."""
    strange = Scope("requester", cast.zlata.pk)
    assert found(cast.svetlana, "toner", strange) == set()
    other = Company.objects.create(name="Other")
    Ticket.objects.filter(pk=tickets["pyotr"].pk).update(company=other)
    company = queue.of_company(actor(cast.vera))
    assert company is not None
    assert found(cast.vera, "toner", company) == {"svetlana", "vera"}


@pytest.mark.parametrize("text", ["___company1", "___requester", "___", "company1", "requester"])
def test_nobody_can_type_such_a_word(cast: Cast, tickets: dict[str, Ticket], text: str) -> None:
    for person in (cast.administrator, cast.svetlana):
        assert query.find(actor(person), text).tickets == []


def test_tickets_from_before_get_the_words(cast: Cast, tickets: dict[str, Ticket]) -> None:
    mine = queue.mine(actor(cast.pyotr))
    ids = [ticket.pk for ticket in tickets.values()]
    wanted = sorted(Document.objects.values_list("pk", "public", "platform"))
    nothing = pytest.MonkeyPatch()
    nothing.setattr(index, "words_of", lambda _ticket: [])
    index.reindex_many(ids)
    nothing.undo()
    assert found(cast.pyotr, "toner", mine) == set()
    with connection.cursor() as cursor:
        migration = import_module("firstline.search.migrations.0002_scopes")
        migration.mark(None, SimpleNamespace(connection=connection, execute=cursor.execute))
    assert found(cast.pyotr, "toner", mine) == {"pyotr"}
    for (_pk, was, _), (_same, now, _) in zip(
        wanted, sorted(Document.objects.values_list("pk", "public", "platform")), strict=True
    ):
        assert set(was.split()) == set(now.split())
    assert scopes.word(mine) in next(text for pk, text, _ in wanted if pk == tickets["pyotr"].pk)
