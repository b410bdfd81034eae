"""What is not a customer's to know stands nowhere (C19, C28-C32).

Words are planted in a hidden comment, its file, a held mail of a stranger, internal events and in
other people's tickets; then every page, file, preview, search, mail and API answer is read as each
kind of customer. Routes are taken from the address table, so a new page is read as well.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from firstline.api.v1.api import api as firstline_api
from firstline.mail.models import OutgoingMail
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.note import note
from firstline.tickets.actions.rate import rate
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment, Ticket
from tests.api.client import Api
from tests.cast import Cast, actor, open_by, resolve_by
from tests.files.papers import pdf, picture
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
INSIDE = ("xylophones", "zanzibar", "quagmire", "labyrinth", "gazebo")
EVENTS = ("unknown sender", "took the ticket over from")
OF_ZLATA = ("walrusmarker", "walrusfile", "walruswords")
OF_SVETLANA = ("pelicanmarker", "pelicanfile", "pelicanwords")
OF_PROJECT = ("marmotmarker", "marmotfile", "marmotwords")


@dataclass(frozen=True, slots=True)
class World:
    """The tickets, and per person what they must never read."""

    planted: Ticket
    tickets: list[Ticket]
    secrets: dict[str, tuple[str, ...]]


@pytest.fixture
def world(cast: Cast, settle: Callable[[], None]) -> World:
    planted = _open(cast.svetlana, cast, "marmot", project=cast.project, company=cast.orbita)
    claim(actor(cast.supervisor), planted, via="web")
    claim(actor(cast.anna), planted, via="web", take_over=True)
    reply(actor(cast.anna), planted, Draft("An answer for everybody"), via="web")
    secret = [Enclosure("zanzibar.png", picture()), Enclosure("zanzibar.pdf", pdf())]
    note(actor(cast.anna), planted, Draft("They owe us xylophones", files=secret), via="web")
    planted.refresh_from_db()
    foreign = Draft("A stranger says quagmire", quote="labyrinth", html="<b>labyrinth</b>")
    hold(planted, cast.zlata, foreign, via="mail")
    withdrawn = Draft("Also gazebo", files=[Enclosure("gazebo.png", picture())])
    hold(planted, None, withdrawn, via="mail")
    rate(actor(cast.svetlana), planted, True, Draft("Thanks"), via="portal")
    resolve_by(cast.anna, planted)
    lone = _open(cast.svetlana, cast, "pelican", company=cast.orbita)
    foreign_one = _open(cast.zlata, cast, "walrus")
    settle()
    return World(
        planted,
        [planted, lone, foreign_one],
        {
            "svetlana": INSIDE + EVENTS + OF_ZLATA,
            "vera": INSIDE + EVENTS + OF_ZLATA,
            "pyotr": INSIDE + EVENTS + OF_ZLATA + OF_SVETLANA,
            "zlata": INSIDE + EVENTS + OF_SVETLANA + OF_PROJECT,
        },
    )


READERS = ("svetlana", "vera", "pyotr", "zlata")


def _open(person: Person, cast: Cast, word: str, **fields: Any) -> Ticket:
    files = [Enclosure(f"{word}file.png", picture()), Enclosure(f"{word}file.pdf", pdf())]
    text = f"The {word}words are mine"
    return open_by(person, cast.hosting, f"About {word}marker", text, files=files, **fields)


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, path: str = "", space: str = ""
) -> Iterator[str]:
    """The addresses of the portal and of one's own settings, with their parameters."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address, pattern.namespace or space)
        elif space in {"portal", "settings"}:
            yield f"/{address}"


def filled(route: str, world: World) -> Iterator[str]:
    """The addresses that a route has for everything planted."""
    numbers = [ticket.number for ticket in world.tickets]
    files = list(Attachment.objects.values_list("pk", flat=True))
    for number in numbers if "number>" in route else [""]:
        for pk in files if ":pk>" in route else [""]:
            address = re.sub(r"<str:number>", number, route)
            address = re.sub(r"<int:pk>", str(pk), address)
            yield re.sub(r"<str:identifier>", "orbita-shop", address)


def read(response: Any) -> str:
    """All that an answer says: headers and, where it is text, its content."""
    content = unescape(response.getvalue().decode("utf-8", "replace"))
    return f"{response.headers.items()!r} {content}"


def told(text: str, words: tuple[str, ...], reader: Person) -> list[str]:
    """The planted words in a text; one's own name is no secret."""
    text = text.replace(reader.name, "")
    return [word for word in words if word in text]


def test_the_routes_are_those_that_we_know() -> None:
    known = set(routes())
    for route in ("", "preview/", "viewer/"):
        assert f"/portal/tickets/<str:number>/files/<int:pk>/{route}" in known
    assert "/portal/" in known
    assert len(known) > 10
    unknown = {one for path in known for one in re.findall(r"<[^>]+>", path)}
    assert {"<str:number>", "<int:pk>", "<str:identifier>"} <= unknown


