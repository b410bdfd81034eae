"""The timeline: messages and events in one order, to each reader what is theirs."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.mail.models import OutgoingMail
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Ticket
from tests.api.client import Api
from tests.cast import Cast, actor, resolve_by

KEYS = {
    "id",
    "at",
    "kind",
    "channel",
    "direction",
    "visibility",
    "author",
    "text",
    "html",
    "files",
    "delivery",
}


def test_order_and_shape(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    claim(actor(cast.anna), ticket, via="web")
    note(actor(cast.anna), ticket, Draft("Looks like the balancer."), via="web")
    reply(actor(cast.anna), ticket, Draft("On it.", files=[Enclosure("a.txt", b"a")]), via="web")
    resolve_by(cast.anna, ticket)
    body = api(cast.anna).get(f"tickets/{ticket.number}/timeline").json()
    items = body["items"]
    assert body["next"] is None
    assert all(set(item) >= KEYS for item in items)
    assert len({item["id"] for item in items}) == len(items)
    assert [item["at"] for item in items] == sorted(item["at"] for item in items)
    said = [item for item in items if item["kind"] == "message"]
    assert [(item["direction"], item["visibility"], item["text"]) for item in said] == [
        ("in", "public", "It says 502 since this morning."),
        ("internal", "internal", "Looks like the balancer."),
        ("out", "public", "On it."),
        ("out", "public", "It works again."),
    ]
    assert [file["name"] for file in said[2]["files"]] == ["a.txt"]
    moves = [item for item in items if item["kind"] == "event" and "Resolved" in item["text"]]
    assert [item["author"]["name"] for item in moves] == ["Анна Соколова"]
    assert {item["direction"] for item in items if item["kind"] == "event"} == {"internal"}


def test_customers_read_their_part(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    claim(actor(cast.anna), ticket, via="web")
    note(actor(cast.anna), ticket, Draft("Behind the scenes."), via="web")
    hold(ticket, cast.zlata, Draft("Foreign words."), via="mail")
    reply(actor(cast.anna), ticket, Draft("On it."), via="web")
    settle()
    response = api(cast.svetlana).get(f"tickets/{ticket.number}/timeline")
    items = response.json()["items"]
    assert [item["text"] for item in items if item["kind"] == "message"] == [
        "It says 502 since this morning.",
        "On it.",
    ]
    assert {item["visibility"] for item in items} == {"public"}
    assert {item["delivery"] for item in items} == {None}
    for secret in ("Behind", "Foreign", "zlata", "anna@desk.example"):
        assert secret not in response.content.decode()
    staff = api(cast.anna).get(f"tickets/{ticket.number}/timeline").json()["items"]
    assert len(staff) > len(items)
    assert any(item["delivery"] for item in staff)


def test_delivery(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    client, path = api(cast.anna), f"tickets/{ticket.number}/timeline"
    said = api(cast.anna).post(f"tickets/{ticket.number}/replies", {"text": "On it."}).json()

    def delivery() -> object:
        items = client.get(path).json()["items"]
        return next(item["delivery"] for item in items if item["id"] == said["id"])

    assert delivery() is None
    settle()
    mail = OutgoingMail.objects.get(kind="answered")
    sent = {"state": "kept", "recipient": "svetlana@orbita.example", "problem": ""}
    then = {"sent_at": delivery()["sent_at"], "may_be_double": False}  # type: ignore[index]
    assert delivery() == sent | then
    OutgoingMail.objects.filter(pk=mail.pk).update(state="parked", problem="550 no such user")
    assert delivery()["state"] == "failed"  # type: ignore[index]
    assert delivery()["problem"] == "550 no such user"  # type: ignore[index]


def test_quotes_and_html(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    draft = Draft(
        "Thanks.", quote="> On it.", html="<p onclick='x()'>Thanks.<script>x()</script></p>"
    )
    reply(actor(cast.svetlana), ticket, draft, via="mail")
    item = api(cast.anna).get(f"tickets/{ticket.number}/timeline").json()["items"][-1]
    assert (item["channel"], item["text"], item["quote"]) == ("mail", "Thanks.", "> On it.")
    assert "Thanks." in item["html"]
    assert "script" not in item["html"]
    assert "onclick" not in item["html"]


def test_queries_do_not_grow(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    client, counts = api(cast.anna), []
    for upto in (3, 30):
        while ticket.messages.count() < upto:
            reply(actor(cast.anna), ticket, Draft("a", files=[Enclosure("a.txt", b"a")]), via="web")
            reply(actor(cast.svetlana), ticket, Draft("b"), via="portal")
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"tickets/{ticket.number}/timeline").json()["items"]) >= upto
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
