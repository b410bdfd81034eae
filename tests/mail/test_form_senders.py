"""Contact forms of other sites, scanners and shops: who is the customer of what a machine sends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.mail.actions.form_senders import add_form_sender
from firstline.mail.models import FormSender
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor
from tests.doors import Sink, letter, post
from tests.web.pages import html

Settle = Callable[[], None]
ROBOT = "robot@shop29.example"


@pytest.fixture
def send(stage: Cast, smtp: int, sink: Sink, settle: Settle) -> Callable[..., Ticket]:
    """Send a filled-in form by SMTP; the ticket that it became."""

    def run(customer: str, text: str = "When is the delivery?", **headers: str) -> Ticket:
        mail = letter(
            ROBOT, stage.hosting.address, "A question", text, Reply_To=customer, **headers
        )
        post(smtp, mail, ROBOT, stage.hosting.address)
        settle()
        return Ticket.objects.order_by("pk").last()  # type: ignore[return-value]

    return run


def emails(*tickets: Ticket) -> list[str]:
    return [one.requester.email for one in tickets if one.requester]


def test_reply_to_of_others_is_no_customer(stage: Cast, send: Callable[..., Ticket]) -> None:
    assert emails(send("anna@client29.example")) == [ROBOT]


def test_of_a_known_form_reply_to_is_the_customer(
    stage: Cast, send: Callable[..., Ticket], sink: Sink, settle: Settle
) -> None:
    add_form_sender(actor(stage.administrator), stage.hosting, ROBOT.upper(), via="web")
    anna = send("Anna <anna@client29.example>")
    boris = send("boris@client29b.example", Auto_Submitted="auto-generated")
    assert emails(anna, boris) == ["anna@client29.example", "boris@client29b.example"]
    reply(actor(stage.anna), anna, Draft("Tomorrow."), via="web")
    settle()
    assert [one for one in sink.to("anna@client29.example") if "Tomorrow." in one.as_string()]
    assert sink.to(ROBOT) == []
    assert sink.to("boris@client29b.example")  # a receipt: a person filled it in


def test_only_for_that_department(stage: Cast, send: Callable[..., Ticket]) -> None:
    add_form_sender(actor(stage.administrator), stage.equipment, ROBOT, via="web")
    assert emails(send("anna@client29.example")) == [ROBOT]


@pytest.mark.parametrize("customer", [ROBOT, "hosting@desk.example"])
def test_a_form_without_a_customer_is_an_ordinary_mail(
    stage: Cast, send: Callable[..., Ticket], customer: str
) -> None:
    add_form_sender(actor(stage.administrator), stage.hosting, ROBOT, via="web")
    assert emails(send(customer)) == [ROBOT]


def test_one_press_at_such_a_mail(
    stage: Cast,
    send: Callable[..., Ticket],
    signed_in: Callable[[Person], Client],
    settle: Settle,
    sink: Sink,
) -> None:
    ticket = send("Anna <anna@client29.example>")
    address = f"/tickets/{ticket.number}/messages/{ticket.messages.get().pk}/form-senders/"
    client = signed_in(stage.administrator)
    assert address in html(client.get(f"/tickets/{ticket.number}/"))
    assert address not in html(signed_in(stage.anna).get(f"/tickets/{ticket.number}/"))
    page = html(client.post(address, follow=True))
    assert "changed the contact from" in page
    assert "sent it as a form" in page
    assert address not in page
    assert "Yours goes to the sender." not in page
    ticket.refresh_from_db()
    assert emails(ticket, send("boris@client29b.example")) == [
        "anna@client29.example",
        "boris@client29b.example",
    ]
    reply(actor(stage.anna), ticket, Draft("Tomorrow."), via="web")
    settle()
    assert len(sink.to("anna@client29.example")) == 1


def test_after_an_answer_the_contact_stays(
    stage: Cast,
    send: Callable[..., Ticket],
    signed_in: Callable[[Person], Client],
) -> None:
    ticket = send("anna@client29.example")
    first = ticket.messages.get()
    reply(actor(stage.anna), ticket, Draft("Said to the robot alone."), via="web")
    client = signed_in(stage.administrator)
    client.post(f"/tickets/{ticket.number}/messages/{first.pk}/form-senders/")
    ticket.refresh_from_db()
    assert emails(ticket) == [ROBOT]
    assert FormSender.objects.get().address == ROBOT


@pytest.mark.parametrize(
    ("name", "code"),
    [("anna", 403), ("boris", 404), ("observer", 403), ("svetlana", 404), ("partner_agent", 404)],
)
def test_who_may_say_so(
    stage: Cast,
    send: Callable[..., Ticket],
    signed_in: Callable[[Person], Client],
    name: str,
    code: int,
) -> None:
    ticket = send("anna@client29.example")
    address = f"/tickets/{ticket.number}/messages/{ticket.messages.get().pk}/form-senders/"
    # Who may not edit departments is refused before it is told whether there is such a ticket.
    wanted = {code, 403} if name in ("boris", "partner_agent") else {code}
    assert signed_in(getattr(stage, name)).post(address).status_code in wanted
    assert not FormSender.objects.exists()
    ticket.refresh_from_db()
    assert emails(ticket) == [ROBOT]


def test_settings_of_the_department(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    client, page = signed_in(cast.administrator), f"/settings/departments/{cast.hosting.pk}/"
    assert ROBOT in html(client.post(f"{page}form-senders/", {"form_sender": ROBOT}, follow=True))
    for wrong in ("", "robot", "hosting@desk.example"):
        response = client.post(f"{page}form-senders/", {"form_sender": wrong})
        assert response.status_code == 422
    row: Any = FormSender.objects.get()
    assert f"{page}form-senders/{row.pk}/removals/" in html(client.get(page))
    elsewhere = f"/settings/departments/{cast.equipment.pk}/form-senders/{row.pk}/removals/"
    assert client.post(elsewhere).status_code == 404
    client.post(f"{page}form-senders/{row.pk}/removals/")
    assert not FormSender.objects.exists()


def test_a_mail_without_from_is_its_envelopes(
    stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    raw = b"Subject: Scan\r\nTo: hosting@desk.example\r\n\r\nA scanner sent this.\r\n"
    post(smtp, raw, "scanner@orbita.example", stage.hosting.address)
    settle()
    assert emails(Ticket.objects.get()) == ["scanner@orbita.example"]