@pytest.mark.parametrize("name", READERS)
def test_no_page_says_it(cast: Cast, world: World, signed_in: SignedIn, name: str) -> None:
    reader = getattr(cast, name)
    client, seen = signed_in(reader), 0
    for route in routes():
        if re.search(r"<(?!str:number>|int:pk>|str:identifier>)", route):
            continue
        for address in filled(route, world):
            response = client.get(address)
            assert response.status_code in {200, 302, 403, 404, 405}, address
            assert told(read(response), world.secrets[name], reader) == [], address
            seen += response.status_code == 200
    assert seen > 5


@pytest.mark.parametrize("name", READERS)
def test_no_file_or_picture_of_it_leaves(
    cast: Cast, world: World, signed_in: SignedIn, name: str
) -> None:
    reader = getattr(cast, name)
    client = signed_in(reader)
    for attachment in Attachment.objects.select_related("file", "message__ticket"):
        secret = any(word in attachment.file.name for word in world.secrets[name])
        for ticket in world.tickets:
            for what in ("", "preview/", "preview/?size=s", "viewer/"):
                address = f"/portal/tickets/{ticket.number}/files/{attachment.pk}/{what}"
                response = client.get(address)
                response.getvalue()
                mine = not secret and attachment.message.ticket_id == ticket.pk
                assert response.status_code == (200 if mine else 404), address


@pytest.mark.parametrize("name", READERS)
def test_no_search_finds_it(cast: Cast, world: World, signed_in: SignedIn, name: str) -> None:
    """The number of what is found says as much as its text: a search for a secret finds nothing."""
    reader = getattr(cast, name)
    client = signed_in(reader)
    numbers = [ticket.number for ticket in world.tickets]
    for scope in ("", "company"):
        asked = {"state": "all", "scope": scope}
        nothing = html(client.get("/portal/", {"q": "nosuchword", **asked}))
        for word in world.secrets[name]:
            page = html(client.get("/portal/", {"q": word, **asked}))
            assert [number for number in numbers if number in page] == [], word
            assert page.count("<tr") == nothing.count("<tr"), word
    # And what is one's own is found: a search that finds nothing would have passed.
    own = {"svetlana": "marmotwords", "vera": "pelicanwords", "zlata": "walruswords"}
    if name in own:
        found = html(client.get("/portal/", {"q": own[name], **asked}))
        assert any(number in found for number in numbers)


@pytest.mark.parametrize("name", READERS)
def test_the_api_does_not_say_it(cast: Cast, world: World, name: str) -> None:
    reader = getattr(cast, name)
    client, seen = Api(create_token(reader, ["*"])), 0
    files = list(Attachment.objects.values_list("pk", flat=True))
    for path, methods in firstline_api.get_openapi_schema()["paths"].items():
        if "get" not in methods or set(re.findall(r"{(\w+)}", path)) - {"number", "file_id"}:
            continue
        for ticket in world.tickets if "{number}" in path else [world.planted]:
            for pk in files if "{file_id}" in path else [0]:
                address = path.format(number=ticket.number, file_id=pk)
                response = client.get(address)
                assert response.status_code in {200, 403, 404}, address
                text = response.read_bytes if response.streaming else response.content
                said = f"{response.headers.items()!r} {text.decode('utf-8', 'replace')}"
                said = said.encode().decode("unicode_escape", "replace") if "\\u" in said else said
                assert told(said, world.secrets[name], reader) == [], address
                seen += response.status_code == 200
    assert seen > 5


def test_no_mail_says_it(cast: Cast, world: World) -> None:
    secrets = {getattr(cast, name).email: words for name, words in world.secrets.items()}
    mails = list(OutgoingMail.objects.all())
    assert {mail.recipient for mail in mails} >= {cast.svetlana.email, cast.zlata.email}
    for mail in mails:
        reader = Person.objects.get(email=mail.recipient)
        text = " ".join([mail.subject, mail.text, mail.html, mail.sender_name, mail.reply_to])
        assert told(text, secrets.get(mail.recipient, INSIDE + EVENTS), reader) == [], mail.subject


def test_the_planted_is_there_to_be_found(cast: Cast, world: World, signed_in: SignedIn) -> None:
    """Else the tests above would find nothing because there is nothing."""
    desk = html(signed_in(cast.anna).get(f"/tickets/{world.planted.number}/"))
    assert [word for word in INSIDE + EVENTS if word not in desk] == []
    for word in OF_SVETLANA:
        pages = [f"/portal/tickets/{ticket.number}/" for ticket in world.tickets[:2]]
        assert any(word in html(signed_in(cast.svetlana).get(page)) for page in pages)
