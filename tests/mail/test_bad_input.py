"""Bad mails through the real door: each ends in a stored message, and the others go on (C50, C57, C61)."""

import time
from collections.abc import Callable

import pytest

from firstline.mail.models import RawMail
from firstline.tickets.models import Ticket
from tests.cast import Cast
from tests.doors import letter, post

CUSTOMER = "svetlana@orbita.example"
HEAD = f"From: {CUSTOMER}\r\nSubject: bomb\r\nMessage-ID: <%s@orbita.example>\r\n"
BOMBS = {
    "comments": f"From: {'(' * 6000} {CUSTOMER}\r\nSubject: bomb\r\n\r\ntext\r\n",
    "nested-rfc822": HEAD % 1 + "Content-Type: message/rfc822\r\n\r\n" * 1000 + "text\r\n",
    "nested-multipart": HEAD % 2
    + "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(2000)
    ),
    "parameters": HEAD % 3 + "Content-Type: text/plain" + "; a=b" * 19_000 + "\r\n\r\ntext\r\n",
    "encoded-words": f"From: {CUSTOMER}\r\nSubject: {'=?utf-8?Q?=D0=B0?= ' * 14_000}\r\n\r\ntext\r\n",
    "recipients": f"From: {CUSTOMER}\r\nTo: {', '.join(f'a{n}@orbita.example' for n in range(4000))}\r\n"
    "Subject: bomb\r\n\r\ntext\r\n",
    "parts": HEAD % 4
    + 'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
    + "--x\r\n\r\n" * 20_000
    + "--x--\r\n",
    "html": HEAD % 5 + "Content-Type: text/html\r\n\r\n" + "<div>" * 60_000 + "text\r\n",
    "quote": HEAD % 6 + "\r\n" + "On " * 20_000 + "\r\n" + "> " * 20_000 + "\r\n",
    "no-from": "Subject: who am I\r\n\r\ntext\r\n",
    "nothing-but-a-header": HEAD % 7,
    "nothing": "\r\n",
    "unknown-charset": HEAD % 8 + "Content-Type: text/plain; charset=cp-1251-x\r\n\r\ntext\r\n",
    "nul": HEAD % 9 + "\r\na\x00b\r\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bad_mail_is_kept_and_the_next_one_passes(
    name: str, stage: Cast, smtp: int, settle: Callable[[], None]
) -> None:
    desk = stage.hosting.address
    post(smtp, BOMBS[name].encode(), CUSTOMER, desk)
    post(smtp, letter(CUSTOMER, desk, "Next", "An ordinary mail."), CUSTOMER, desk)
    began = time.process_time()
    settle()
    assert time.process_time() - began < 10
    assert Ticket.objects.filter(subject="Next").count() == 1
    bad = RawMail.objects.order_by("pk").first()
    assert bad is not None
    assert bad.state == "done"
    assert bad.outcome in {"opened", "not-understood"}
    assert bad.trace


def test_cyrillic_without_a_word_about_it_is_read(
    stage: Cast, smtp: int, settle: Callable[[], None]
) -> None:
    text = "Здравствуйте, не открывается сайт, помогите пожалуйста разобраться."
    raw = b"From: %s\r\nSubject: " % CUSTOMER.encode() + "Не открывается сайт".encode("cp1251")
    post(smtp, raw + b"\r\n\r\n" + text.encode("cp1251") + b"\r\n", CUSTOMER, stage.hosting.address)
    settle()
    ticket = Ticket.objects.get()
    assert ticket.subject == "Не открывается сайт"
    assert ticket.messages.get().text.strip() == text
