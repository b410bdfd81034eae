"""What of a mail is folded and what it is called; mails inside it; who wrote when it is not the contact."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail
from firstline.people.models import Person
from firstline.tickets.models import Message
from tests.cast import Cast
from tests.web.pages import html

SignIn = Callable[[Person], Client]
STRANGER = "mallory@elsewhere.example"


@pytest.fixture
def come(cast: Cast, settle: Callable[[], None]) -> Callable[..., Message]:
    """A mail that came and was read."""

    def came(mail: EmailMessage, to: str = "hosting@desk.example", sender: str = "") -> Message:
        mail["From"] = sender or f"Svetlana <{cast.svetlana.email}>"
        mail["To"], mail["Subject"] = to, "Printer"
        take(bytes(mail), sender="", recipients=[to], source="smtp")
        settle()
        found = RawMail.objects.latest("pk").message
        assert found is not None
        return found

    return came


def saying(text: str) -> EmailMessage:
    mail = EmailMessage()
    mail.set_content(text)
    return mail


def both(cast: Cast, signed_in: SignIn, message: Message) -> list[str]:
    """The ticket's page for an agent and for the customer."""
    number = message.ticket.number
    desk, portal = signed_in(cast.anna), signed_in(cast.svetlana)
    pages: list[Any] = [desk.get(f"/tickets/{number}/"), portal.get(f"/portal/tickets/{number}/")]
    return [html(page) for page in pages]


@pytest.mark.parametrize(
    ("below", "called"),
    [
        ("-- \nПётр Новиков\n", "Show the signature"),
        ("С уважением,\nПётр Новиков\n", "Show the signature"),
        ("> Old\n> words\n", "Show the quote, 2 lines"),
        ("-- \nПётр\n\n> Old\n", "Show the signature and the quote, 3 lines"),
    ],
)
def test_what_is_folded_has_its_name(
    cast: Cast, come: Callable[..., Message], signed_in: SignIn, below: str, called: str
) -> None:
    message = come(saying(f"Не печатает.\n\n\n{below}"))
    for page in both(cast, signed_in, message):
        assert re.findall("<summary>(Show the (?:quote|signature).*?)</summary>", page) == [called]
        assert "<p>Не печатает.</p>" in page  # without the empty lines below it


def test_a_mail_inside_is_read_on_the_page(
    cast: Cast, come: Callable[..., Message], signed_in: SignIn
) -> None:
    inside = saying("Pay until Monday.\n")
    inside["From"], inside["Subject"] = "Petar <petar@example.org>", "The old bill"
    inside["Date"] = "Sun, 22 Nov 2026 19:36:14 -0000"
    outer = saying("See below.\n")
    outer.add_attachment(inside)
    message = come(outer)
    assert message.text.strip() == "See below."
    for page in both(cast, signed_in, message):
        assert "Show the mail inside, 5 lines" in page
        assert "Pay until Monday." in page
        assert page.count("22.11.2026 19:36 UTC") == 2
        assert "-0000" not in page


def test_a_held_mail_is_released_where_it_is_marked(
    cast: Cast, come: Callable[..., Message], signed_in: SignIn
) -> None:
    first = come(saying("Не печатает."))
    to = f"hosting+{first.ticket.reply_token}@desk.example"
    held = come(saying("Me too"), to, f"Svetlana <{STRANGER}>")
    assert held.is_foreign
    anna = signed_in(cast.anna)
    path = f"/tickets/{first.ticket.number}/"
    article = html(anna.get(path)).split(f'id="m{held.pk}"')[1].split("</article>")[0]
    assert article.index("Unknown sender") < article.index("releases/") < article.index("Me too")
    assert article.count("releases/") == 1
    anna.post(f"{path}messages/{held.pk}/releases/")
    page = html(anna.get(path))
    theirs = page.split(f'id="m{held.pk}"')[1].split("</header>")[0]
    assert f"Mail from {STRANGER}" in theirs
    assert "The customer's mail" not in theirs
    own = page.split(f'id="m{first.pk}"')[1].split("</header>")[0]
    assert "The customer's mail" in own
    assert "releases/" not in page
