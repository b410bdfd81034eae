"""Mail of deleted tickets: not taken again by itself, made a ticket again at a press, never lost (C72)."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail import agents
from firstline.mail.addresses import reply_address
from firstline.mail.models import OutgoingMail, RawMail
from firstline.people.models import Person
from firstline.tickets.actions.delete import delete
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor
from tests.doors import Sink, letter, post
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
Settle = Callable[[], None]


def question(stage: Cast, **headers: str) -> EmailMessage:
    return letter(
        stage.svetlana.email,
        stage.hosting.address,
        "It is down",
        "The site is down.",
        Message_ID="<first@orbita.example>",
        **headers,
    )


@pytest.fixture
def ticket(stage: Cast, smtp: int, settle: Settle) -> Ticket:
    """A ticket that came by mail; its receipt has left."""
    post(smtp, question(stage), stage.svetlana.email, stage.hosting.address)
    settle()
    return Ticket.objects.get()


def remove(stage: Cast, ticket: Ticket) -> None:
    delete(actor(stage.administrator), ticket, via="web")


def test_the_same_mail_makes_no_second_ticket(
    stage: Cast, smtp: int, settle: Settle, ticket: Ticket
) -> None:
    remove(stage, ticket)
    again = question(stage, Received="from another.example by mx.desk.example; today")
    for mail in (question(stage), again):
        post(smtp, mail, stage.svetlana.email, stage.hosting.address)
        settle()
    assert not Ticket.objects.exists()
    assert RawMail.objects.get().outcome == "deleted"
    assert not OutgoingMail.objects.exists()


def test_at_a_press_it_is_a_ticket_again(
    stage: Cast, sink: Sink, settle: Settle, ticket: Ticket, signed_in: SignedIn
) -> None:
    number, sent = ticket.number, len(sink.raw)
    remove(stage, ticket)
    mail, boss = RawMail.objects.get(), signed_in(stage.administrator)
    assert f"Its ticket {number} was deleted." in html(boss.get("/mail/"))
    page = html(boss.get(f"/mail/{mail.pk}/"))
    assert f"Its ticket {number} was deleted." in page
    assert "Make a ticket of it again" in page
    trial = html(boss.post(f"/mail/{mail.pk}/replays/"))
    assert "It would open a ticket of its own." in trial
    assert not Ticket.objects.exists()
    boss.post(f"/mail/{mail.pk}/retries/")
    settle()
    again = Ticket.objects.get()
    assert (again.subject, again.requester) == ("It is down", stage.svetlana)
    assert again.number != number
    assert again.messages.get().text.strip() == "The site is down."
    told = sink.to(stage.svetlana.email)[sent:]
    assert [again.number in mail["Subject"] for mail in told] == [
        True
    ]  # the receipt of any new one
    assert len(sink.raw) == sent + 1
    mail.refresh_from_db()
    assert (mail.outcome, mail.ticket) == ("opened", again)
    assert "was deleted" not in html(boss.get("/mail/"))
    assert Event.objects.filter(kind="mail.retried", subject_id=mail.pk).count() == 1
    boss.post(f"/mail/{mail.pk}/retries/")
    settle()
    assert Ticket.objects.count() == 1


def test_only_who_may_delete_sees_and_brings_back(
    stage: Cast, settle: Settle, ticket: Ticket, signed_in: SignedIn
) -> None:
    """An agent of the department read the mail in its ticket; deleted, its words are no longer theirs."""
    remove(stage, ticket)
    mail = RawMail.objects.get()
    for person in (stage.anna, stage.supervisor):
        client = signed_in(person)
        assert "It is down" not in html(client.get("/mail/"))
        for noun in ("", "source/"):
            assert client.get(f"/mail/{mail.pk}/{noun}").status_code == 404
        for noun in ("retries/", "replays/"):
            assert client.post(f"/mail/{mail.pk}/{noun}").status_code == 404
    settle()
    assert not Ticket.objects.exists()


def test_an_answer_to_a_deleted_ticket_is_a_new_one(
    stage: Cast, smtp: int, settle: Settle, ticket: Ticket, signed_in: SignedIn
) -> None:
    reply(actor(stage.anna), ticket, Draft("Try now."), via="web")
    settle()
    sent = OutgoingMail.objects.get(kind="answered")
    to, header_id, old = reply_address(ticket), sent.header_id, ticket.number
    remove(stage, ticket)
    answer = letter(
        stage.svetlana.email, to, f"Re: [{old}] It is down", "Still down.", In_Reply_To=header_id
    )
    post(smtp, answer, stage.svetlana.email, to)
    settle()
    new = Ticket.objects.get()
    assert (new.requester, new.department) == (stage.svetlana, stage.hosting)
    assert new.messages.get().text.strip() == "Still down."
    page = html(
        signed_in(stage.anna).get(f"/tickets/{new.number}/messages/{new.messages.get().pk}/trace/")
    )
    assert "The ticket of the reply address it came to is not here any more." in page
    assert f"It opened {new.number}." in page
    mails = RawMail.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(mails) == ["deleted", "opened"]


def test_an_agents_answer_is_not_lost_either(
    stage: Cast, smtp: int, settle: Settle, ticket: Ticket
) -> None:
    to = agents.address_for(stage.anna, ticket)
    remove(stage, ticket)
    post(smtp, letter(stage.anna.email, to, "Re", "#close"), stage.anna.email, to)
    settle()
    assert Ticket.objects.get().requester == stage.anna


def test_what_joined_it_later_stays_known_as_well(
    stage: Cast, smtp: int, settle: Settle, ticket: Ticket
) -> None:
    to = reply_address(ticket)
    more = letter(stage.svetlana.email, to, "Re", "More.", Message_ID="<second@orbita.example>")
    post(smtp, more, stage.svetlana.email, to)
    settle()
    remove(stage, ticket)
    assert set(RawMail.objects.values_list("outcome", flat=True)) == {"deleted"}
    post(smtp, more, stage.svetlana.email, to)
    settle()
    assert not Ticket.objects.exists()
