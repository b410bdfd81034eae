"""A mail on the ticket's page: as it was sent and harmless, as text, as it came, and who it is from."""

import base64
import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets.models import Message
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignIn = Callable[[Person], Client]
REMOTE = "https://tracker.example/open.gif"
HTML = f"""<p>See <b>this</b></p><script>hit()</script><style>p{{background:url({REMOTE})}}</style>
<img src="{REMOTE}?a=1&amp;b=2" alt="Logo"><img src="cid:shot@example"><img src="cid:gone@example" alt="Gone">
<p style="background-image:url({REMOTE});display:none">Not hidden</p><a href="javascript:hit()">Press</a>"""


def drawn() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (4, 3), "teal").save(picture, "PNG")
    return picture.getvalue()


def letter(sender: str, to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Svetlana <{sender}>"
    mail["To"], mail["Subject"], mail["Message-ID"] = (
        to,
        "A mail with pictures",
        "<one@example.com>",
    )
    mail.set_content(
        "See this\n\nOn Mon, 1 Jun 2026 at 10:00, Anna <a@desk.example> wrote:\n> Old words\n"
    )
    mail.add_alternative(HTML, subtype="html")
    part: Any = mail.get_payload()
    part[1].add_related(drawn(), "image", "png", cid="<shot@example>", filename="shot.png")
    return mail


@pytest.fixture
def arrive(cast: Cast, settle: Callable[[], None]) -> Callable[[EmailMessage], Message]:
    """A mail that came and was read."""

    def came(mail: EmailMessage) -> Message:
        take(bytes(mail), sender="", recipients=["hosting@desk.example"], source="smtp")
        settle()
        found = RawMail.objects.latest("pk").message
        assert found is not None
        return found

    return came


@pytest.fixture
def message(cast: Cast, arrive: Callable[[EmailMessage], Message]) -> Message:
    return arrive(letter(cast.svetlana.email, "hosting@desk.example"))


def address(message: Message, noun: str, side: str = "") -> str:
    return f"{side}/tickets/{message.ticket.number}/messages/{message.pk}/{noun}/"


def test_the_letter_is_harmless_and_shows_its_own_pictures(
    cast: Cast, message: Message, signed_in: SignIn
) -> None:
    for client, side in ((signed_in(cast.anna), ""), (signed_in(cast.svetlana), "/portal")):
        answer = client.get(address(message, "letter", side))
        page = html(answer)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "img-src data:;" in policy + ";"
        assert "sandbox allow-popups" in policy
        assert "script" not in policy  # nothing of the desk's own policy is left
        assert "'self'" not in policy.replace("frame-ancestors 'self'", "")
        assert f"data:image/png;base64,{base64.b64encode(drawn()).decode()}" in page
        assert not re.search(r"<script|javascript:|url\(|display:none", page)
        assert f' src="{REMOTE}' not in page
        assert "Not hidden" in page
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_remote_pictures_come_after_a_press_alone(
    cast: Cast, message: Message, signed_in: SignIn
) -> None:
    for client, side in ((signed_in(cast.anna), ""), (signed_in(cast.svetlana), "/portal")):
        ticket = html(client.get(f"{side}/tickets/{message.ticket.number}/"))
        assert REMOTE not in ticket
        assert address(message, "letter/pictures", side) in ticket
        answer = client.get(address(message, "letter/pictures", side))
        assert f'referrerpolicy="no-referrer" src="{REMOTE}?a=1&amp;b=2"' in answer.content.decode()
        assert "img-src data: https: http:" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "credentialless"


def test_text_and_source(cast: Cast, message: Message, signed_in: SignIn) -> None:
    anna = signed_in(cast.anna)
    page = html(anna.get(f"/tickets/{message.ticket.number}/"))
    assert address(message, "text") in page
    assert address(message, "source") in page
    text = anna.get(address(message, "text"))
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "See this" in text.content.decode()
    assert "> Old words" in text.content.decode()
    source: Any = anna.get(address(message, "source"))
    raw = source.getvalue()
    assert b"Message-ID: <one@example.com>" in raw
    assert b"<script>hit()" in raw
    assert source.headers["Content-Type"].startswith("text/plain")
    assert "sandbox" in source.headers["Content-Security-Policy"]


@pytest.mark.parametrize("noun", ["letter", "letter/pictures", "text", "source"])
def test_who_reads_it(cast: Cast, message: Message, signed_in: SignIn, noun: str) -> None:
    def code(person: Person) -> int:
        answer: Any = signed_in(person).get(address(message, noun))
        answer.getvalue()
        return int(answer.status_code)

    wanted = {person.name: 404 for person in (*cast.staff, *cast.customers)}
    wanted |= {p.name: 200 for p in (cast.administrator, cast.supervisor, cast.anna)}
    wanted[cast.observer.name] = 403 if noun == "source" else 200
    found = {person.name: code(person) for person in (*cast.staff, *cast.customers)}
    assert found == wanted
    assert Client().get(address(message, noun)).status_code == 302


def test_customers_have_no_source(cast: Cast, message: Message, signed_in: SignIn) -> None:
    client = signed_in(cast.svetlana)
    for noun in ("source", "text"):
        assert client.get(address(message, noun, "/portal")).status_code == 404
    page = html(client.get(f"/portal/tickets/{message.ticket.number}/"))
    assert "source/" not in page
    other = signed_in(cast.pyotr)
    assert other.get(address(message, "letter", "/portal")).status_code == 404


def test_what_staff_wrote_by_mail_is_text_alone_for_customers(
    cast: Cast, message: Message, signed_in: SignIn
) -> None:
    Message.objects.filter(pk=message.pk).update(kind="out")
    client = signed_in(cast.svetlana)
    assert client.get(address(message, "letter", "/portal")).status_code == 404
    assert "letter/" not in html(client.get(f"/portal/tickets/{message.ticket.number}/"))


def test_doubts_about_the_sender_are_shown_to_staff(
    cast: Cast, arrive: Callable[[EmailMessage], Message], signed_in: SignIn
) -> None:
    """C9, C10: who it is from stays, what contradicts it is shown."""
    mail = letter(cast.svetlana.email, "hosting@desk.example")
    mail["Reply-To"] = "Evil <evil@elsewhere.example>"
    mail["Sender"] = "other@elsewhere.example"
    message = arrive(mail)
    assert message.author == cast.svetlana
    page = html(signed_in(cast.anna).get(f"/tickets/{message.ticket.number}/"))
    assert "Look closely at the sender" in page
    assert "evil@elsewhere.example" in page
    assert "Yours goes to the sender." in page
    portal = html(signed_in(cast.svetlana).get(f"/portal/tickets/{message.ticket.number}/"))
    assert "evil@elsewhere.example" not in portal


def test_an_invitation_and_a_seal_are_told(
    cast: Cast, arrive: Callable[[EmailMessage], Message], signed_in: SignIn
) -> None:
    mail = letter(cast.svetlana.email, "hosting@desk.example")
    event = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Visit <b>\nDTSTART:20261201T120000Z\n"
    event += "LOCATION:Sofia\nEND:VEVENT\nEND:VCALENDAR\n"
    mail.add_attachment(event, subtype="calendar", filename="visit.ics")
    inside = EmailMessage()
    inside["From"], inside["Subject"] = "Petar <petar@example.org>", "The old bill"
    inside.set_content("Inside")
    mail.add_attachment(inside)
    message = arrive(mail)
    Message.objects.filter(pk=message.pk).update(reading=message.reading | {"seal": "pgp-signed"})
    for client, side in ((signed_in(cast.anna), ""), (signed_in(cast.svetlana), "/portal")):
        page = client.get(f"{side}/tickets/{message.ticket.number}/").content.decode()
        assert "Visit &lt;b&gt;" in page
        assert "01.12.2026 12:00 (UTC)" in page
        assert "Signed with PGP. The signature was not verified." in unescape(page)
        assert "The old bill" in page
        assert "petar@example.org" in page
        assert "visit.ics" in page


def test_a_message_that_was_no_mail_has_no_source(cast: Cast, signed_in: SignIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    message = ticket.messages.get()
    client = signed_in(cast.anna)
    assert client.get(address(message, "source")).status_code == 404
    assert client.get(address(message, "letter")).status_code == 404
    assert "About the mail" not in html(client.get(f"/tickets/{ticket.number}/"))
    assert actor(cast.anna).may(Permission.MAIL_RAW)  # so that it was not for want of the right


EVENT = """BEGIN:VCALENDAR\r
METHOD:{method}\r
BEGIN:VEVENT\r
SUMMARY:Visit\r
DTSTART;TZID="(UTC+02:00) Helsinki, Kyiv, Riga":20261201T143000\r
DURATION:PT1H30M\r
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10\r
DESCRIPTION:Agenda:\\n1. Prices <5>\\, terms\r
ATTENDEE;PARTSTAT={status};CN=Ivan Petrov:mailto:ivan@example.com\r
END:VEVENT\r
END:VCALENDAR\r
"""


def invited(sender: str, method: str, status: str = "NEEDS-ACTION") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "hosting@desk.example", "Visit"
    mail["Message-ID"] = f"<{method}-{status}@example.com>".lower()
    mail.set_content("See the invitation.")
    text = EVENT.format(method=method, status=status)
    mail.add_attachment(text, subtype="calendar", filename="invite.ics", params={"method": method})
    return mail


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["every 2 weeks: Monday, Friday; 10 times in all", "1 h 30 min", "Repeats", "Duration"],
        ),
        (
            "ru",
            ["каждые 2 недели: понедельник, пятница; всего 10 раз", "1 ч 30 мин", "Повторяется"],
        ),
        ("bg", ["на всеки 2 седмици: понеделник, петък; общо 10 пъти", "1 ч 30 мин", "Повтаря се"]),
    ],
)
def test_an_invitation_says_when_how_long_and_how_often(
    cast: Cast,
    arrive: Callable[[EmailMessage], Message],
    signed_in: SignIn,
    language: str,
    words: list[str],
) -> None:
    message = arrive(invited(cast.svetlana.email, "REQUEST"))
    for person, side in ((cast.anna, ""), (cast.svetlana, "/portal")):
        Person.objects.filter(pk=person.pk).update(language=language)
        page = signed_in(person).get(f"{side}/tickets/{message.ticket.number}/").content.decode()
        text = unescape(re.sub(r"<[^>]*>", "", page))
        assert "01.12.2026 14:30–16:00 ((UTC+02:00) Helsinki, Kyiv, Riga)" in text
        assert "Agenda:\n1. Prices <5>, terms" in text
        for word in words:
            assert word in text


@pytest.mark.parametrize(
    ("status", "word"),
    [("ACCEPTED", "Accepted"), ("DECLINED", "Declined"), ("TENTATIVE", "Accepted tentatively")],
)
def test_an_answer_to_an_invitation_says_which(
    cast: Cast,
    arrive: Callable[[EmailMessage], Message],
    signed_in: SignIn,
    status: str,
    word: str,
) -> None:
    message = arrive(invited(cast.svetlana.email, "REPLY", status))
    page = html(signed_in(cast.anna).get(f"/tickets/{message.ticket.number}/"))
    assert f"<b>{word}</b>: Ivan Petrov <ivan@example.com>" in page


def test_a_picture_is_found_however_its_address_is_written(
    cast: Cast, arrive: Callable[[EmailMessage], Message], signed_in: SignIn
) -> None:
    mail = letter(cast.svetlana.email, "hosting@desk.example")
    raw = bytes(mail).replace(b"cid:shot@example", b"CID:%3Cshot%40example%3E")
    message = arrive(message_from_bytes(raw, _class=EmailMessage))
    assert message.attachments.get().is_inline
    page = html(signed_in(cast.anna).get(address(message, "letter")))
    assert f"data:image/png;base64,{base64.b64encode(drawn()).decode()}" in page
