"""What a mail holds beside its text: winmail.dat, invitations, seals, mails inside, who it is from."""

import json
import struct
import time
from collections.abc import Callable

import pytest

from firstline.base import html as sanitiser
from firstline.base import plain
from firstline.mail.mime import quotes
from firstline.mail.mime.identity import reading
from firstline.mail.mime.parse import parse
from tests.mail.mime.expected import CORPUS

here = pytest.mark.skipif(not CORPUS.is_dir(), reason="the mail corpus is not here")


def attribute(level: int, name: int, kind: int, content: bytes) -> bytes:
    head = struct.pack("<BHHI", level, name, kind, len(content))
    return head + content + struct.pack("<H", sum(content) & 0xFFFF)


def text_property(name: int, text: str) -> bytes:
    value = text.encode("utf-16-le") + b"\x00\x00"
    head = struct.pack("<HHII", 0x001F, name, 1, len(value))
    return head + value + b"\x00" * (-len(value) % 4)


def winmail(*files: tuple[str, bytes], text: str = "") -> bytes:
    """A winmail.dat as Outlook writes it, with names in UTF-16."""
    data = struct.pack("<IH", 0x223E9F78, 1)
    data += attribute(1, 0x9007, 6, struct.pack("<II", 1251, 0))
    if text:
        body = struct.pack("<I", 1) + text_property(0x1000, text)
        data += attribute(1, 0x9003, 6, body)
    for name, content in files:
        data += attribute(2, 0x9002, 6, b"\x00" * 14)
        data += attribute(2, 0x800F, 6, content)
        data += attribute(2, 0x9005, 6, struct.pack("<I", 1) + text_property(0x3707, name))
    return data


def mail_with(kind: str, content: bytes, text: bytes = b"Hello") -> bytes:
    return (
        b"From: Ivan <ivan@example.com>\r\nSubject: Files\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        + text
        + b"\r\n--b\r\nContent-Type: "
        + kind.encode()
        + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + content
        + b"\r\n--b--\r\n"
    )


def base64_of(content: bytes) -> bytes:
    import base64

    return base64.encodebytes(content)


def outlook(content: bytes, text: bytes = b"Hello") -> bytes:
    raw = mail_with('application/ms-tnef; name="winmail.dat"', base64_of(content), text)
    return raw.replace(b"8bit", b"base64")


def test_winmail_gives_its_files_and_its_text() -> None:
    packed = winmail(
        ("Договор № 5.pdf", b"%PDF-1.4 \x00\x01"), ("a.txt", b"A"), text="Здравствуйте"
    )
    mail = parse(outlook(packed))
    assert [(file.name, file.content) for file in mail.attachments] == [
        ("Договор № 5.pdf", b"%PDF-1.4 \x00\x01"),
        ("a.txt", b"A"),
    ]
    assert mail.text == "Hello"
    assert parse(outlook(packed, text=b"")).text == "Здравствуйте"


def test_a_broken_winmail_stays_a_file() -> None:
    packed = winmail(("a.txt", b"A" * 100))
    for broken in (b"no tnef at all", packed[:40], b"\x78\x9f\x3e\x22" + b"\xff" * 500):
        (file,) = parse(outlook(broken)).attachments
        assert file.name == "winmail.dat"
        assert file.content == broken
    for end in range(6, len(packed)):
        parse(outlook(packed[:end]))  # never raises, wherever it was cut


