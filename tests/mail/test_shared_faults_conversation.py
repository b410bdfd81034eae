"""Mails that were read wrong in use: answers, quotes, bounces and machines, each through the door.

Not part of this repository: where `../shared/faults/mail` is missing, these tests are skipped.
"""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from firstline.mail.models import OutgoingMail, RawMail
from firstline.people.models import Person, Staff
from firstline.tickets.actions.assign import assign
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post
from tests.signed import published, signed

FAULTS = Path(__file__).parents[3] / "shared" / "faults" / "mail"
Settle = Callable[[], None]
DESK = re.compile(rb"hosting(?:\+[0-9a-f]{32})?@desk\.example")

pytestmark = pytest.mark.skipif(not FAULTS.is_dir(), reason="the faults are not here")


@pytest.fixture(autouse=True)
def _domain() -> Iterator[None]:
    with published("desk.example"):
        yield


def fault(name: str, to: str) -> bytes:
    """A mail of the folder, to an address of this run."""
    (found,) = FAULTS.glob(f"{name}*.eml")
    return DESK.sub(to.encode(), found.read_bytes())


def sender_of(raw: bytes) -> str:
    mail = message_from_bytes(raw, policy=default)
    return str(mail["From"].addresses[0].addr_spec)


def bring(raw: bytes, smtp: int, settle: Settle, to: str, envelope: str | None = None) -> Message:
    post(smtp, raw, sender_of(raw) if envelope is None else envelope, to)
    settle()
    row = RawMail.objects.latest("pk")
    assert row.message is not None
    return row.message


@pytest.mark.parametrize("letter_of", ["a", "b"])
def test_an_answer_that_forbids_automatic_answers(
    letter_of: str, stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    desk, name = stage.hosting.address, f"r02-answer-with-auto-response-suppress-{letter_of}"
    customer = sender_of(fault(name, desk))
    post(smtp, letter(customer, desk, "Принтер", "Не печатает."), customer, desk)
    settle()
    ticket = Ticket.objects.get()
    assign(actor(stage.supervisor), ticket, Staff.objects.get(pk=stage.anna.pk), via="web")
    resolve(actor(stage.anna), ticket, Draft("Исправлено."), via="web")
    settle()
    told, notices = sink.to(customer), len(sink.to(stage.anna.email))
    to = str(told[-1]["Reply-To"])
    raw = re.sub(
        rb"<[0-9a-f]{40}@desk\.example>", str(told[-1]["Message-ID"]).encode(), fault(name, to)
    )
    bring(raw, smtp, settle, to)
    ticket.refresh_from_db()
    assert (ticket.phase, ticket.awaiting) == ("open", "support")
    assert dict(RawMail.objects.latest("pk").trace)["nature"] == "person"
    assert len(sink.to(customer)) == len(told)
    assert len(sink.to(stage.anna.email)) == notices + 1


FIELDS = "От: склада ждём накладную\nКому: передать ключи\nДата: любая\n\nСпасибо."
SAID = "На 12.11.2026 в 10:00 инженер написал: приедет завтра.\nНо он не приехал. Вопросы:"
NOT_SENT = "Отправлено с рабочей почты вчера, но ответа нет."


@pytest.mark.parametrize(
    ("name", "text", "quote"),
    [
        ("h10", "Tack, det fungerar.", "Från: Support"),
        ("h11", "Thanks, that helps.", "On 01/12/26"),
        ("h12", f"Письмо с договором не дошло.\n\n{NOT_SENT}", ""),
        ("r04-header-like-lines-a", f"Вопросы:\n\n{FIELDS}", "12.11.2026, 10:05"),
        ("r04-header-like-lines-b", f"{SAID}\n\n{FIELDS}", "12.11.2026, 10:05"),
    ],
    ids=["h10", "h11", "h12", "r04a", "r04b"],
)
def test_what_was_written_and_what_is_quoted(
    name: str, text: str, quote: str, stage: Cast, smtp: int, settle: Settle
) -> None:
    desk = stage.hosting.address
    message = bring(fault(name, desk), smtp, settle, desk)
    assert message.text.strip() == text
    assert message.quote.strip().startswith(quote)
    assert bool(message.quote.strip()) == bool(quote)


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("r05-double-dash-separator-a", "Проблема третья: поменяйте телефон на 5-55-55"),
        ("r05-double-dash-separator-b", "Пришлите, пожалуйста, счёт на адрес бухгалтерии."),
        ("r05-double-dash-separator-c", "Падает на последней строке."),
    ],
)
def test_dashes_in_the_middle_hide_nothing(
    name: str, last: str, stage: Cast, smtp: int, settle: Settle
) -> None:
    desk = stage.hosting.address
    message = bring(fault(name, desk), smtp, settle, desk)
    assert message.text.strip().endswith(last)
    assert message.quote == ""


@pytest.mark.parametrize("name", ["h08-noreply", "h08b-noreply"])
def test_a_machine_gets_no_receipt(
    name: str, stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    desk = stage.hosting.address
    bring(fault(name, desk), smtp, settle, desk)
    assert Ticket.objects.count() == 1
    assert sink.raw == []


@pytest.mark.parametrize("name", ["h02-", "h02b-"])
def test_a_bounce_is_linked(name: str, stage: Cast, smtp: int, sink: Sink, settle: Settle) -> None:
    desk, customer = stage.hosting.address, "someone@h6-02.example"
    post(smtp, letter(customer, desk, "Help", "It is down."), customer, desk)
    settle()
    ours = OutgoingMail.objects.get()
    raw = fault(name, desk).replace(b"@@OURS@@", ours.header_id.encode())
    post(smtp, raw, "", desk)
    settle()
    row = RawMail.objects.latest("pk")
    assert (row.outcome, row.ticket) == ("bounce", Ticket.objects.get())
    ours.refresh_from_db()
    assert ours.state == "parked"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("r10-agent-answer-from-outlook-a", "Ответ номер 41."),
        ("r10-agent-answer-from-outlook-d", "Ответ номер 49."),
    ],
)
def test_an_agent_answers_from_outlook(
    name: str, sentence: str, stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    agent = "a.sokolova@desk.example"
    Person.objects.filter(pk=stage.anna.pk).update(email=agent)
    ticket = open_by(stage.svetlana, stage.hosting)
    assign(actor(stage.supervisor), ticket, Staff.objects.get(pk=stage.anna.pk), via="web")
    settle()
    to = str(sink.to(agent)[-1]["Reply-To"])
    raw = fault(name, to).replace(b"taiga-cloud.example", b"desk.example")
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    del mail["Authentication-Results"]  # here the agent is proven by a signature
    before = len(sink.to(stage.svetlana.email))
    post(smtp, signed(mail, "desk.example"), agent, to)
    settle()
    assert ticket.messages.get(kind="out").text == sentence
    (told,) = sink.to(stage.svetlana.email)[before:]
    body = told.get_body(("plain",))
    assert body is not None
    written = told.as_string() + str(body.get_content())
    assert sentence in written
    assert not any(one in written for one in (agent, "#-#-#", "Надіслано", "divRplyFwdMsg"))
