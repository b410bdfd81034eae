"""What is internal stands nowhere but before its readers, whatever the page (product 11.2, C19, C28-C32).

A word is planted in each kind of internal text; then every page, file, search, API answer and mail is
read as every kind of person. Addresses come from the tables of routes, so a new page is read as well.
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
from firstline.people.actions.people import create_staff, meet
from firstline.people.actions.tokens import create_token
from firstline.people.models import Partner, Person
from firstline.people.roles import Level as Access
from firstline.tickets import keys
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.between import between
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.drafts import keep
from firstline.tickets.actions.escalate import escalate
from firstline.tickets.actions.forward import Passed, forward
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.merge import merge
from firstline.tickets.actions.note import note
from firstline.tickets.actions.notes import write_notes
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment, Level, Message, Ticket
from firstline.web.portal.linked.urls import urlpatterns as linked
from tests.api.client import Api
from tests.cast import PASSWORD, Cast, actor, open_by
from tests.files.papers import picture
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
PUBLIC = ("publicquestion", "publicanswer")
BOTH_LINES = (
    "betweenword",
    "betweenfile",
    "handoverreason",
    "heldword",
)  # the last: a stranger's mail
PLATFORM = (
    *("platformhidden", "platformfile", "platformnotes", "platformreason", "platformdraft"),
    "platformforward",  # passed on to a vendor
)
PARTNER = ("partnerhidden", "partnerfile", "partnernotes", "partnerreason")
DRAFT = ("platformdraft",)  # of Anna alone
ALL = PUBLIC + BOTH_LINES + PLATFORM + PARTNER
OURS = tuple(word for word in PUBLIC + BOTH_LINES + PLATFORM if word not in DRAFT)
VENDOR = "vendor"  # whom a forwarded mail goes to
# Who may read what; everything else must appear nowhere.
MAY: dict[str, tuple[str, ...]] = {
    "kirill": PUBLIC,
    "colleague": PUBLIC,
    "svetlana": (),
    "zlata": (),
    "partner_agent": PUBLIC + BOTH_LINES + PARTNER,
    "other_partner": (),
    "anna": OURS + DRAFT,
    "supervisor": OURS,
    "administrator": OURS,
    "observer": OURS,
    "boris": (),
    "stranger": (),
    VENDOR: (*PUBLIC, "platformforward"),
}
PEOPLE = [name for name in MAY if name != VENDOR]
# What a search finds; files, notes, reasons and drafts are not searched.
SEARCHED = {"publicquestion", "publicanswer", "betweenword", "platformhidden", "partnerhidden"}
SEARCHED |= {"platformforward", "heldword"}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class World:
    """The ticket of a partner's customer, and everybody by name."""

    ticket: Ticket
    people: dict[str, Person]


@pytest.fixture
def world(cast: Cast, settle: Callable[[], None]) -> World:
    other = Partner.objects.create(name="Чужой партнёр", own_first_line=True)
    staff = create_staff("p@other.example", "Пётр Чужой", Access.PARTNER_AGENT, password=PASSWORD)
    staff.partner = other
    staff.save()
    colleague = cast.pyotr
    colleague.customer.company, colleague.customer.sees_company = cast.kirill.company, True
    colleague.customer.save()
    people = {name: getattr(cast, name) for name in MAY if hasattr(cast, name)}
    people |= {"colleague": colleague, "other_partner": Person.objects.get(pk=staff.pk)}
    ticket = open_by(cast.kirill, cast.hosting, "Scales", "A publicquestion")
    partner, anna = actor(cast.partner_agent), actor(cast.anna)
    plant(partner, ticket, "partner")
    reply(partner, ticket, Draft("A publicanswer"), via="web")
    shared = Draft("A betweenword", files=[Enclosure("betweenfile.png", picture())])
    between(partner, ticket, shared, via="web")
    hand_over(partner, ticket, "The handoverreason", via="web")
    plant(anna, ticket, "platform")
    claim(anna, ticket, via="web")
    draft_of(anna, ticket)
    passed_on = Draft("A platformforward")
    forward(anna, ticket, [("", f"{VENDOR}@parts.example")], passed_on, Passed(), via="web")
    hold(ticket, meet("stranger@elsewhere.example"), Draft("A heldword"), via="mail")
    reply(anna, ticket, Draft("All is well"), via="web")
    reply(actor(cast.kirill), ticket, Draft("Thanks"), via="portal")
    resolve(anna, ticket, Draft("It works again."), via="web")
    settle()
    return World(Ticket.objects.get(pk=ticket.pk), people)


