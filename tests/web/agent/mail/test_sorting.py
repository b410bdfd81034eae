"""Unsorted mail is read, becomes a ticket for a requester and a department, or is spam."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.inbound.take import take
from firstline.mail.models import OutgoingMail, RawMail
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import Cast
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
Settle = Callable[[], None]


@pytest.fixture
def lost(cast: Cast, settle: Settle) -> RawMail:
    """A mail in Russian with a file, that names nobody and came from nobody."""
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Сканер", "hosting@desk.example"
    mail.set_content("Отсканировано на втором этаже.")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="скан.pdf")
    [row] = take(mail.as_bytes(), sender="", recipients=["hosting@desk.example"], source="imap")
    settle()
    return RawMail.objects.get(pk=row.pk)


def wanted(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"email": "olga@x.example", "name": "Ольга", "department": cast.equipment.pk, **changes}


def test_its_decoded_text_is_shown(cast: Cast, lost: RawMail, signed_in: SignedIn) -> None:
    page = html(signed_in(cast.anna).get(f"/mail/{lost.pk}/"))
    for text in ("Отсканировано на втором этаже.", "скан.pdf", "Make a ticket"):
        assert text in page


def test_a_person_makes_a_ticket_of_it(
    cast: Cast, lost: RawMail, signed_in: SignedIn, settle: Settle
) -> None:
    client = signed_in(cast.anna)
    response = client.post(f"/mail/{lost.pk}/tickets/", wanted(cast))
    ticket = Ticket.objects.get()
    assert response.headers["Location"] == f"/tickets/{ticket.number}/"
    assert (ticket.subject, ticket.department) == ("Сканер", cast.equipment)
    assert ticket.requester is not None
    assert (ticket.requester.email, ticket.requester.name) == ("olga@x.example", "Ольга")
    message = ticket.messages.get()
    assert message.text.strip() == "Отсканировано на втором этаже."
    assert [one.file.name for one in message.attachments.all()] == ["скан.pdf"]
    settle()
    assert not OutgoingMail.objects.filter(recipient="olga@x.example").exists()
    page = html(client.get(f"/mail/{lost.pk}/"))
    assert f"{cast.anna.name} made a ticket of it." in page
    assert lost.subject not in html(client.get("/mail/"))
    assert Event.objects.get(kind="mail.sorted").actor == cast.anna
    again = html(client.post(f"/mail/{lost.pk}/tickets/", wanted(cast), follow=True))
    assert "sorted already" in again
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"email": ""}, "Enter the requester"),
        ({"email": "nobody"}, "Enter the requester"),
        ({"email": "hosting@desk.example"}, "This is an address of this desk"),
        ({"department": "9" * 5000}, "Choose a department."),
        ({"department": "x"}, "Choose a department."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    cast: Cast, lost: RawMail, signed_in: SignedIn, changes: dict[str, str], problem: str
) -> None:
    response = signed_in(cast.anna).post(f"/mail/{lost.pk}/tickets/", wanted(cast, **changes))
    assert response.status_code == 422
    page = html(response)
    assert problem in page
    assert 'value="Ольга"' in page
    assert not Ticket.objects.exists()


def test_an_unreadable_mail_becomes_a_ticket_with_its_source(
    cast: Cast, signed_in: SignedIn, settle: Settle
) -> None:
    [row] = take(b"\r\n\r\n", sender="", recipients=["hosting@desk.example"], source="smtp")
    settle()
    signed_in(cast.anna).post(f"/mail/{row.pk}/tickets/", wanted(cast))
    message = Ticket.objects.get().messages.get()
    assert "could not be read" in message.text
    assert [one.file.name for one in message.attachments.all()] == ["mail.txt"]


def test_spam_leaves_the_list_and_can_be_taken_back(
    cast: Cast, lost: RawMail, signed_in: SignedIn, settle: Settle
) -> None:
    client = signed_in(cast.anna)
    page = html(client.post(f"/mail/{lost.pk}/spam/", follow=True))
    assert "Marked as spam" in page
    assert f"/mail/{lost.pk}/" not in page
    assert f"/mail/{lost.pk}/" in html(client.get("/mail/?list=spam"))
    assert "Make a ticket" in html(client.get(f"/mail/{lost.pk}/"))
    client.post(f"/mail/{lost.pk}/retries/")
    settle()
    assert f"/mail/{lost.pk}/" in html(client.get("/mail/"))
    assert f"/mail/{lost.pk}/" not in html(client.get("/mail/?list=spam"))
    assert Event.objects.filter(kind="mail.marked_spam").count() == 1


@pytest.mark.parametrize("noun", ["tickets", "spam"])
def test_who_may_sort(cast: Cast, lost: RawMail, signed_in: SignedIn, noun: str) -> None:
    codes = {
        name: signed_in(getattr(cast, name))
        .post(f"/mail/{lost.pk}/{noun}/", wanted(cast))
        .status_code
        for name in ("boris", "observer", "partner_agent", "svetlana")
    }
    assert codes == {"boris": 404, "observer": 403, "partner_agent": 403, "svetlana": 404}
    assert Client().post(f"/mail/{lost.pk}/{noun}/", wanted(cast)).status_code == 401
    lost.refresh_from_db()
    assert lost.outcome == "not-understood"
    assert not Ticket.objects.exists()
