"""A mail joins the conversation whose mails it answers, whoever wrote those, and keeps its own subject."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.mail.mime import subjects
from firstline.mail.models import RawMail
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.doors import Sink, letter, post
from tests.search.conftest import found

Settle = Callable[[], None]
OLEG, COLLEAGUE = "o.vetrov@orgtwo.example", "kollega@orgtwo.example"
FIRST = "<cust-2@orgtwo.example>"


@pytest.fixture
def write(stage: Cast, smtp: int, sink: Sink, settle: Settle) -> Callable[..., Message]:
    """Send a mail by SMTP; the message that it became."""

    def run(sender: str, text: str, subject: str = "Access", **headers: str) -> Message:
        mail = letter(sender, stage.hosting.address, subject, text, **headers)
        post(smtp, mail, sender, stage.hosting.address)
        settle()
        return Message.objects.order_by("pk").last()  # type: ignore[return-value]

    return run


@pytest.fixture
def ticket(write: Callable[..., Message]) -> Ticket:
    return write(OLEG, "Give access.", Message_ID=FIRST, Cc=COLLEAGUE).ticket


@pytest.mark.parametrize("field", ["In_Reply_To", "References"])
def test_the_writer_adds_to_the_own_mail(
    ticket: Ticket, write: Callable[..., Message], field: str
) -> None:
    headers = {field: f"<other@x.example> {FIRST}", "Message_ID": "<cust-3@orgtwo.example>"}
    added = write(OLEG, "One more thing.", "Re: Access", **headers)
    assert added.ticket == ticket
    assert (added.visibility, added.is_foreign) == ("public", False)
    again = write(OLEG, "And another.", "New subject", In_Reply_To=added.header_id)
    assert again.ticket == ticket


def test_mails_that_wait_together_find_each_other(
    stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    for ids in ({"Message_ID": "<1@x.example>"}, {"In_Reply_To": "<1@x.example>"}):
        mail = letter(OLEG, stage.hosting.address, "Access", "Words", **ids)
        post(smtp, mail, OLEG, stage.hosting.address)
    settle()
    assert Ticket.objects.get().messages.count() == 2


def test_a_colleague_who_was_written_to_is_shown_to_staff(
    stage: Cast,
    ticket: Ticket,
    write: Callable[..., Message],
    sink: Sink,
    settle: Settle,
) -> None:
    """Whom a customer copies takes no part until staff let them in, but does not open a ticket either."""
    added = write(COLLEAGUE, "I need it, too.", "Re: Access", References=FIRST)
    assert added.ticket == ticket
    assert (added.visibility, added.is_foreign) == ("internal", True)
    assert sink.to(COLLEAGUE) == []


def test_a_stranger_with_the_same_references_opens_a_ticket(
    ticket: Ticket, write: Callable[..., Message]
) -> None:
    stranger = write("eve@evil.example", "Let me in.", "Re: Access", References=FIRST)
    assert stranger.ticket != ticket
    assert ticket.messages.count() == 1
    steps = [step for step, _detail in RawMail.objects.get(ticket=stranger.ticket).trace]
    assert "conversation-of-others" in steps


def test_a_later_subject_is_shown_and_found(
    stage: Cast,
    ticket: Ticket,
    write: Callable[..., Message],
    signed_in: Callable[[Person], Client],
) -> None:
    other = write(OLEG, "Send it, please.", "An invoice for December", In_Reply_To=FIRST)
    same = write(OLEG, "Thanks.", f"RE: [{ticket.number}] Access", In_Reply_To=FIRST)
    assert (other.subject, same.subject) == ("An invoice for December", "")
    page = signed_in(stage.anna).get(f"/tickets/{ticket.number}/").content.decode()
    assert page.count("An invoice for December") == 1
    assert found(stage.anna, "invoices december") == [ticket]


def test_a_subject_alone_is_the_text(
    stage: Cast,
    ticket: Ticket,
    write: Callable[..., Message],
    signed_in: Callable[[Person], Client],
) -> None:
    message = write(OLEG, "", "Call me about invoice 55", In_Reply_To=FIRST)
    assert (message.ticket, message.text) == (ticket, "Call me about invoice 55")
    page = signed_in(stage.anna).get(f"/tickets/{ticket.number}/").content.decode()
    assert "No text" not in page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Re: Файлы", "Файлы"),
        ("RE: FW: Fwd: Файлы", "Файлы"),
        ("Re[2]: Файлы", "файлы"),
        ("Отв: НА: Файлы", "Файлы"),
        ("AW: [SR00000291] Файлы", "Файлы"),
        ("Re: Файлы [SR00000291]", "Файлы"),
        ("Re: Файлы (#291)", "Файлы"),
        ("Re: A very long subject that a program", "A very long subject that a program cut"),
        ("", "Файлы"),
        ("Re:", "Файлы"),
    ],
)
def test_one_subject(one: str, other: str) -> None:
    assert not subjects.is_another(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Счёт", "Файлы"), ("Re: Счёт", "Re: Файлы"), ("Remote access", "Access"), ("Файлы", "")],
)
def test_another_subject(one: str, other: str) -> None:
    assert subjects.is_another(one, other)


@pytest.mark.parametrize("text", ["re:" * 100_000, "[" * 100_000, "[1" * 50_000, "(1) " * 50_000])
def test_the_time_is_bounded(text: Any) -> None:
    subjects.base(text)
