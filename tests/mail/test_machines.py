"""Machines that write: never answered, never lost, never reopening anything (C14-C17)."""

from collections.abc import Callable

import pytest

from firstline.mail.models import OutgoingMail, RawMail
from firstline.tickets.models import Ticket
from tests.cast import Cast, close_by
from tests.doors import Sink, letter, post

CUSTOMER = "svetlana@orbita.example"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<news.orbita.example>"},
    ],
)
def test_a_machine_is_heard_and_not_answered(
    headers: dict[str, str], stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    desk = stage.hosting.address
    post(smtp, letter(CUSTOMER, desk, "Out of office", "I am away.", **headers), CUSTOMER, desk)
    settle()
    assert Ticket.objects.count() == 1
    assert sink.raw == []


def test_twenty_auto_replies_leave_a_closed_ticket_closed(
    stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    desk = stage.hosting.address
    post(smtp, letter(CUSTOMER, desk, "Help", "It is down."), CUSTOMER, desk)
    settle()
    ticket, address = Ticket.objects.get(), sink.to(CUSTOMER)[0]["Reply-To"]
    close_by(stage.anna, ticket)
    settle()
    told, before = len(sink.raw), ticket.messages.count()
    for number in range(20):
        away = letter(
            CUSTOMER, address, f"Away {number}", "I am away.", Auto_Submitted="auto-replied"
        )
        post(smtp, away, CUSTOMER, address)
    settle()
    ticket.refresh_from_db()
    assert ticket.phase == "closed"
    assert ticket.messages.count() == before + 20
    assert Ticket.objects.count() == 1
    assert len(sink.raw) == told


def test_a_loop_of_two_machines_ends(
    stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    """A robot without any sign of being one answers each mail of ours, as a new mail (C14)."""
    desk = stage.hosting.address
    post(smtp, letter(CUSTOMER, desk, "Help 0", "It is down."), CUSTOMER, desk)
    settle()
    for number in range(1, 12):
        post(smtp, letter(CUSTOMER, desk, f"Help {number}", "I got your mail."), CUSTOMER, desk)
        settle()
    assert RawMail.objects.count() == 12
    assert Ticket.objects.count() == 12
    assert len(sink.raw) <= 5


def test_our_own_address_is_never_answered(
    stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    desk = stage.hosting.address
    post(smtp, letter(desk, desk, "A web form", "Somebody wrote.", Reply_To=CUSTOMER), desk, desk)
    post(smtp, letter(desk, desk, "Myself", "No reply address."), desk, desk)
    settle()
    assert Ticket.objects.get().requester_id == stage.svetlana.pk
    assert RawMail.objects.filter(outcome="not-understood").count() == 1
    assert sink.to(desk) == []


def test_a_bounce_is_shown_at_the_mail_that_caused_it(
    stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    desk = stage.hosting.address
    post(smtp, letter(CUSTOMER, desk, "Help", "It is down."), CUSTOMER, desk)
    settle()
    ours = OutgoingMail.objects.get()
    report = bounce_of(ours.header_id, CUSTOMER, ours.reply_to)
    post(smtp, report, "", ours.reply_to)
    forged = bounce_of("<made-up@orbita.example>", CUSTOMER, desk)
    post(smtp, forged, "", desk)
    settle()
    ours.refresh_from_db()
    assert (ours.state, "5.1.1" in ours.problem or "550" in ours.problem) == ("parked", True)
    outcomes = list(RawMail.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["opened", "bounce", "not-understood"]
    assert Ticket.objects.get().messages.count() == 1
    assert len(sink.raw) == 1


def bounce_of(header_id: str, failed: str, recipient: str) -> bytes:
    """What a mail server writes when it can't deliver (RFC 3464)."""
    lines = f"""From: MAILER-DAEMON@mx.example
To: {recipient}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {failed}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b
Content-Type: message/rfc822

From: desk@desk.example
To: {failed}
Message-ID: {header_id}
Subject: Received

text
--b--
"""
    return lines.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "sender", ["no-reply@shop.example", "noreply@shop.example", "do_not_reply@a.example"]
)
def test_who_says_that_nobody_reads_gets_nothing(
    sender: str, stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    post(
        smtp,
        letter(sender, stage.hosting.address, "Invoice", "See above."),
        sender,
        stage.hosting.address,
    )
    settle()
    assert Ticket.objects.count() == 1
    assert sink.raw == []