def plant(by: Any, ticket: Ticket, line: str) -> None:
    hidden = Draft(f"A {line}hidden", files=[Enclosure(f"{line}file.png", picture())])
    note(by, ticket, hidden, via="web")
    write_notes(by, ticket, f"The {line}notes", based_on=0, via="web")
    level = Level.objects.get(key="second" if line == "partner" else "vendor")
    escalate(by, ticket, level=level, reason=f"A {line}reason", via="web")


def draft_of(by: Any, ticket: Ticket) -> None:
    keep(by, ticket, "hidden", "A platformdraft")


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, path: str = "", space: str = ""
) -> Iterator[str]:
    """All addresses of people's pages, with their parameters."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address, pattern.namespace or space)
        elif space in {"agent", "portal", "settings"}:
            yield f"/{address}"


def filled(route: str, world: World) -> Iterator[str]:
    """The addresses that a route has for what was planted."""
    ids = [1, world.ticket.partner_id or 0]
    if "files/" in route:
        ids = list(Attachment.objects.values_list("pk", flat=True))
    elif "messages/" in route:
        ids = list(Message.objects.values_list("pk", flat=True))
    values = {"number": [world.ticket.number], "key": ["level"], "level": ["vendor"]}
    values |= {"pk": [str(pk) for pk in ids]}
    addresses = [route]
    for name in PARAMETER.findall(route):
        known = values.get(name, ["1"])
        addresses = [
            PARAMETER.sub(lambda _found, value=value: value, address, count=1)  # type: ignore[misc]
            for address in addresses
            for value in known
        ]
    yield from addresses


def read(response: Any) -> str:
    """All that an answer says, its head included."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = unescape(content.decode("utf-8", "replace"))
    if "\\u" in text:
        text = text.encode().decode("unicode_escape", "replace")
    return f"{response.headers.items()!r} {text}"


def leaks(text: str, name: str) -> list[str]:
    return [word for word in ALL if word in text and word not in MAY[name]]


def client_of(world: World, name: str, signed_in: SignedIn) -> Client:
    return Client() if name == "stranger" else signed_in(world.people[name])


@pytest.mark.parametrize("name", PEOPLE)
def test_no_page_says_it(world: World, signed_in: SignedIn, name: str) -> None:
    client, seen, found = client_of(world, name, signed_in), 0, set()
    for route in routes():
        if route.startswith("/live"):
            continue
        for address in filled(route, world):
            for headers in ({}, {"HX-Request": "true"}):
                response = client.get(address, headers=headers)
                assert response.status_code < 500, address
                text = read(response)
                assert leaks(text, name) == [], address
                seen += response.status_code == 200
                found |= {word for word in ALL if word in text}
    # Each finds what is theirs: else nothing would be found because nothing was planted.
    assert found == set(MAY[name])
    assert seen > (5 if name != "stranger" else -1)


def test_the_link_of_a_mail_says_what_its_recipient_may_read(world: World) -> None:
    """Who comes by it is nobody that is signed in; every page behind it, with every file there is."""
    key, found = keys.key_for(world.ticket, world.people["kirill"]), set()
    files = list(Attachment.objects.values_list("pk", flat=True))
    for pattern in linked:
        route = "/ticket-links/" + str(pattern.pattern).replace("<str:key>", key)
        for pk in files if "<int:pk>" in route else [0]:
            response = Client().get(route.replace("<int:pk>", str(pk)))
            text = read(response)
            assert leaks(text, "kirill") == [], route
            found |= {word for word in ALL if word in text}
    assert found == set(PUBLIC)


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "stranger"])
def test_no_search_finds_it(world: World, signed_in: SignedIn, name: str) -> None:
    person = world.people[name]
    address = "/tickets/" if person.level else "/portal/"
    client = signed_in(person)
    for word in ALL:
        page = html(client.get(address, {"q": word, "state": "all", "scope": "company"}))
        is_found = f"tickets/{world.ticket.number}/" in page
        assert is_found is (word in MAY[name] and word in SEARCHED), word


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "stranger"])
def test_the_api_does_not_say_it(world: World, name: str) -> None:
    client, found = Api(create_token(world.people[name], ["*"])), set()
    files = list(Attachment.objects.values_list("pk", flat=True))
    for path, methods in firstline_api.get_openapi_schema()["paths"].items():
        if "get" not in methods or set(re.findall(r"{(\w+)}", path)) - {"number", "file_id"}:
            continue
        for pk in files if "{file_id}" in path else [0]:
            address = path.format(number=world.ticket.number, file_id=pk)
            response = client.get(address)
            assert response.status_code in {200, 403, 404}, address
            text = read(response)
            assert leaks(text, name) == [], address
            found |= {word for word in ALL if word in text}
    unsaid = {*DRAFT}  # a draft is of the page where it is typed
    assert found == set(MAY[name]) - unsaid


