"""All mails of one ticket are one conversation for mail programs: one subject, and who answers what."""

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from firstline.mail.actions.boxes import add_box
from firstline.mail.models import Mailbox, OutgoingMail
from firstline.people.models import Person
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post

Settle = Callable[[], None]
ID = "<first@orbita.example>"


def base(mail: EmailMessage) -> str:
    """The subject by which mail programs group: without prefix and without what is in brackets."""
    return re.sub(r"\A(Re|Fwd): |\s*\[[^]]*\]", "", str(mail["Subject"]))


@pytest.mark.parametrize("language", ["ru", "bg", "en"])
@pytest.mark.parametrize("subject", ["Файлы", "Re: Файлы", "FW: RE: Файлы"])
def test_receipt_answer_status_and_resolution_are_one_conversation(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, language: str, subject: str
) -> None:
    Person.objects.filter(pk=stage.svetlana.pk).update(language=language)
    address, desk = stage.svetlana.email, stage.hosting.address
    post(smtp, letter(address, desk, subject, "Где они?", Message_ID=ID), address, desk)
    settle()
    ticket = Ticket.objects.get()
    move(actor(stage.anna), ticket, "in-progress", via="web")
    settle()
    reply(actor(stage.anna), ticket, Draft("Ищем."), via="web")
    settle()
    resolve(actor(stage.anna), ticket, Draft("Вот они."), via="web")
    settle()
    mails = sink.to(address)
    kinds = list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["received", "moved", "answered", "answered"]
    assert {base(mail) for mail in mails} == {"Файлы"}
    assert {str(mail["Subject"]) for mail in mails} == {f"Re: Файлы [{ticket.number}]"}
    assert all(ID in mail["References"].split() for mail in mails)
    assert all(mail["In-Reply-To"] == ID for mail in mails)
    earlier = [mail["Message-ID"] for mail in mails[:-1]]
    assert set(earlier) <= set(mails[-1]["References"].split())


@pytest.mark.parametrize(
    "hostile",
    [
        *("Cheap pills https://evil.example", "Look at evil.example", "Call 8 800 555-35-35"),
        *("Write to me@evil.example", "Win! " * 30, "<b>Hi</b>", "evil,example/x"),
    ],
)
def test_words_that_lead_elsewhere_are_not_repeated_to_who_may_not_have_written_them(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, hostile: str
) -> None:
    victim = "victim@elsewhere.example"
    desk = stage.hosting.address
    post(smtp, letter(victim, desk, hostile, "Text"), victim, desk)
    settle()
    ticket = Ticket.objects.get()
    move(actor(stage.anna), ticket, "in-progress", via="web")
    settle()
    mails = sink.to(victim)
    assert len(mails) == 2
    assert {str(mail["Subject"]) for mail in mails} == {f"Your request [{ticket.number}]"}
    for mail in mails:
        body = mail.get_body(("plain",))
        assert body is not None
        assert hostile.strip() not in body.get_content()
    reply(actor(stage.anna), ticket, Draft("Yes?"), via="web")
    settle()
    assert str(sink.to(victim)[-1]["Subject"]).startswith("Re: ")


@pytest.mark.parametrize(
    ("mask", "form"),
    [
        ("SR{0:00000000}", "Re: Another thing [{}]"),
        ("SR{0:00000000}", "[{}] Re: Another thing"),
        ("SR{0:00000000}", "SV: Another thing (was: {})"),
        ("HD+{0:0000}", "Re: Another thing [{}]"),
    ],
)
def test_the_number_is_known_at_the_end_and_as_it_stood_before(
    stage: Cast, smtp: int, settle: Settle, mask: str, form: str
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    Ticket.objects.update(
        number=mask.replace("{0:00000000}", "00000001").replace("{0:0000}", "0001")
    )
    ticket.refresh_from_db()
    sender, desk = stage.svetlana.email, stage.hosting.address
    post(smtp, letter(sender, desk, form.format(ticket.number), "Here it is"), sender, desk)
    settle()
    assert Ticket.objects.count() == 1
    assert ticket.messages.filter(text__contains="Here it is").exists()


def test_who_wrote_to_no_address_is_answered_from_the_public_one(
    stage: Cast, sink: Sink, settle: Settle
) -> None:
    for address in ("old@desk.example", "help@planina.example", "info@planina.example"):
        add_box(actor(stage.administrator), stage.hosting, address, via="web")
    ticket = open_by(stage.svetlana, stage.hosting, via="portal")
    reply(actor(stage.anna), ticket, Draft("An answer"), via="web")
    settle()
    mails = sink.to(stage.svetlana.email)
    assert len(mails) == 2
    for mail in mails:
        assert "<help@planina.example>" in mail["From"]
        assert mail["Reply-To"] == f"hosting+{ticket.reply_token}@desk.example"


def test_a_mailbox_that_the_desk_reads_is_a_public_address_too(
    stage: Cast, sink: Sink, settle: Settle
) -> None:
    Mailbox.objects.create(
        address="info@orbita.example", department=stage.equipment, host="imap.example", user="info"
    )
    open_by(stage.svetlana, stage.equipment, via="portal")
    settle()
    assert "<info@orbita.example>" in sink.to(stage.svetlana.email)[0]["From"]


@pytest.mark.parametrize("language", ["bg", "ru"])
def test_nobody_gets_the_signature_of_another_language(
    cast: Cast, settle: Settle, language: str
) -> None:
    Department.objects.update(signatures={"en": "The hosting team", language: "Свои"})
    for one in ("ru", "bg", "en"):
        Person.objects.filter(pk=cast.svetlana.pk).update(language=one)
        open_by(Person.objects.get(pk=cast.svetlana.pk), cast.hosting)
        settle()
        text = OutgoingMail.objects.latest("pk").text
        wanted = {"en": "The hosting team", language: "Свои"}.get(one, "Firstline")
        assert f"-- \n{wanted}\n" in text


def test_customers_read_answered_and_no_demand(cast: Cast, settle: Settle) -> None:
    ticket = open_by(cast.svetlana, cast.equipment)
    reply(actor(cast.boris), ticket, Draft("It is on its way."), via="web")
    settle()
    mail = OutgoingMail.objects.get(kind="answered")
    for word in ("Waiting", "waits", "need your answer", "The ticket is now"):
        assert word not in mail.text + mail.html
    labels = {"ru": "Отвечено", "bg": "Отговорено", "en": "Answered"}
    assert Ticket.objects.get(pk=ticket.pk).status.customer_names == labels
