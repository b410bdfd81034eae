"""Bad mails through the real door: each ends in a stored message, and the others go on (C50, C53, C57, C61)."""

import gzip
import resource
import time
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.test import Client

from firstline.mail.models import RawMail
from firstline.people.models import Person
from firstline.tickets.models import Attachment, Ticket
from tests.cast import Cast
from tests.doors import letter, post
from tests.files.papers import empty_png

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


def test_a_hundred_others_do_not_wait_for_bombs(
    stage: Cast, smtp: int, settle: Callable[[], None]
) -> None:
    """C50: all of them first, then a hundred ordinary mails, which are there within a minute."""
    desk = stage.hosting.address
    for raw in BOMBS.values():
        post(smtp, raw.encode(), CUSTOMER, desk)
    for number in range(100):
        post(
            smtp, letter(CUSTOMER, desk, f"Ordinary {number}", "An ordinary mail."), CUSTOMER, desk
        )
    began = time.monotonic()
    settle()
    assert time.monotonic() - began < 60
    assert Ticket.objects.filter(subject__startswith="Ordinary ").count() == 100
    assert RawMail.objects.filter(state="done").count() == 100 + len(BOMBS)


def test_files_that_would_burst_are_kept_as_they_are(
    stage: Cast, smtp: int, settle: Callable[[], None], signed_in: Callable[[Person], Client]
) -> None:
    """C53: nothing unpacks them, no preview draws them, and saving gives the same bytes."""
    zeros, inner, packed = bytes(10_000_000), BytesIO(), BytesIO()
    with ZipFile(inner, "w", ZIP_DEFLATED) as archive:
        archive.writestr("zeros", zeros)
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"{number}.zip", inner.getvalue())
    files = {"bomb.zip": packed.getvalue(), "bomb.gz": gzip.compress(zeros)}
    files["bomb.png"] = empty_png(50_000, 50_000)
    mail = letter(CUSTOMER, stage.hosting.address, "Files", "As you asked.")
    mail["Content-Encoding"] = "gzip"  # HTTP's, which mail does not know
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    post(smtp, mail, CUSTOMER, stage.hosting.address)
    settle()
    client, page = signed_in(stage.anna), f"/tickets/{Ticket.objects.get().number}/"
    for attachment in Attachment.objects.select_related("file"):
        address, content = f"{page}files/{attachment.pk}/", files[attachment.file.name]
        assert client.get(address).getvalue() == content
        assert client.get(f"{address}preview/").status_code == 404
        assert client.get(f"{address}viewer/").status_code == 200
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


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
