"""The permission matrix of the customer's side: every route and method by every kind of person (C30).

A refusal also asserts that nothing changed and nothing was sent.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Alert, Message, Rating, Ticket
from tests.cast import Cast, actor, open_by
from tests.web.settings.test_matrix import ADMINISTRATORS

# nobody, another company's customer, a colleague, one who sees the company, the owner, an agent
PEOPLE = ("stranger", "zlata", "colleague", "vera", "svetlana", "anna")
ANY = (302, 200, 200, 200, 200, 404)  # pages of one's own
READS = (302, 404, 404, 200, 200, 404)
SAYS = (401, 404, 404, 302, 302, 404)
MEMBERS = (302, 404, 404, 404, 200, 404)  # of the project: the owner alone
MINE = (302, 200, 200, 200, 200, 200)  # settings: everybody's own
NOT_MINE = (401, 404, 404, 404, 404, 404)
TEXT = {"text": "A marker that must not stand anywhere"}
# route → (method, body, who gets what)
MATRIX: dict[str, tuple[str, dict[str, Any], tuple[int, ...]]] = {
    "portal:tickets": ("get", {}, ANY),
    "portal:projects": ("get", {}, ANY),
    "portal:project": ("get", {}, MEMBERS),
    "portal:new_ticket": ("get", {}, ANY),
    "portal:new_ticket_questions": ("get", {}, (302, 302, 302, 302, 302, 404)),
    "portal:ticket": ("get", {}, READS),
    "portal:file": ("get", {}, READS),
    "portal:preview": ("get", {}, READS),
    "portal:viewer": ("get", {}, READS),
    "portal:letter": ("get", {}, READS),
    "portal:pictures": ("get", {}, READS),
    "portal:replies": ("post", TEXT, SAYS),
    "portal:acknowledgements": ("post", {}, SAYS),
    "portal:closures": ("post", TEXT, SAYS),
    "portal:reopenings": ("post", TEXT, SAYS),
    "portal:ratings": ("post", {"helped": "yes", **TEXT}, SAYS),
    "settings:settings": ("get", {}, (302,) * 6),
    "settings:profile": ("get", {}, MINE),
    "settings:password": ("get", {}, MINE),
    "settings:sessions": ("get", {}, MINE),
    "settings:tokens": ("get", {}, MINE),
    "settings:token_revocations": ("post", {}, NOT_MINE),
    "settings:endings": ("post", {}, (401, 302, 302, 302, 302, 302)),
    "settings:ending": ("post", {}, NOT_MINE),
}


def routes() -> set[str]:
    """The names of all routes of the portal and of the settings."""
    found = set()

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, pattern.namespace or space)
            elif space in {"portal", "settings"} and pattern.name:
                found.add(f"{space}:{pattern.name}")

    walk(get_resolver().url_patterns, "")
    return found


def test_the_matrix_knows_every_route() -> None:
    administrators = {name for name in routes() if name.startswith("settings:")} - set(MATRIX)
    assert routes() == set(MATRIX) | administrators
    assert administrators == {f"settings:{name}" for name in ADMINISTRATORS}


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A ticket of the owner with a picture and an answer; outside any project."""
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    picture = [Enclosure("screen.png", drawn.getvalue())]
    ticket = open_by(cast.svetlana, cast.hosting, files=picture)
    reply(actor(cast.anna), ticket, Draft(text="An answer."), via="web")
    cast.project.members.set([cast.svetlana])
    return ticket


def address_of(cast: Cast, route: str, ticket: Ticket) -> str:
    file = ticket.messages.order_by("id")[0].attachments.get()
    arguments: dict[str, list[Any]] = {
        "portal:project": [cast.project.identifier],
        "settings:ending": [10_000],
        "settings:token_revocations": [10_000],
    }
    if route in {"portal:file", "portal:preview", "portal:viewer"}:
        return reverse(route, args=[ticket.number, file.pk])
    if route in {"portal:letter", "portal:pictures"}:
        ticket.messages.update(html="<p>As sent</p>")
        return reverse(route, args=[ticket.number, file.message_id])
    if route.startswith("portal:") and f"/{ticket.number}/" in _maybe(route, ticket):
        return _maybe(route, ticket)
    return reverse(route, args=arguments.get(route, []))


def _maybe(route: str, ticket: Ticket) -> str:
    one_ticket = {"ticket", "replies", "closures", "reopenings", "ratings", "acknowledgements"}
    return reverse(route, args=[ticket.number]) if route[7:] in one_ticket else ""


@pytest.mark.parametrize("route", MATRIX)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what(
    cast: Cast,
    signed_in: Callable[[Person], Client],
    ticket: Ticket,
    route: str,
    who: str,
) -> None:
    person = cast.pyotr if who == "colleague" else getattr(cast, who, None)
    client = signed_in(person) if person else Client()
    method, body, statuses = MATRIX[route]
    if route == "portal:acknowledgements":
        Alert.objects.create(ticket=ticket, project=cast.project, type="information")
    expected = dict(zip(PEOPLE, statuses, strict=True))[who]
    address, before = address_of(cast, route, ticket), state_of(ticket)
    answer = getattr(client, method)(address, body)
    assert answer.status_code == expected
    if answer.streaming:
        answer.getvalue()  # read, because that closes the file
    if answer.status_code in {401, 403, 404}:
        assert state_of(ticket) == before
        assert ticket.subject not in answer.content.decode()
    if method == "post":
        wrong = client.get(address)
        assert wrong.status_code in {302, 404, 405}
        if answer.status_code != 302:
            assert not Message.objects.filter(**TEXT).exists()


def state_of(ticket: Ticket) -> tuple[object, ...]:
    """Everything a refused request must leave alone."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    kinds = (Message, Event, OutgoingMail, Rating)
    return (row, *(kind._default_manager.count() for kind in kinds))
