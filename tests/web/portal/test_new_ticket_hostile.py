"""Hostile text in every field of a new ticket stays letters: on all pages, in all mails (C18, C21)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.mail.outbound import send as outbound
from firstline.people.models import Person
from firstline.records.models import Contract
from firstline.tickets.models import Ticket, TicketType
from tests.cast import Cast
from tests.doors import Sink
from tests.web.pages import html
from tests.web.portal.filling import NEW, filled, repair, send

SignedIn = Callable[[Person], Client]
MARKUP = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"
HEADER = "x\r\nBcc: evil@elsewhere.example\r\n\r\n<script>alert(1)</script>"
TEMPLATE = "{{ settings.SECRET_KEY }}{% load i18n %}%(number)s${7*7}"
BAD = ("<img src=x", "<script>alert", "onerror=alert(1)>")
FIELDS = ("subject", "text", "callback_name", "callback_phone", "contract")


@pytest.fixture
def kind(cast: Cast) -> TicketType:
    return repair(cast)


def hostile(cast: Cast, kind: TicketType, payload: str) -> dict[str, Any]:
    """Every field that takes words, filled with a payload; the phone has its digits."""
    typed: dict[str, Any] = dict.fromkeys(FIELDS, payload[:60])
    typed["callback_phone"] = f"12345{payload}"[:40]
    typed["details.model"] = payload
    return typed | {"type": kind.pk}


@pytest.mark.parametrize("payload", [MARKUP, HEADER, TEMPLATE])
def test_it_is_inert_everywhere(
    cast: Cast, kind: TicketType, signed_in: SignedIn, sink: Sink, settle: Any, payload: str
) -> None:
    client, agent = signed_in(cast.svetlana), signed_in(cast.anna)
    Person.objects.filter(pk=cast.svetlana.pk).update(name=payload[:200])
    files = [
        SimpleUploadedFile(f"{payload[:40].replace(chr(13), '').replace(chr(10), '')}.txt", b"x")
    ]
    response = send(client, cast, files=files, **hostile(cast, kind, payload))
    assert response.status_code == 302
    number = Ticket.objects.get().number
    settle()
    outbound.sweep()
    pages = [client.get(path) for path in ("/portal/", NEW, f"/portal/tickets/{number}/")]
    pages += [agent.get(path) for path in ("/desk/", "/tickets/", f"/tickets/{number}/")]
    pages += [client.get("/portal/", {"q": payload}), client.get(response.headers["Location"])]
    for page in pages:
        assert page.status_code == 200
        assert not [bad for bad in BAD if bad in page.content.decode()], page.request["PATH_INFO"]
    if payload == TEMPLATE:
        assert payload[:60] in html(pages[2])
    assert sink.mails()
    for raw, (_sender, recipients) in zip(sink.raw, sink.envelopes, strict=True):
        assert recipients == ["svetlana@orbita.example"]
        head = raw.partition(b"\r\n\r\n")[0].lower()
        assert b"\nbcc:" not in head
    for mail in sink.mails():
        part = mail.get_body(("html",))
        words = part.get_content() if part else ""
        assert not [bad for bad in BAD if bad in words]


@pytest.mark.parametrize("payload", [MARKUP, TEMPLATE])
def test_a_refused_form_shows_it_as_letters(
    cast: Cast, kind: TicketType, signed_in: SignedIn, payload: str
) -> None:
    client = signed_in(cast.svetlana)
    typed = hostile(cast, kind, payload) | {"department": payload, "object": payload}
    for response in (
        send(client, cast, **typed),
        client.get(NEW, {"type": payload, "object": payload, "equipment": payload}),
        Client().post(NEW, filled(cast, **typed)),
    ):
        assert response.status_code in {200, 401, 422}
        assert not [bad for bad in BAD if bad in response.content.decode()]
    assert Ticket.objects.count() == 0


def test_names_of_the_desks_own_records_are_letters_too(
    cast: Cast, kind: TicketType, signed_in: SignedIn
) -> None:
    kind.fields.update(names={"en": MARKUP}, options=[{"key": MARKUP, "names": {"en": MARKUP}}])
    TicketType.objects.update(names={"en": MARKUP})
    type(cast.hosting).objects.update(names={"en": MARKUP})
    type(cast.site).objects.update(name=MARKUP, address=MARKUP)
    type(cast.machine).objects.update(model=MARKUP, serial=MARKUP)
    type(cast.project).objects.update(name=MARKUP)
    Contract.objects.update(number=MARKUP[:60], title=MARKUP)
    client = signed_in(cast.svetlana)
    response = send(
        client,
        cast,
        type=kind.pk,
        object=cast.site.pk,
        equipment=cast.machine.pk,
        project=cast.project.pk,
        contract=MARKUP[:60],
        **{"details.model": "x", "details.state": MARKUP},
    )
    assert response.status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.contract == cast.contract
    pages = [client.get(NEW, {"type": kind.pk}), client.get(f"/portal/tickets/{ticket.number}/")]
    pages.append(signed_in(cast.anna).get(f"/tickets/{ticket.number}/"))
    for page in pages:
        assert not [bad for bad in BAD if bad in page.content.decode()]


def test_odd_characters_are_no_failure(cast: Cast, kind: TicketType, signed_in: SignedIn) -> None:
    odd = "nul \x00 bell \x07 bidi \u202e pile \U0001f4a9 lone \ud800".encode("utf-8", "replace")
    typed = hostile(cast, kind, odd.decode())
    assert send(signed_in(cast.svetlana), cast, **typed).status_code == 302
    ticket = Ticket.objects.get()
    kept = [ticket.subject, ticket.callback_name, ticket.callback_phone, ticket.contract_text]
    for words in (*kept, ticket.details["model"]):
        assert not set(words) & {"\x00", "\x07", "\u202e"}
        assert "pile" in words or words == ticket.callback_phone
