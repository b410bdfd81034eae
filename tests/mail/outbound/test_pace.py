"""Not too much at once: mail rests, keeps its order, and none is lost; what came back stays away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.mail.models import OutgoingMail, Suppression
from firstline.mail.outbound import send
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post
from tests.web.pages import html

Settle = Callable[[], None]
SignIn = Callable[[Person], Client]


def answers(stage: Cast, ticket: Ticket, number: int) -> None:
    for count in range(number):
        reply(actor(stage.anna), ticket, Draft(f"Answer {count}"), via="web")


def later() -> None:
    """Let a minute pass."""
    minute = timedelta(seconds=61)
    for mail in OutgoingMail.objects.all():
        OutgoingMail.objects.filter(pk=mail.pk).update(
            due_at=mail.due_at - minute, sent_at=mail.sent_at and mail.sent_at - minute
        )


@pytest.mark.parametrize("limit", ["MAIL_A_MINUTE", "MAIL_A_MINUTE_TO_DOMAIN"])
def test_what_is_too_much_rests_in_order(
    stage: Cast, sink: Sink, settle: Settle, settings: Any, limit: str
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    other = open_by(stage.zlata, stage.hosting)
    settle()
    later()
    setattr(settings, limit, 2)
    answers(stage, ticket, 4)
    reply(actor(stage.anna), other, Draft("To another domain"), via="web")
    settle()
    sent = OutgoingMail.objects.filter(kind="answered", state="done")
    to_domain = limit.endswith("DOMAIN")
    assert sent.filter(recipient=stage.svetlana.email).count() == 2
    assert sent.filter(recipient=stage.zlata.email).count() == int(to_domain)
    waiting = OutgoingMail.objects.filter(state="waiting")
    assert {(one.attempts, one.problem) for one in waiting} == {(0, "")}
    for _minute in range(3):
        later()
        send.sweep()
    got = [mail.get_body(("plain",)).get_content() for mail in sink.to(stage.svetlana.email)[1:]]  # type: ignore[union-attr]
    assert [text.splitlines()[0] for text in got] == [f"Answer {count}" for count in range(4)]
    assert len(sink.to(stage.zlata.email)) == 2


def test_what_rests_behind_another_mail_goes_when_that_has_gone(
    stage: Cast, sink: Sink, settle: Settle
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    settle()
    sink.answer = "451 4.3.0 greylisted"
    answers(stage, ticket, 3)
    settle()
    first, *others = OutgoingMail.objects.filter(kind="answered").order_by("pk")
    assert [(one.attempts, one.problem) for one in others] == [(0, ""), (0, "")]
    sink.answer = "250 OK"
    OutgoingMail.objects.filter(pk=first.pk).update(due_at=timezone.now())
    settle()
    assert not OutgoingMail.objects.filter(state="waiting").exists()


def bounce(
    mail: OutgoingMail, *, address: str = "", message_id: str = "", code: str = "5.1.1"
) -> bytes:
    """A delivery report about a mail of ours (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example
To: {mail.reply_to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address or mail.recipient}
Action: failed
Status: {code}
Diagnostic-Code: smtp; 550 {code} no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id or mail.header_id}
Subject: x

--b--
""".replace("\n", "\r\n").encode()


@pytest.fixture
def answered(stage: Cast, sink: Sink, settle: Settle) -> OutgoingMail:
    """A mail of ours to Svetlana that has left."""
    ticket = open_by(stage.svetlana, stage.hosting)
    answers(stage, ticket, 1)
    settle()
    return OutgoingMail.objects.select_related("ticket").get(kind="answered")


def test_a_bounce_of_ours_ends_mail_until_a_press(
    stage: Cast, smtp: int, sink: Sink, answered: OutgoingMail, settle: Settle, signed_in: SignIn
) -> None:
    post(smtp, bounce(answered), "", answered.reply_to)
    settle()
    row = Suppression.objects.get()
    assert row.address == stage.svetlana.email
    anna, ticket = signed_in(stage.anna), answered.ticket
    assert ticket is not None
    page = html(anna.get(f"/tickets/{ticket.number}/"))
    assert "Not delivered to svetlana@orbita.example, and nothing is sent there since" in page
    assert "Nothing is sent to svetlana@orbita.example since" in page.split("ticket__side")[1]
    assert "Nothing is sent to svetlana@orbita.example" in html(anna.get("/customers/"))
    before = len(sink.raw)
    answers(stage, ticket, 1)
    settle()
    assert len(sink.raw) == before
    last = OutgoingMail.objects.filter(kind="answered").latest("pk")
    assert (last.state, last.attempts) == ("parked", 1)
    for name, told in (("observer", 403), ("svetlana", 404)):
        client = signed_in(getattr(stage, name))
        assert client.post(f"/customers/releases/{row.pk}/").status_code == told
    assert Client().post(f"/customers/releases/{row.pk}/").status_code == 401
    assert Suppression.objects.exists()
    done = html(
        anna.post(f"/customers/releases/{row.pk}/", {"back": "//evil.example"}, follow=True)
    )
    assert "Mail goes to svetlana@orbita.example again." in done
    assert anna.post(f"/customers/releases/{row.pk}/").status_code == 404
    answers(stage, ticket, 1)
    settle()
    assert len(sink.raw) == before + 1


@pytest.mark.parametrize(
    "forged",
    [
        {"message_id": "<unknown@desk.example>"},
        {"address": "zlata@vega.example"},
        {"code": "5.2.2"},
        {"code": "5.7.1"},
        {"code": "4.2.2"},
    ],
)
def test_what_is_no_proof_ends_nothing(
    stage: Cast, smtp: int, answered: OutgoingMail, settle: Settle, forged: dict[str, str]
) -> None:
    """C12"""
    post(smtp, bounce(answered, **forged), "", answered.reply_to)
    settle()
    assert not Suppression.objects.exists()


def test_who_just_wrote_gets_an_answer(
    stage: Cast, smtp: int, sink: Sink, answered: OutgoingMail, settle: Settle
) -> None:
    Suppression.objects.create(
        address=stage.svetlana.email, reason="550 5.1.1", since=timezone.now()
    )
    mail = letter(stage.svetlana.email, answered.reply_to, "Re: x", "I am here.")
    post(smtp, mail, stage.svetlana.email, answered.reply_to)
    settle()
    assert answered.ticket is not None
    answers(stage, answered.ticket, 1)
    settle()
    assert OutgoingMail.objects.filter(kind="answered", state="done").count() == 2