def test_a_partner_learns_nobodys_address_and_no_team(world: World, cast: Cast) -> None:
    client = Api(create_token(cast.partner_agent, ["*"]))
    for path in ("", "/timeline"):
        text = read(client.get(f"/api/v1/tickets/{world.ticket.number}{path}"))
        assert cast.anna.email not in text
        assert cast.partner_agent.email in text or path == ""
    ticket = client.get(f"/api/v1/tickets/{world.ticket.number}").json()
    assert ticket["responsible"] == {"name": cast.anna.name, "email": None}
    assert (ticket["agents"], ticket["team"], ticket["custody"]) == ([], None, "platform")
    ours = Api(create_token(cast.anna, ["*"])).get(f"/api/v1/tickets/{world.ticket.number}").json()
    assert ours["responsible"]["email"] == cast.anna.email


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "stranger"])
def test_only_files_of_ones_own_leave(world: World, signed_in: SignedIn, name: str) -> None:
    client = signed_in(world.people[name])
    side = "" if world.people[name].level else "/portal"
    for attachment in Attachment.objects.select_related("file"):
        word = attachment.file.name.partition(".")[0]
        for what in ("", "preview/", "viewer/"):
            address = f"{side}/tickets/{world.ticket.number}/files/{attachment.pk}/{what}"
            response = client.get(address)
            read(response)
            assert response.status_code == (200 if word in MAY[name] else 404), address


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "stranger"])
def test_a_merged_ticket_says_no_more(world: World, signed_in: SignedIn, name: str) -> None:
    """Where its conversation goes on, its internal texts keep their readers."""
    cast_anna, kirill = actor(world.people["anna"]), world.people["kirill"]
    other = open_by(kirill, world.ticket.department, "The other one", "Hello")
    hand_over(actor(world.people["partner_agent"]), other, "The handoverreason", via="web")
    source = Ticket.objects.get(pk=world.ticket.pk)
    merge(cast_anna, source, other, via="web")
    person, found = world.people[name], ""
    client, api = signed_in(person), Api(create_token(person, ["*"]))
    side = "" if person.level else "/portal"
    for number in (source.number, other.number):
        text = read(client.get(f"{side}/tickets/{number}/"))
        text += read(api.get(f"/api/v1/tickets/{number}/timeline"))
        assert leaks(text, name) == [], number
        found = text  # of the second: what the first one said stands there as well
    assert ("publicanswer" in found) is ("publicanswer" in MAY[name])
    assert ("platformhidden" in found) is ("platformhidden" in MAY[name])
    assert ("partnerhidden" in found) is ("partnerhidden" in MAY[name])


def test_no_mail_says_it(world: World, cast: Cast, settle: Callable[[], None]) -> None:
    other = open_by(cast.kirill, cast.hosting, "The other one", "Hello")
    hand_over(actor(cast.partner_agent), other, "The handoverreason", via="web")
    merge(actor(cast.anna), Ticket.objects.get(pk=world.ticket.pk), other, via="web")
    reply(actor(cast.anna), other, Draft("And this is all"), via="web")
    alert(actor(cast.anna), cast.project, "information", "Works", Draft("At night"), via="web")
    settle()
    by_address = {person.email: name for name, person in world.people.items()}
    by_address[f"{VENDOR}@parts.example"] = VENDOR
    mails = list(OutgoingMail.objects.all())
    assert world.people["kirill"].email in {mail.recipient for mail in mails}
    said = ""
    for mail in mails:
        text = " ".join([mail.subject, mail.text, mail.html, mail.sender_name, mail.reply_to])
        assert leaks(text, by_address[mail.recipient]) == [], mail.subject
        said += text
    assert "publicanswer" in said
    (to_vendor,) = (mail.text for mail in mails if mail.recipient.startswith(VENDOR))
    assert all(word in to_vendor for word in MAY[VENDOR])