INVITATION = """BEGIN:VCALENDAR\r
METHOD:REQUEST\r
BEGIN:VTIMEZONE\r
TZID:Europe/Sofia\r
BEGIN:STANDARD\r
DTSTART:19701025T040000\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
SUMMARY:Преглед на климатик\\, етаж 3\r
DTSTART;TZID=Europe/Sofia:20261201T143000\r
DTEND;TZID=Europe/Sofia:20261201T150000\r
LOCATION:ул. Шипка 5\\nСофия\r
ORGANIZER;CN="Петров; Иван":mailto:ivan@example.com\r
BEGIN:VALARM\r
SUMMARY:Not this one\r
END:VALARM\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_an_invitation_is_told_above_its_file() -> None:
    mail = parse(mail_with("text/calendar; charset=utf-8; method=REQUEST", INVITATION.encode()))
    assert mail.invitation == {
        "method": "REQUEST",
        "title": "Преглед на климатик, етаж 3",
        "starts": "01.12.2026 14:30",
        "ends": "15:00",
        "zone": "Europe/Sofia",
        "place": "ул. Шипка 5 София",
        "organiser": "Петров; Иван <ivan@example.com>",
    }
    assert [file.content_type for file in mail.attachments] == ["text/calendar"]


@here
def test_invitations_of_the_corpus() -> None:
    told = {}
    for path in sorted(CORPUS.rglob("*.eml")):
        raw = path.read_bytes()
        if b"BEGIN:VEVENT" in raw and b"text/calendar" in raw:
            told[path.name] = parse(raw).invitation
    print(f"\n{sum(bool(one) for one in told.values())} of {len(told)} invitations told")
    assert told
    assert all(told.values()), told


@here
@pytest.mark.parametrize(
    ("name", "seal"),
    [
        ("rt/smime/mails/1-signed.eml", "smime-signed"),
        ("rt/smime/mails/4-encrypted-plain.eml", "smime-encrypted"),
        ("rt/gnupg/emails/1-signed-MIME-plain.txt", "pgp-signed"),
        ("rt/gnupg/emails/8-encrypted-MIME-with-attachment.txt", "pgp-encrypted"),
        ("rt/gnupg/emails/6-signed-inline-with-binary.txt", "pgp-signed"),
        ("zammad/mail001.box", ""),
    ],
)
def test_seals_are_said_and_files_kept(name: str, seal: str) -> None:
    mail = parse((CORPUS / name).read_bytes())
    assert mail.seal == seal
    if seal.endswith("encrypted"):
        assert mail.attachments


def test_a_mail_inside_has_a_readable_head() -> None:
    inside = (
        b"From: =?utf-8?b?0JjQstCw0L0=?= <ivan@example.org>\r\nSubject: =?utf-8?b?0KHQvNC10YLQutCw?=\r\n"
        b"Date: Tue, 1 Dec 2026 14:30:00 +0200\r\n\r\nText inside\r\n"
    )
    mail = parse(mail_with("message/rfc822", inside))
    (head,) = mail.nested
    assert head["from"] == [["Иван", "ivan@example.org"]]
    assert head["subject"] == "Сметка"
    assert head["date"] == "01.12.2026 12:30 UTC"
    assert head["file"] == mail.attachments[0].name == "Сметка.eml"
    assert b"Text inside" in mail.attachments[0].content
    assert "Text inside" not in mail.text


def test_uuencoded_files_leave_the_text() -> None:
    raw = b"From: a@example.com\r\n\r\nLook:\r\n\r\nbegin 644 a.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n\r\nBye\r\n"
    mail = parse(raw)
    assert [(file.name, file.content) for file in mail.attachments] == [("a.txt", b"hello")]
    assert "begin 644" not in mail.text
    assert mail.text.startswith("Look:")
    assert mail.text.endswith("Bye")


@pytest.mark.parametrize(
    ("head", "sender", "doubts"),
    [
        ("From: A <a@example.com>", "a@example.com", []),
        (  # never decoded: an address that nobody has
            "From: =?utf-8?Q?attacker?Q?agent?=@victim.example",
            "=?utf-8?Q?attacker?Q?agent?=@victim.example",
            [],
        ),
        (
            "From: A <a@example.com>, B <b@example.com>\nSender: b@example.com",
            "a@example.com",
            ["several-from", "sent-by-another"],
        ),
        (
            "From: A <a@example.com>\nFrom: B <b@example.com>",
            "a@example.com",
            ["several-from"],
        ),
        (
            "From: A <a@example.com>\nReply-To: evil@example.org",
            "a@example.com",
            ["reply-elsewhere"],
        ),
        (
            'From: "boss@victim.example" <a@example.com>',
            "a@example.com",
            ["name-is-an-address"],
        ),
        ("From: <>\nSender: s@example.com", "s@example.com", ["no-from"]),
        ("From:\nReply-To: r@example.com", "r@example.com", ["no-from"]),
        ("From:\nReturn-Path: <p@example.com>", "p@example.com", ["no-from"]),
        ("Subject: nobody", "", ["no-from"]),
    ],
)
def test_who_it_is_from_follows_one_rule(head: str, sender: str, doubts: list[str]) -> None:
    """C8-C10."""
    mail = parse(f"{head}\n\nText".encode())
    assert mail.sender.email == sender
    assert reading(mail).get("doubts", []) == doubts


@here
def test_every_confusing_sender_of_the_corpus_is_read() -> None:
    names = [*CORPUS.glob("rub-johnny/04-id/**/*.eml"), *CORPUS.glob("rspamd/from*/**/*.eml")]
    names += CORPUS.glob("rub-johnny/**/i[123]*.eml")
    assert names
    told = {path.name: reading(parse(path.read_bytes())).get("doubts", []) for path in names}
    print(f"\n{sum(bool(one) for one in told.values())} of {len(told)} with something to look at")
    assert sum(bool(one) for one in told.values()) > len(told) // 2


SHAPES: dict[str, Callable[[int], str]] = {
    "links": lambda n: "".join(
        f'<a href="https://x.example/{i}">link {i}</a> ' for i in range(250 * n)
    ),
    "spaces": lambda n: "<p>" + " &nbsp;" * (8_000 * n) + "</p>",
    "open divs": lambda n: "<div>" * (200 * n) + "x",
    "closed divs": lambda n: "<div>x</div>" * (1_500 * n),
    "open fonts": lambda n: "<font>x" * (60 * n),
    "styles": lambda n: '<p style="color:#111;margin:1px">x</p>' * (600 * n),
    "entities": lambda n: "&lt;&amp;" * (8_000 * n),
    "signs": lambda n: "<" * (10_000 * n),
}
LINES: dict[str, Callable[[int], str]] = {
    "on on on": lambda n: "On " * (8_000 * n) + "wrote:",
    "short on": lambda n: "On\n" * (3_000 * n),
    "quote signs": lambda n: ">" * (40_000 * n),
    "quotes": lambda n: "> x\n" * (3_000 * n),
    "dashes": lambda n: "-" * (40_000 * n),
    "empty": lambda n: "\n" * (6_000 * n),
    "fields": lambda n: "From: x\n" * (3_000 * n),
    "at signs": lambda n: "a@" * (20_000 * n),
    "dots": lambda n: "http://" + "a." * (20_000 * n),
    "devices": lambda n: "Sent from " * (5_000 * n),
}


def cost(work: Callable[[str], object], text: str) -> float:
    best = 9.0
    for _ in range(3):
        started = time.process_time()
        work(text)
        best = min(best, time.process_time() - started)
    return best


def check_linear(name: str, work: Callable[[str], object], shape: Callable[[int], str]) -> None:
    """C51: at eight times the size at most eight times the time, times 1.3, and never a second.

    Measured anew up to five times, because others use the machine; 100 ms are too little to compare: what grows
    with the square of the size takes longer there.
    """
    for _ in range(5):
        small, large = cost(work, shape(4)), cost(work, shape(32))
        if large <= max(small * 8 * 1.3, 0.1):
            break
    print(f"\n{name}: {small * 1000:.1f} ms, eight times as long {large * 1000:.1f} ms")
    assert large < 1
    assert large <= max(small * 8 * 1.3, 0.1)


@pytest.mark.parametrize("name", SHAPES)
def test_html_costs_no_more_than_its_size(name: str) -> None:
    check_linear(name, lambda text: plain.to_text(sanitiser.clean(text)), SHAPES[name])


@pytest.mark.parametrize("name", LINES)
def test_text_costs_no_more_than_its_size(name: str) -> None:
    """C52: folding quotes, and making links."""
    check_linear(name, quotes.split, LINES[name])
    check_linear(name, plain.link, LINES[name])


@here
def test_every_body_ten_times_over_takes_less_than_a_second() -> None:
    """C52: all reply bodies and the texts of all mails, ten times repeated."""
    bodies = [
        path.read_bytes().decode("utf-8", "replace") for path in CORPUS.glob("*repl*/**/*.txt")
    ]
    bodies += [
        path.read_text("utf-8", "replace") for path in CORPUS.glob("talon/**/*") if path.is_file()
    ]
    worst = 0.0
    for body in bodies:
        started = time.process_time()
        quotes.split(body * 10)
        between = time.process_time()
        plain.link(body * 10)
        worst = max(worst, between - started, time.process_time() - between)
    print(f"\n{len(bodies)} bodies, the slowest took {worst:.2f} s")
    assert len(bodies) > 100
    assert worst < 1


HIDDEN = (
    '<p>Seen</p><div style="display:none">secret one</div><span style="font-size:0">secret two</span>'
    '<p style="color:#fff">secret three</p><p style="position:absolute;left:-999px">secret four</p>'
)


def test_hidden_text_is_no_secret() -> None:
    """C24: what is quoted is what was seen, because nothing that hides stays in what is shown."""
    mail = parse(b"From: a@example.com\nContent-Type: text/html\n\n" + HIDDEN.encode())
    for secret in ("one", "two", "three", "four"):
        assert f"secret {secret}" in mail.text
        assert f"secret {secret}" in mail.html
    assert "style=" not in mail.html


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone", "Get Outlook for Android", "Отправлено с iPhone",
        "Отправлено из мобильной Почты Mail.ru", "Изпратено от моя iPhone", "Изпратено от Yahoo Mail",
    ],
)  # fmt: skip
def test_what_a_telephone_writes_is_folded(line: str) -> None:
    assert quotes.split(f"Done, thanks.\n\n{line}\n") == ("Done, thanks.\n\n", f"{line}\n")
    told = f"It was\n{line}\nand then it broke down.\n"
    assert quotes.split(told) == (told, "")


def test_remote_pictures_survive_being_cleaned_again() -> None:
    once = sanitiser.clean(
        '<img src="https://x.example/a.png?b=1&amp;c=2" alt="A"><img data-src="cid:x">'
    )
    assert ' data-src="https://x.example/a.png?b=1&amp;c=2"' in once
    assert "cid:" not in once
    assert " src=" not in once
    assert sanitiser.clean(once) == once


@here
def test_what_is_kept_of_a_mail_can_be_kept_everywhere() -> None:
    """No NUL and no half characters, which a database refuses; small; without line breaks."""
    for path in [*CORPUS.rglob("*.eml"), *CORPUS.rglob("*.box"), *CORPUS.rglob("*.msg")]:
        kept = json.dumps(reading(parse(path.read_bytes())), ensure_ascii=False)
        kept.encode()
        assert "\\u0000" not in kept, path
        assert len(kept) < 20_000, path
