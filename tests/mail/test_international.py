"""Addresses beyond ASCII: one customer in every spelling, answered, or told at once why not."""

import email.policy
import smtplib
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from firstline.mail import suppressions
from firstline.mail.models import OutgoingMail, Suppression
from firstline.people import portals
from firstline.people.actions.people import create_staff, meet
from firstline.people.actions.tokens import create_token
from firstline.people.models import Company, Customer, Domain, Person, Portal
from firstline.people.roles import Level
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from firstline.tickets.recipients import Recipients
from tests.api.client import Api
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, mail_sink
from tests.web.pages import html
from tests.web.portal.entry.conftest import FORM

UNICODE, CODED = "info@пример.рф", "info@xn--e1afmkfd.xn--p1ai"
CYRILLIC = "почта@пример.рф"
HANDED = Path(__file__).parents[3] / "shared" / "faults" / "mail"
MAIL = """From: Отдел <{sender}>
To: {to}
Subject: Кириллический адрес
Message-ID: <fc264fa8623344169e2653cd63aaa004@x.example>
Date: Tue, 01 Dec 2026 12:30:00 +0300
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Письмо с кириллического адреса.
"""


@pytest.fixture
def utf8_sink(settings: Any) -> Iterator[Sink]:
    """A relay that offers SMTPUTF8."""
    with mail_sink(utf8=True) as sink:
        settings.OUTGOING_MAIL = sink.setting
        yield sink


