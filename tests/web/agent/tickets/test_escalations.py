"""The window of escalations, with and without htmx (cap 63-64)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from firstline.events.models import Event
from firstline.people.models import Person, Team
from firstline.tickets.models import Level, Ticket
from tests.cast import Cast, open_by

SignIn = Callable[[Person], Client]
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting)


def address(ticket: Ticket) -> str:
    return f"/tickets/{ticket.number}/escalations/"


def test_the_window_offers_only_who_may(
    cast: Cast,
    ticket: Ticket,
    signed_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    Team.objects.create(names={"en": "Databases"}).members.add(cast.supervisor.pk)
    Team.objects.create(names={"en": "Boilers"}).members.add(cast.boris.pk)
    client = signed_in(cast.anna)
    with django_assert_max_num_queries(7):
        page = client.get(address(ticket)).content.decode()
    assert cast.supervisor.name in page
    assert "Databases" in page
    for name in (cast.boris.name, cast.observer.name, cast.partner_agent.name, "Boilers"):
        assert name not in page
    fragment = client.get(address(ticket), **HTMX).content.decode()
    assert fragment.startswith("<form")


def test_escalated_with_and_without_htmx(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    level = Level.objects.filter(is_first=False)[0]
    client = signed_in(cast.anna)
    answer = client.post(address(ticket), {"level": level.key, "reason": "Needs a DBA"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/tickets/{ticket.number}/")
    assert "Needs a DBA" in client.get(answer.headers["Location"]).content.decode()
    answer = client.post(address(ticket), {"responsible": str(cast.supervisor.pk)}, **HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#ticket")
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.level, now.responsible_id) == (level, cast.supervisor.pk)


def test_a_refusal_keeps_what_was_chosen(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    client = signed_in(cast.anna)
    for kind in ({}, HTMX):
        answer = client.post(address(ticket), {"reason": "Kept text"}, **kind)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "at least one" in page
        assert "Kept text" in page
    answer = client.post(address(ticket), {"responsible": str(cast.boris.pk), "level": "nothing"})
    assert answer.status_code == 422
    assert 'id="responsible-wrong"' in answer.content.decode()
    assert not Event.objects.filter(kind="ticket.escalated").exists()


def test_sent_twice_it_happens_once(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    body = {"responsible": str(cast.supervisor.pk), "submission": "one"}
    client = signed_in(cast.anna)
    assert [client.post(address(ticket), body).status_code for _ in range(2)] == [302, 302]
    assert Event.objects.filter(kind="ticket.escalated").count() == 1


def test_who_may_escalate(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    level = Level.objects.filter(is_first=False)[0].key
    refused = {"observer": 403, "boris": 404, "partner_agent": 404, "svetlana": 404}
    for name, status in refused.items():
        client = signed_in(getattr(cast, name))
        assert client.get(address(ticket)).status_code == status, name
        assert client.post(address(ticket), {"level": level}).status_code == status, name
        assert address(ticket).encode() not in client.get(f"/tickets/{ticket.number}/").content
    assert Client().post(address(ticket), {"level": level}).status_code == 401
    assert Ticket.objects.get(pk=ticket.pk).level.is_first
