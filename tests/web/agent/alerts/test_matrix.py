"""Who may do what in the section “Alerts”; a refusal changes nothing and sends nothing (C30)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver

from firstline.events.models import Event
from firstline.people.models import Person
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.broadcast import broadcast
from firstline.tickets.messages import Draft
from firstline.tickets.models import Alert, Broadcast
from tests.cast import Cast, actor

PEOPLE = ("administrator", "anna", "observer", "boris", "partner_agent", "svetlana", "stranger")
SEES = (200, 200, 200, 200, 403, 404, 302)
ONE = (200, 200, 200, 404, 404, 404, 302)
SENDS = (200, 200, 403, 200, 403, 404, 302)
ITS_AUTHOR = (200, 200, 404, 404, 404, 404, 302)
NEW = {
    "project": "orbita-shop",
    "type": "information",
    "title": "Works",
    "text": "At night.",
}
MATRIX = {
    "alerts": ("get", "/alerts/", {}, SEES),
    "alert": ("get", "/alerts/{number}/", {}, ONE),
    "alert_new": ("post", "/alerts/new/", NEW, (302, 302, 403, 302, 403, 404, 401)),
    "alert_projects": ("get", "/alerts/projects/?find=shop", {}, SENDS),
    "alert_broadcast": ("get", "/alerts/broadcasts/{pk}/", {}, ITS_AUTHOR),
    "alert_retries": (
        "post",
        "/alerts/broadcasts/{pk}/retries/",
        {},
        (302, 302, 404, 404, 404, 404, 401),
    ),
}


def test_the_matrix_knows_every_route() -> None:
    names = [str(name) for name in get_resolver().namespace_dict["agent"][1].reverse_dict]
    assert {name for name in names if name.startswith("alert")} == set(MATRIX)


@pytest.mark.parametrize("route", MATRIX)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what(
    cast: Cast, signed_in: Callable[[Person], Client], route: str, who: str
) -> None:
    method, address, body, statuses = MATRIX[route]
    said = ("information", "Planted", Draft("Zanzibar"))
    ticket = alert(actor(cast.anna), cast.project, *said, via="web")
    told = broadcast(actor(cast.anna), [cast.project], *said)
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    kinds = (Alert, Broadcast, Event)
    before = [kind._default_manager.count() for kind in kinds]
    path = address.format(number=ticket.number, pk=told.pk)
    answer = getattr(client, method)(path, body)
    assert answer.status_code == dict(zip(PEOPLE, statuses, strict=True))[who]
    if answer.status_code in {401, 403, 404}:
        assert [kind._default_manager.count() for kind in kinds] == before
        assert "Planted" not in answer.content.decode()
    if route == "alert_new":
        assert (client.get(path).status_code == 200) == (answer.status_code == 302)
