"""The window that deletes a ticket: who may, what it says, what is there afterwards (C72)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.search.query import find
from firstline.tickets.actions.merge import merge
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment, Message, Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}
SENT = {"understood": "1", "why": "A test of ours"}
REFUSED = {"anna": 403, "supervisor": 403, "observer": 403, "boris": 404, "partner_agent": 404}
REFUSED |= {"svetlana": 404, "zlata": 404, "stranger": 401}


def tables() -> tuple[Any, ...]:
    """What a refusal must leave alone."""
    rows = list(Ticket.objects.order_by("pk").values())
    return (rows, Message.objects.count(), Event.objects.count(), OutgoingMail.objects.count())


@pytest.mark.parametrize("who", REFUSED)
def test_who_may_not(cast: Cast, signed_in: SignedIn, who: str) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    address, before = f"/tickets/{ticket.number}/deletions/", tables()
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    assert client.post(address, SENT).status_code == REFUSED[who]
    assert client.get(address).status_code == {401: 302}.get(REFUSED[who], REFUSED[who])
    assert address not in html(client.get(f"/tickets/{ticket.number}/"))
    assert tables() == before


def test_a_partner_never_may(cast: Cast, signed_in: SignedIn) -> None:
    ticket = open_by(cast.kirill, cast.hosting)
    client = signed_in(cast.partner_agent)
    assert client.post(f"/tickets/{ticket.number}/deletions/", SENT).status_code == 403
    assert Ticket.objects.count() == 1


def test_what_is_lost_is_said_and_has_to_be_understood(cast: Cast, signed_in: SignedIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, files=[Enclosure("log.txt", b"502")])
    reply(actor(cast.anna), ticket, Draft("One moment"), via="web")
    boss, address = signed_in(cast.administrator), f"/tickets/{ticket.number}/deletions/"
    assert f'href="{address}"' in html(boss.get(f"/tickets/{ticket.number}/"))
    window = html(boss.get(address))
    for said in ("2 messages go with it,", "and 1 file.", "can't be brought back", "The site does"):
        assert said in window
    before = tables()
    answer = boss.post(address, {"why": "A <b>reason</b>"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Tick this to delete it." in html(answer)
    assert "A &lt;b&gt;reason&lt;/b&gt;" in answer.text
    assert tables() == before


def test_the_next_ticket_comes_up(cast: Cast, signed_in: SignedIn) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    boss = signed_in(cast.administrator)
    address = f"/tickets/{one.number}/deletions/"
    answer = boss.post(address, SENT, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#ticket")
    assert answer.headers["HX-Push-Url"] == f"/tickets/{two.number}/"
    page = html(answer)
    assert f"{one.number}: Deleted for good." in page
    assert f'data-number="{two.number}"' in page
    assert f'id="row-{one.number}" hx-swap-oob="delete"' in page
    last = boss.post(f"/tickets/{two.number}/deletions/", SENT, headers=HTMX)
    assert f"{two.number}: Deleted for good." in html(last)
    assert last.headers["HX-Push-Url"] == "/desk/"


def test_without_a_script(cast: Cast, signed_in: SignedIn) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    boss = signed_in(cast.administrator)
    answer = boss.post(f"/tickets/{one.number}/deletions/", SENT, follow=True)
    assert answer.redirect_chain == [(f"/tickets/{two.number}/", 302)]
    assert f"{one.number}: Deleted for good." in html(answer)
    answer = boss.post(f"/tickets/{two.number}/deletions/", SENT, follow=True)
    assert answer.redirect_chain == [("/desk/", 302)]
    assert f"{two.number}: Deleted for good." in html(answer)
    event = Event.objects.get(kind="ticket.deleted", data__number=one.number)
    assert (event.actor, event.data["why"], event.via) == (cast.administrator, SENT["why"], "web")


def test_pressed_twice_it_is_done_once(cast: Cast, signed_in: SignedIn) -> None:
    one = open_by(cast.svetlana, cast.hosting)
    boss, address = signed_in(cast.administrator), f"/tickets/{one.number}/deletions/"
    body = SENT | {"submission": "a-key-of-the-form"}
    assert boss.post(address, body).status_code == 302
    assert boss.post(address, body, headers=HTMX).status_code == 200
    assert boss.post(address, SENT).status_code == 404
    assert Event.objects.filter(kind="ticket.deleted").count() == 1


def test_a_merged_one_says_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    merge(actor(cast.anna), one, two, via="web")
    answer = signed_in(cast.administrator).post(f"/tickets/{two.number}/deletions/", SENT)
    assert answer.status_code == 409
    assert f"It is merged with {one.number}. Separate them first." in html(answer)
    assert Ticket.objects.count() == 2


def test_nobody_reaches_it_afterwards(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    word, files = "zanzibarmarker", [Enclosure("log.txt", b"502")]
    ticket = open_by(cast.svetlana, cast.hosting, word, word, files=files)
    other = open_by(cast.svetlana, cast.hosting, "Another")
    settle()
    file, message = Attachment.objects.get(), ticket.messages.get()
    places = [f"/portal/tickets/{ticket.number}/", f"/tickets/{ticket.number}/"]
    places += [f"/portal/tickets/{ticket.number}/files/{file.pk}/"]
    places += [f"/tickets/{ticket.number}/files/{file.pk}/", f"/tickets/{ticket.number}/news/"]
    places += [f"/tickets/{ticket.number}/messages/{message.pk}/text/"]
    people = (cast.svetlana, cast.vera, cast.anna, cast.administrator)
    for place in places[:3:2]:
        answer: Any = signed_in(cast.svetlana).get(place)
        assert (answer.status_code, bool(answer.getvalue())) == (200, True)
    assert find(actor(cast.svetlana), word).tickets
    boss = signed_in(cast.administrator)
    assert boss.post(f"/tickets/{ticket.number}/deletions/", SENT).status_code == 302
    settle()
    for person in people:
        client = signed_in(person)
        codes = {place: client.get(place).status_code for place in places}
        assert set(codes.values()) == {404}, codes
        assert find(actor(person), word).tickets == []
        assert find(actor(person), ticket.number).tickets == []
    mine = html(signed_in(cast.svetlana).get("/portal/"))
    assert other.number in mine
    assert ticket.number not in mine
