"""Mails inside a mail, and dates: what is read of them, in which form, within which bounds."""

import time

import pytest

from firstline.mail.mime import dates, limits
from firstline.mail.mime.calendars import invitation
from firstline.mail.mime.parse import parse
from firstline.mail.mime.quotes import INSIDE, kind_of

OUTER = (
    b"From: a@example.com\r\nSubject: Outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nSee below\r\n"
)
INNER = (
    b"From: Petar <petar@example.org>\r\nSubject: Old bill\r\nDate: Sun, 22 Nov 2026 21:36:14 +0200\r\n"
    b"\r\nPay until Monday.\r\n"
)


def with_mails(*inner: bytes, head: bytes = b"Content-Type: message/rfc822") -> bytes:
    return (
        OUTER + b"".join(b"--b\r\n%s\r\n\r\n%s\r\n" % (head, one) for one in inner) + b"--b--\r\n"
    )


def test_its_text_is_told_below_its_heading() -> None:
    mail = parse(with_mails(INNER))
    assert mail.text == "See below"
    assert mail.inside == (
        f"{INSIDE}\nFrom: Petar <petar@example.org>\nDate: 22.11.2026 19:36 UTC\nSubject: Old bill\n\n"
        "Pay until Monday."
    )
    assert kind_of(mail.inside) == "mail"
    assert kind_of(f"-- \nIvan\n\n{mail.inside}") == "mail"


def test_a_mail_by_its_name_and_with_html_alone() -> None:
    head = (
        b"Content-Type: application/octet-stream; name=old.eml\r\nContent-Disposition: attachment"
    )
    html = b"Subject: Page\r\nContent-Type: text/html\r\n\r\n<p>Words <b>here</b></p>"
    mail = parse(with_mails(html, head=head))
    assert mail.inside == f"{INSIDE}\nSubject: Page\n\nWords here"
    assert [one["file"] for one in mail.nested] == ["old.eml"]


def test_bounds_hold_and_files_are_whole() -> None:
    long = b"Subject: Long\r\n\r\n" + b"word and word\r\n" * 20_000
    started = time.process_time()
    mail = parse(with_mails(*[long] * 12))
    assert time.process_time() - started < 5
    assert len(mail.inside) < limits.NESTED_TEXT + 1_000
    assert mail.inside.endswith("[…]")
    assert len(mail.nested) == limits.NESTED
    assert [len(one.content) for one in mail.attachments] == [len(long)] * 12


def test_a_mail_inside_a_mail_inside_is_not_opened() -> None:
    inner = b"Subject: One\r\nContent-Type: message/rfc822\r\n\r\n" + INNER
    assert "Pay until" not in parse(with_mails(inner)).inside


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Sun, 22 Nov 2026 19:36:14 -0000", "22.11.2026 19:36 UTC"),
        ("22 Nov 2026 00:10 +0300", "21.11.2026 21:10 UTC"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_a_date_is_readable(written: str, told: str) -> None:
    assert dates.readable(written) == told


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        (":20170127T150000Z", ":20170127T160000Z", ("27.01.2017 15:00", "16:00")),
        (":20170127T230000Z", ":20170128T010000Z", ("27.01.2017 23:00", "28.01.2017 01:00")),
        (";VALUE=DATE:20170127", ";VALUE=DATE:20170128", ("27.01.2017", "")),
        (";VALUE=DATE:20170127", ";VALUE=DATE:20170130", ("27.01.2017", "29.01.2017")),
        (":20170231T150000Z", ":20170127T256000Z", ("", "")),
    ],
)
def test_when_an_invitation_is(starts: str, ends: str, told: tuple[str, str]) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART{starts}\nDTEND{ends}\nEND:VEVENT\n"
    found = invitation(text.encode(), "")
    assert found is not None
    assert (found.starts, found.ends) == told
