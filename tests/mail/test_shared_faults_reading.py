"""Mails that were read wrongly in use, each as it came, and what the ticket's page says of it now."""

import re
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail
from firstline.people.models import Person
from firstline.tickets.models import Message
from tests.cast import Cast
from tests.web.pages import html

FAULTS = Path(__file__).resolve().parents[3] / "shared" / "faults" / "mail"

pytestmark = pytest.mark.skipif(
    not FAULTS.is_dir(), reason="the faulty mails are not beside the project"
)

SignIn = Callable[[Person], Client]
Arrive = Callable[[str], Message]
IRINA = "Добрый день! Не открывается кабинет, договор Д-118.\nИрина"
MARIA = "Добрый день, прошу выслать счёт за ноябрь. Принтер не печатает — «срочно»"
SIGNED = "Signed with S/MIME. The signature was not verified."

TEXTS = {
    "h01-cp1251-without-charset": (
        "Здравейте! Пиша от Варна. Казвам се Димитър Колев, фирма Черно море. "
        "Моля, проверете поръчка 118. Благодаря."
    ),
    "h03-utf8-said-to-be-windows-1251": "Добрый день! Сайт не открывается — ошибка 503.",
    "h04-iso-2022-jp-with-numero-sign": "Счёт №41",
    "h06-smime-opaque-signed": "This text is signed, not encrypted.",
    "h06b-smime-opaque-signed-no-smime-type": "This text is signed, not encrypted.",
    "h09-boundary-other-than-named": "Привет",
    "h19-words-after-base64-padding": "Привет",
    "r01-smime-opaque-a": IRINA,
    "r01-smime-opaque-b": IRINA,
    "r01-smime-opaque-c": IRINA,
    "r13-utf8-under-cyrillic-charset-a": MARIA,
    "r13-utf8-under-cyrillic-charset-c": MARIA,
    "r13-utf8-under-cyrillic-charset-d": MARIA,
}
SUBJECTS = {
    "h03-utf8-said-to-be-windows-1251": "Сайт не открывается",
    "h04-iso-2022-jp-with-numero-sign": "Счёт №41",
    "h16-ideographic-space": "第１号　お知らせ",
}
PICTURES = [f"r07-cid-written-otherwise-{letter}" for letter in "abcde"]


@pytest.fixture
def arrive(cast: Cast, settle: Callable[[], None]) -> Arrive:
    """One of the mails, sent to the desk and read."""

    def came(name: str) -> Message:
        raw = (FAULTS / f"{name}.eml").read_bytes()
        take(raw, sender="", recipients=["hosting@desk.example"], source="smtp")
        settle()
        found = RawMail.objects.latest("pk").message
        assert found is not None
        return found

    return came


def frame(client: Client, message: Message) -> str:
    """The mail as it was sent."""
    page = client.get(f"/tickets/{message.ticket.number}/messages/{message.pk}/letter/")
    return page.content.decode()


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_on_the_page(name: str, cast: Cast, arrive: Arrive, signed_in: SignIn) -> None:
    message = arrive(name)
    assert message.text.strip() == TEXTS[name]
    page = unescape(html(signed_in(cast.anna).get(f"/tickets/{message.ticket.number}/")))
    assert TEXTS[name].split("\n")[0] in page


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_subject(name: str, cast: Cast, arrive: Arrive) -> None:
    assert arrive(name).ticket.subject == SUBJECTS[name]


@pytest.mark.parametrize("name", [name for name in TEXTS if "smime" in name])
def test_signed_mail_is_said_to_be_signed(
    name: str, cast: Cast, arrive: Arrive, signed_in: SignIn
) -> None:
    message = arrive(name)
    page = html(signed_in(cast.anna).get(f"/tickets/{message.ticket.number}/"))
    assert SIGNED in page
    assert "Encrypted" not in page
    kept = message.attachments.get()
    assert kept.file.name == "smime.p7m"
    assert kept.file.size == (1586 if name.startswith("r01") else 1574)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_named_otherwise_is_drawn(
    name: str, cast: Cast, arrive: Arrive, signed_in: SignIn
) -> None:
    message = arrive(name)
    assert message.attachments.get().is_inline
    found = re.search(
        r'<img src="data:image/png;base64,([^"]+)"', frame(signed_in(cast.anna), message)
    )
    assert found
    assert Image.open(BytesIO(b64decode(found[1]))).width == 10


def test_highlights_are_seen(cast: Cast, arrive: Arrive, signed_in: SignIn) -> None:
    client = signed_in(cast.anna)
    outlook = frame(client, arrive("r11-highlight-by-background-a"))
    assert outlook.count("background-color:yellow") == 2
    other = arrive("r11-highlight-by-background-b")
    page = frame(client, other)
    assert 'bgcolor="yellow"' in page
    assert "<mark>mark</mark>" in page
    assert 'style="background-color:#ffff00"' in page
    assert '<li value="7">' in page
    assert "3. три\n7. семь" in other.text
