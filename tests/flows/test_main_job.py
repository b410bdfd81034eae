"""The main job end to end: a mail becomes a ticket, is answered, and the answer comes back."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import Cast
from tests.doors import Sink, letter, post

STORIES = {
    "ru": (
        "Письма не уходят",
        "Здравствуйте! С утра ни одно письмо из магазина не уходит.",
        "Вижу причину: закончилась квота. Я её увеличила.",
        "Спасибо, теперь уходят!",
    ),
    "bg": (
        "Сайтът не се отваря",
        "Здравейте! От сутринта сайтът на магазина не се отваря.",
        "Виждам причината: дискът беше пълен. Освободих място.",
        "Благодаря, вече се отваря!",
    ),
    "en": (
        "Backups do not run",
        "Hello! The nightly backup has not run since Monday.",
        "The schedule had lost its time zone. I have set it again.",
        "Thank you, it ran last night!",
    ),
}


@pytest.mark.parametrize("language", STORIES)
def test_a_mail_is_answered_and_the_answer_comes_back(
    language: str,
    stage: Cast,
    smtp: int,
    sink: Sink,
    signed_in: Callable[[Person], Client],
    settle: Callable[[], None],
) -> None:
    subject, question, answer, thanks = STORIES[language]
    customer, agent = stage.svetlana, signed_in(stage.anna)
    mail = letter(
        customer.email,
        stage.hosting.address,
        subject,
        question,
        Message_ID="<first@orbita.example>",
    )
    post(smtp, mail, customer.email, stage.hosting.address)
    settle()
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.requester_id, ticket.phase) == (subject, customer.pk, "new")
    [received] = sink.to(customer.email)
    assert ticket.number in received["Subject"]
    assert (
        received["Auto-Submitted"] == "auto-replied"
        or received["Auto-Submitted"] == "auto-generated"
    )

    assert subject in agent.get("/desk/").text
    agent.post(f"/tickets/{ticket.number}/claims/")
    page = agent.get(f"/tickets/{ticket.number}/").text
    assert question in page
    sent = agent.post(
        f"/tickets/{ticket.number}/replies/", {"text": answer, "submission": key_in(page)}
    )
    assert sent.status_code == 302
    settle()
    ticket.refresh_from_db()
    assert (ticket.awaiting, ticket.responsible_id) == ("customer", stage.anna.pk)
    reply = sink.to(customer.email)[-1]
    assert answer in body_of(reply)
    assert reply["In-Reply-To"] == "<first@orbita.example>"

    back = letter(
        customer.email,
        reply["Reply-To"],
        f"Re: {reply['Subject']}",
        f"{thanks}\n\n> {answer}\n",
        In_Reply_To=reply["Message-ID"],
        References=reply["Message-ID"],
    )
    post(smtp, back, customer.email, stage.hosting.address)
    settle()
    assert Ticket.objects.count() == 1
    ticket.refresh_from_db()
    assert ticket.awaiting == "support"
    last = ticket.messages.last()
    assert last is not None
    assert last.text.strip() == thanks
    assert answer in last.quote

    portal = signed_in(customer).get(f"/portal/tickets/{ticket.number}/").text
    for said in (question, answer, thanks):
        assert said in portal


def key_in(page: str) -> str:
    """The one-time key of the form on a page."""
    return page.split('name="submission" value="')[1].split('"')[0]


def body_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(preferencelist=("plain",))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text


def test_reply_address_finds_the_ticket_without_references(
    stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    customer = stage.svetlana
    post(
        smtp,
        letter(customer.email, stage.hosting.address, "One", "First."),
        customer.email,
        stage.hosting.address,
    )
    settle()
    address = sink.to(customer.email)[0]["Reply-To"]
    post(smtp, letter(customer.email, address, "Something else", "More."), customer.email, address)
    settle()
    assert Ticket.objects.get().messages.count() == 2


def test_number_in_the_subject_counts_only_for_who_belongs(
    stage: Cast, smtp: int, sink: Sink, settle: Callable[[], None]
) -> None:
    owner, stranger, desk = stage.svetlana, stage.zlata, stage.hosting.address
    post(smtp, letter(owner.email, desk, "One", "First."), owner.email, desk)
    settle()
    number = Ticket.objects.get().number
    post(smtp, letter(owner.email, desk, f"Re: [{number}] One", "More."), owner.email, desk)
    post(
        smtp,
        letter(stranger.email, desk, f"Re: [{number}] One", "Let me in."),
        stranger.email,
        desk,
    )
    settle()
    assert Ticket.objects.get(number=number).messages.count() == 2
    assert Ticket.objects.exclude(number=number).get().requester_id == stranger.pk


def test_a_stranger_at_the_reply_address_is_held(
    stage: Cast,
    smtp: int,
    sink: Sink,
    settle: Callable[[], None],
    signed_in: Callable[[Person], Client],
) -> None:
    owner, desk = stage.svetlana, stage.hosting.address
    post(smtp, letter(owner.email, desk, "One", "First."), owner.email, desk)
    settle()
    ticket, address = Ticket.objects.get(), sink.to(owner.email)[0]["Reply-To"]
    sent = len(sink.raw)
    post(
        smtp,
        letter("no-reply@service.example", address, "Code", "Your code: 4711"),
        "x@service.example",
        address,
    )
    settle()
    assert ticket.messages.count() == 2
    assert "4711" not in signed_in(owner).get(f"/portal/tickets/{ticket.number}/").text
    assert "4711" in signed_in(stage.anna).get(f"/tickets/{ticket.number}/").text
    assert len(sink.raw) == sent


def test_an_answer_to_a_closed_ticket_follows_up(
    stage: Cast,
    smtp: int,
    sink: Sink,
    settle: Callable[[], None],
    signed_in: Callable[[Person], Client],
) -> None:
    owner, desk, agent = stage.svetlana, stage.hosting.address, signed_in(stage.anna)
    post(smtp, letter(owner.email, desk, "One", "First."), owner.email, desk)
    settle()
    ticket = Ticket.objects.get()
    agent.post(f"/tickets/{ticket.number}/resolutions/", {"text": "It works again."})
    agent.post(f"/tickets/{ticket.number}/moves/", {"status": "closed"})
    address = sink.to(owner.email)[0]["Reply-To"]
    post(smtp, letter(owner.email, address, "Re: One", "It is back."), owner.email, address)
    settle()
    ticket.refresh_from_db()
    follow_up = Ticket.objects.exclude(pk=ticket.pk).get()
    assert (ticket.phase, follow_up.follows_id, follow_up.phase) == ("closed", ticket.pk, "new")
