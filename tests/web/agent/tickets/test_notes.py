"""The box of notes and its versions, by the doors that agents use (cap 82-83, C67)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from firstline.people.models import Person
from firstline.tickets.actions.notes import write_notes
from firstline.tickets.models import NotesVersion, Ticket
from tests.cast import Cast, actor, open_by

SignIn = Callable[[Person], Client]
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting)


def address(ticket: Ticket) -> str:
    return f"/tickets/{ticket.number}/notes/"


def save(client: Client, ticket: Ticket, text: str, based_on: int, **more: Any) -> Any:
    body = {"text": text, "based_on": str(based_on)} | more.pop("body", {})
    return client.post(address(ticket), body, **more)


def test_saved_notes_stand_in_the_side(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    anna = signed_in(cast.anna)
    answer = save(anna, ticket, "Copy at 03:30", 0)
    assert answer.status_code == 302
    page = anna.get(answer.url).content.decode()
    assert "Copy at 03:30" in page
    assert 'name="based_on" value="1"' in page
    assert cast.anna.name in page
    observer = signed_in(cast.observer).get(answer.url).content.decode()
    assert "Copy at 03:30" in observer
    assert 'name="based_on"' not in observer


def test_a_conflict_shows_both_and_saves_on_top(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    write_notes(actor(cast.anna), ticket, "What Anna wrote", based_on=0, via="web")
    client = signed_in(cast.supervisor)
    for kind in ({}, HTMX):
        answer = save(client, ticket, "What I wrote", 0, **kind)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "What Anna wrote" in page
        assert "What I wrote</textarea>" in page
        assert 'name="based_on" value="1"' in page
        assert page.startswith("<form") is bool(kind)
    answer = save(client, ticket, "What I wrote", 1, **HTMX)
    assert answer.status_code == 200
    texts = list(NotesVersion.objects.values_list("text", flat=True))
    assert texts == ["What Anna wrote", "What I wrote"]


def test_keeping_both_puts_mine_below_theirs(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    write_notes(actor(cast.anna), ticket, "What Anna wrote", based_on=0, via="web")
    client, both = signed_in(cast.supervisor), {"keep": "both"}
    page = save(client, ticket, "Mine", 0, **HTMX).content.decode()
    assert page.index("Keep both") < page.index("Save mine on top") < page.index("Keep theirs")
    save(client, ticket, "Mine", 1, body=both, **HTMX)
    assert NotesVersion.objects.latest("number").text == "What Anna wrote\n\nMine"
    write_notes(actor(cast.anna), ticket, "Once more", based_on=2, via="web")
    answer = save(client, ticket, "Mine", 2, body=both, **HTMX)  # not what was seen: asked again
    assert answer.status_code == 409
    assert "Mine</textarea>" in answer.content.decode()


def test_keeping_theirs_changes_nothing(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    write_notes(actor(cast.anna), ticket, "What Anna wrote", based_on=0, via="web")
    client = signed_in(cast.supervisor)
    answer = save(client, ticket, "Mine", 0, body={"keep": "theirs"}, **HTMX)
    assert "What Anna wrote</textarea>" in answer.content.decode()
    assert NotesVersion.objects.count() == 1


def test_too_long_is_kept_and_said(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    answer = save(signed_in(cast.anna), ticket, "x" * 20_001, 0)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "x" * 20_001 in page
    assert 'aria-invalid="true"' in page
    assert not NotesVersion.objects.exists()


def test_versions_by_pages(
    cast: Cast,
    ticket: Ticket,
    signed_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(1, 53):
        write_notes(actor(cast.anna), ticket, f"Text {number}.", based_on=number - 1, via="web")
    client = signed_in(cast.observer)
    with django_assert_max_num_queries(5):
        first = client.get(address(ticket)).content.decode()
    assert "Text 52." in first
    assert "Text 2." not in first
    rest = client.get(f"{address(ticket)}?below=3", **HTMX).content.decode()
    assert "Text 2." in rest
    assert "Text 3." not in rest
    assert "<html" not in rest
    assert client.get(f"{address(ticket)}?below=²").status_code == 200


def test_who_may_read_and_write(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    write_notes(actor(cast.anna), ticket, "A marker", based_on=0, via="web")
    reads = {"administrator": 200, "supervisor": 200, "observer": 200, "boris": 404}
    reads |= {"partner_agent": 404, "svetlana": 404, "zlata": 404}
    writes = reads | {"observer": 403, "administrator": 409, "supervisor": 409}
    for name in reads:
        client = signed_in(getattr(cast, name))
        answer = client.get(address(ticket))
        assert answer.status_code == reads[name], name
        assert (b"A marker" in answer.content) is (reads[name] == 200)
        answer = save(client, ticket, "Another", 0)
        assert answer.status_code == writes[name], name
    assert Client().get(address(ticket)).status_code == 302
    assert save(Client(), ticket, "Another", 0).status_code == 401
    assert NotesVersion.objects.count() == 1
    portal = signed_in(cast.svetlana).get(f"/portal/tickets/{ticket.number}/").content
    assert b"A marker" not in portal
