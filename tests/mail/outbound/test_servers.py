"""A department's own server and the signature of its domain: set, tried, used."""

from collections.abc import Callable, Iterator
from typing import Any

import dkim
import pytest
from django.test import Client

from firstline.base import secrets
from firstline.events.models import Event
from firstline.mail.actions.servers import look_up, make_key
from firstline.mail.models import DkimKey, MailServer, OutgoingMail
from firstline.mail.outbound import signing
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, mail_sink
from tests.web.pages import html

Settle = Callable[[], None]
SECRET = "a password nobody may read"


@pytest.fixture
def own(settings: Any) -> Iterator[Sink]:
    """A server of the department's own, which the configuration lets us ask."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    with mail_sink() as sink:
        yield sink


def form(sink: Sink, **other: str) -> dict[str, str]:
    plain = {"host": "127.0.0.1", "port": str(sink.port), "security": "none", "user": ""}
    return plain | {"secret": "", "to": "admin@desk.example"} | other


def place_of(stage: Cast) -> str:
    return f"/settings/departments/{stage.hosting.pk}/server/"


def test_a_server_is_tried_and_used(
    stage: Cast, sink: Sink, own: Sink, settle: Settle, signed_in: Callable[[Person], Client]
) -> None:
    admin, place = signed_in(stage.administrator), place_of(stage)
    page = html(admin.post(f"{place}trials/", form(own)))
    assert "The server took the letter." in page
    assert "250 OK" in page
    assert not MailServer.objects.exists()
    [trial] = own.to("admin@desk.example")
    assert stage.hosting.address in trial["From"]
    assert "Saved." in html(admin.post(place, form(own), follow=True))
    ticket = open_by(stage.svetlana, stage.hosting)
    reply(actor(stage.anna), ticket, Draft("By our own."), via="web")
    other = open_by(stage.zlata, stage.equipment)
    settle()
    assert len(own.to(stage.svetlana.email)) == 2
    assert sink.to(stage.svetlana.email) == []
    assert len(sink.to(other.requester.email)) == 1  # type: ignore[union-attr]
    admin.post(f"{place}removals/")
    reply(actor(stage.anna), ticket, Draft("By the other."), via="web")
    settle()
    assert len(sink.to(stage.svetlana.email)) == 1


def test_a_trial_tells_what_the_server_said(
    stage: Cast, own: Sink, signed_in: Callable[[Person], Client]
) -> None:
    own.answer = "554 5.7.1 We know you not"
    answer = signed_in(stage.administrator).post(f"{place_of(stage)}trials/", form(own))
    assert answer.status_code == 422
    assert "554 5.7.1 We know you not" in html(answer)


def test_inner_hosts_are_not_asked(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    """C48: nothing arrives, and the page tells neither whether a port is open nor what is there."""
    admin, answers = signed_in(cast.administrator), set()
    with mail_sink() as sink:
        for host in ("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254"):
            for port in (str(sink.port), "1"):
                told = admin.post(f"{place_of(cast)}trials/", form(sink, host=host, port=port))
                assert told.status_code == 422
                answers.add(html(told).split('id="host-error"')[1].split("</p>")[0])
    [answer] = answers
    assert "FIRSTLINE_MAIL_HOSTS_ALLOWED" in answer
    assert "did not take" not in answer  # no server was asked
    assert sink.raw == []


def test_the_password_is_never_shown_and_goes_to_no_other_server(
    cast: Cast, own: Sink, signed_in: Callable[[Person], Client]
) -> None:
    admin, place = signed_in(cast.administrator), place_of(cast)
    admin.post(place, form(own, user="desk", secret=SECRET))
    row = MailServer.objects.get()
    assert SECRET not in row.secret
    assert secrets.open_(row.secret) == SECRET
    assert SECRET not in html(admin.get(place))
    assert not any(SECRET in str(event.data) for event in Event.objects.all())
    admin.post(place, form(own, user="desk2"))
    assert secrets.open_(MailServer.objects.get().secret) == SECRET
    for noun in ("", "trials/"):
        answer = admin.post(f"{place}{noun}", form(own, user="desk", host="evil.example"))
        assert answer.status_code == 422
        assert "Enter the password again" in html(answer)
    assert MailServer.objects.get().host == "127.0.0.1"


@pytest.mark.parametrize(
    ("field", "value"),
    [("host", ""), ("host", "a b"), ("port", "0"), ("port", "x"), ("port", "²"), ("security", "x")],
)
def test_what_makes_no_server_is_refused(
    cast: Cast, own: Sink, signed_in: Callable[[Person], Client], field: str, value: str
) -> None:
    answer = signed_in(cast.administrator).post(place_of(cast), form(own, **{field: value}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert not MailServer.objects.exists()


def test_a_domain_signs_once_its_record_is_found(
    stage: Cast, sink: Sink, settle: Settle, signed_in: Callable[[Person], Client]
) -> None:
    admin = signed_in(stage.administrator)
    admin.post(f"{place_of(stage)}keys/")
    key = DkimKey.objects.get()
    assert "PRIVATE" not in key.secret
    page = html(admin.get(place_of(stage)))
    record = signing.record(key)
    assert record in page
    assert signing.record_name(key) in page
    assert "Nothing is signed yet" in page
    ticket = open_by(stage.svetlana, stage.hosting)
    settle()
    assert sink.mails()[-1]["DKIM-Signature"] is None
    boss = actor(stage.administrator)
    assert not look_up(boss, stage.hosting, via="web", lookup=lambda name: ["v=spf1 -all"])
    assert DkimKey.objects.get().found_at is None
    pieces = record.replace("p=", "p = ")  # some servers publish it with blanks
    assert look_up(boss, stage.hosting, via="web", lookup=lambda name: ["other", pieces])
    reply(actor(stage.anna), ticket, Draft("Подписано."), via="web")
    settle()

    def dns(name: bytes, timeout: float = 5) -> bytes:
        assert name.decode() == signing.record_name(key) + "."
        return record.encode()

    assert dkim.verify(sink.raw[-1], dnsfunc=dns)
    assert not dkim.verify(sink.raw[-1].replace(b"Subject:", b"Subject: x"), dnsfunc=dns)
    assert not look_up(boss, stage.hosting, via="web", lookup=lambda name: [])
    reply(actor(stage.anna), ticket, Draft("Не подписано."), via="web")
    settle()
    assert b"DKIM-Signature" not in sink.raw[-1]
    assert OutgoingMail.objects.filter(state="done").count() == 3


def test_a_key_is_made_once(cast: Cast) -> None:
    boss = actor(cast.administrator)
    first = make_key(boss, cast.hosting, via="web")
    assert make_key(boss, cast.hosting, via="web").pk == first.pk


def test_administrators_alone(cast: Cast, own: Sink, signed_in: Callable[[Person], Client]) -> None:
    place = place_of(cast)
    nouns = ("", "trials/", "removals/", "keys/", "keys/lookups/")
    for name, told in (("anna", 403), ("observer", 403), ("partner_agent", 403), ("svetlana", 404)):
        client = signed_in(getattr(cast, name))
        assert client.get(place).status_code == told, name
        for noun in nouns:
            answer = client.post(f"{place}{noun}", form(own))
            assert answer.status_code == told, (name, noun)
    for noun in nouns:
        assert Client().post(f"{place}{noun}", form(own)).status_code == 401
    assert not MailServer.objects.exists()
    assert not DkimKey.objects.exists()
    assert own.raw == []