def bring(port: int, raw: bytes, sender: str, to: str) -> None:
    """Hand in a mail by SMTPUTF8, as the server of such an address does."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        assert client.has_extn("smtputf8")
        options = ["SMTPUTF8", "BODY=8BITMIME"]
        refused = client.sendmail(sender, [to], raw.replace(b"\n", b"\r\n"), options)
        assert refused == {}


def mail_of(sender: str, stage: Cast) -> bytes:
    return MAIL.format(sender=sender, to=stage.hosting.address).encode()


@pytest.mark.parametrize("sender", [CYRILLIC, "пётр@h6-05.example", "почта@xn--e1afmkfd.xn--p1ai"])
def test_a_cyrillic_address_is_answered_by_smtputf8(
    stage: Cast, smtp: int, utf8_sink: Sink, settle: Callable[[], None], sender: str
) -> None:
    bring(smtp, mail_of(sender, stage), sender, stage.hosting.address)
    settle()
    ticket = Ticket.objects.get()
    assert ticket.requester is not None
    known = sender.replace("xn--e1afmkfd.xn--p1ai", "пример.рф")
    assert ticket.requester.email == known
    reply(actor(stage.anna), ticket, Draft(text="Ответ."), via="web")
    settle()
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {("done", 1)}
    assert [envelope[1] for envelope in utf8_sink.envelopes] == [[known], [known]]
    header = utf8_sink.raw[-1].partition(b"\r\n\r\n")[0].decode()
    assert f"<{known}>" in header
    policy = email.policy.SMTPUTF8
    assert message_from_bytes(utf8_sink.raw[-1], policy=policy)["To"].addresses[0].username


def test_a_relay_without_smtputf8_is_told_of_at_once(
    stage: Cast,
    smtp: int,
    sink: Sink,
    settle: Callable[[], None],
    signed_in: Callable[[Person], Client],
) -> None:
    bring(smtp, mail_of(CYRILLIC, stage), CYRILLIC, stage.hosting.address)
    settle()
    ticket = Ticket.objects.get()
    reply(actor(stage.anna), ticket, Draft(text="Ответ."), via="web")
    settle()
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {("parked", 1)}
    assert sink.raw == []
    for language, words in (
        ("en", "SMTPUTF8"),
        ("ru", "не умеет отправлять на адреса с такими буквами"),
        ("bg", "не може да изпраща до адреси с такива букви"),
    ):
        Person.objects.filter(pk=stage.anna.pk).update(language=language)
        page = html(signed_in(stage.anna).get(f"/tickets/{ticket.number}/"))
        assert 'data-state="failed"' in page
        assert words in page
        assert "Error" not in page
    api = Api(create_token(stage.anna, ["*"]))
    assert "ValueError" not in api.get(f"/api/v1/tickets/{ticket.number}/timeline").text


def test_an_idn_domain_goes_by_any_relay(
    stage: Cast, sink: Sink, settle: Callable[[], None]
) -> None:
    open_by(meet(UNICODE, "Отдел"), stage.hosting)
    settle()
    assert sink.envelopes[0][1] == [CODED]
    assert OutgoingMail.objects.get().state == "done"


def test_others_get_the_copy_of_an_answer_to_a_cyrillic_address(
    stage: Cast, sink: Sink, settle: Callable[[], None]
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    copies = Recipients(cc=(("Пётр", CYRILLIC),))
    reply(actor(stage.anna), ticket, Draft(text="Answer.", recipients=copies), via="web")
    settle()
    answer = sink.to(stage.svetlana.email)[-1]
    assert CYRILLIC not in str(answer["Cc"])
    mails = OutgoingMail.objects.filter(message__kind="out")
    states = dict(mails.values_list("recipient", "state"))
    assert states[stage.svetlana.email] == "done"
    assert states[CYRILLIC] == "parked"


def test_one_customer_by_every_door(
    stage: Cast,
    smtp: int,
    settle: Callable[[], None],
    signed_in: Callable[[Person], Client],
) -> None:
    Portal.objects.filter(partner=None).update(registration="open")
    portals.forget(portals.own())
    for spelling in (UNICODE, CODED, "INFO@Пример.РФ", "Info@XN--E1AFMKFD.xn--p1ai"):
        sender = spelling if spelling.isascii() else CODED
        raw = mail_of(spelling, stage).replace(b"fc264", spelling.encode().hex().encode())
        bring(smtp, raw, sender, stage.hosting.address)
        settle()
    api = Api(create_token(stage.anna, ["*"]))
    for spelling in (UNICODE, CODED):
        body = {"subject": "x", "text": "y", "department": "hosting", "requester": spelling}
        answer = api.post("/api/v1/tickets", body)
        assert answer.status_code == 201, answer.text
        assert Client().post("/register/", FORM | {"email": spelling}).status_code == 302
        settle()
    tickets = Ticket.objects.all()
    assert {one.requester.email for one in tickets if one.requester} == {UNICODE}
    assert Person.objects.filter(email__contains="info@").count() == 1
    assert len(tickets) == 6


def test_a_company_is_found_by_either_spelling(stage: Cast) -> None:
    first, second = Company.objects.create(name="A"), Company.objects.create(name="B")
    Domain.objects.create(name="xn--e1afmkfd.xn--p1ai", company=first)
    Domain.objects.create(name="другой.рф", company=second)
    assert meet("a@пример.рф").customer.company == first
    assert meet("a@xn--c1abqtis.xn--p1ai").customer.company == second


def test_who_was_stored_in_the_other_spelling_is_still_met(
    stage: Cast, settle: Callable[[], None], sink: Sink
) -> None:
    old = Person.objects.create(email=CODED, name="Отдел")
    Customer.objects.create(person=old)
    assert meet(UNICODE) == old
    assert meet(CODED) == old
    newer = Person.objects.create(email=UNICODE, name="Отдел")  # as former versions made both
    Customer.objects.create(person=newer)
    assert meet(UNICODE) == meet(CODED) == old
    open_by(newer, stage.hosting)
    settle()
    assert sink.envelopes[0][1] == [CODED]


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        (UNICODE, UNICODE),
        (UNICODE, CODED),
        (CODED, UNICODE),
        (CODED, CODED),
        (CYRILLIC, CYRILLIC),
        (CYRILLIC, "почта@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_signing_in_and_a_forgotten_password(
    stage: Cast, settle: Callable[[], None], utf8_sink: Sink, kept: str, typed: str
) -> None:
    person = Person.objects.create(email=kept, name="Отдел", language="ru")
    person.set_password("correct horse battery")
    person.save()
    Customer.objects.create(person=person)
    client = Client()
    answer = client.post("/sign-in/", {"login": typed, "password": "correct horse battery"})
    assert answer.status_code == 302, html(answer)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert Client().post("/password/", {"email": typed}).status_code == 302
    settle()
    mail = OutgoingMail.objects.get(kind="account")
    assert (mail.recipient, mail.state) == (kept, "done")


def test_staff_and_invitations(stage: Cast) -> None:
    made = create_staff(CODED, "Агент", Level.AGENT)
    assert made.person.email == UNICODE
    assert Person.objects.at(CODED) == made.person


def test_nothing_is_sent_to_an_address_in_either_spelling(stage: Cast) -> None:
    Suppression.objects.create(address=CODED, reason="5.1.1")
    assert suppressions.of(UNICODE) is not None
    assert {*suppressions.at([UNICODE])} == {UNICODE}
    suppressions.heard_from(UNICODE)
    assert suppressions.of(CODED) is None


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("r14-cyrillic-local-part.eml", CYRILLIC),
        ("h05-local-part-beyond-ascii.eml", "пётр@h6-05.example"),
    ],
)
def test_the_handed_mails(
    stage: Cast, smtp: int, utf8_sink: Sink, settle: Callable[[], None], name: str, sender: str
) -> None:
    path = HANDED / name
    if not path.exists():
        pytest.skip("../shared is not there")
    bring(smtp, path.read_bytes(), sender, stage.hosting.address)
    settle()
    assert [envelope[1] for envelope in utf8_sink.envelopes] == [[sender]]
