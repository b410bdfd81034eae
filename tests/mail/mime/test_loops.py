"""Machines are told from people, and never the other way round (quality C14-C17, G7)."""

import pytest

from firstline.mail.mime.loops import Bounce, Nature, nature, read_bounce
from firstline.mail.mime.parse import parse
from tests.mail.mime.letters import mail, raw


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain_en", Nature.PERSON),
        ("away_ru", Nature.AUTO_REPLY),
        ("away_subject_only", Nature.PERSON),
        ("asks_about_bounce", Nature.PERSON),
        ("newsletter", Nature.BULK),
        ("bounce_report", Nature.BOUNCE),
        ("bounce_delayed", Nature.BOUNCE),
        ("bounce_qmail", Nature.BOUNCE),
    ],
)
def test_nature(name: str, expected: Nature) -> None:
    assert nature(mail(name), None) is expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Auto-Submitted: auto-generated", Nature.AUTO_REPLY),
        ("Auto-Submitted: no", Nature.PERSON),
        ("X-Autoreply: yes", Nature.AUTO_REPLY),
        ("X-Auto-Response-Suppress: All", Nature.PERSON),
        ("X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-replied", Nature.AUTO_REPLY),
        ("X-Auto-Response-Suppress: OOF\r\nSubject: Out of office", Nature.AUTO_REPLY),
        ("Subject: Out of office", Nature.PERSON),
        ("Precedence: bulk", Nature.BULK),
        ("Precedence: bulk\r\nSubject: Извън офиса", Nature.AUTO_REPLY),
        ("List-Id: <news.vihren.example>", Nature.BULK),
        ("Return-Path: <>", Nature.AUTO_REPLY),
        (
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
            Nature.AUTO_REPLY,
        ),
    ],
)
def test_signs(field: str, expected: Nature) -> None:
    letter = parse(f"From: irina@orbita.example\r\n{field}\r\n\r\nHello".encode())
    assert nature(letter, None) is expected


def test_the_envelope_decides_over_return_path() -> None:
    forged = parse(b"From: a@b.example\r\nReturn-Path: <>\r\n\r\nHello")
    assert nature(forged, "a@b.example") is Nature.PERSON
    assert nature(mail("plain_en"), "") is Nature.AUTO_REPLY


def test_mailer_daemon_is_no_person() -> None:
    assert nature(parse(b"From: MAILER-DAEMON@x.example\r\n\r\nHi"), None) is Nature.AUTO_REPLY


def test_report_for_machines() -> None:
    assert read_bounce(raw("bounce_report")) == Bounce(
        ("nobody@vihren.example",),
        "<sent-by-us@desk.example>",
        True,
        "smtp; 550 5.1.1 no such user",
    )


def test_delay_is_not_the_end() -> None:
    assert read_bounce(raw("bounce_delayed")) == Bounce(
        ("slow@vihren.example",), "<sent-later@desk.example>", False, "4.4.1"
    )


def test_form_older_than_the_standard() -> None:
    assert read_bounce(raw("bounce_qmail")) == Bounce(
        ("gone@old.example",),
        "<plain-copy@desk.example>",
        True,
        "Sorry, no mailbox here by that name. (#5.1.1)",
    )


@pytest.mark.parametrize("name", ["plain_en", "away_ru", "asks_about_bounce", "files"])
def test_no_bounce(name: str) -> None:
    assert read_bounce(raw(name)) is None


def test_nothing_is_no_bounce() -> None:
    assert read_bounce(b"") is None


STRANGE = [
    b"Return-Path: <>\nSubject: Undelivered mail\n\nUser unknown: a@b.example\n",
    b"Return-Path: <>\nFrom: \xff\xfe\nSubject: Undelivered mail \xff\n\nUser unknown: a@b.example\n",
    b"Return-Path: <>\nSubject: Undelivered mail\nContent-Type: multipart/report\n\nUser unknown\n",
    b"Return-Path: <>\nFrom: <>\nContent-Type: text/plain; charset=none\nSubject: Failure notice\n\n\xff\n",
]


@pytest.mark.parametrize("raw_mail", STRANGE)
def test_a_mail_that_no_detector_foresaw_writes_nothing_into_the_log(
    raw_mail: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger=""):
        assert read_bounce(raw_mail) is not None
    assert not [record for record in caplog.records if record.exc_info]
