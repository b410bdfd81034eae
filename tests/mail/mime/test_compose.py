"""Our letters come back from the parser as they were meant, and carry nothing else (C18)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from firstline.mail.mime.compose import Address, Attachment, Letter, compose, new_message_id
from firstline.mail.mime.parse import parse

LETTER = Letter(
    sender=Address('Поддержка, "Орбита"', "support@desk.example"),
    recipients=(Address("O'Brien, Pat", "pat@vihren.example"), Address("", "c@d.example")),
    subject="Ваша заявка принята: принтер на втором этаже не работает",
    text="Здравствуйте,\nFrom here on:\n.\nвсё хорошо.",
    html="",
    message_id="<0123456789abcdef@desk.example>",
    in_reply_to="<a1@orbita.example>",
    references=("<a0@orbita.example>", "<a1@orbita.example>"),
    reply_to="reply+token@desk.example",
    date=datetime(2026, 11, 10, 7, 30, tzinfo=UTC),
    automatic=False,
)


def header_names(raw: bytes) -> list[bytes]:
    header = raw.partition(b"\r\n\r\n")[0]
    return [
        line.partition(b":")[0] for line in header.split(b"\r\n") if line[:1] not in (b" ", b"\t")
    ]


def test_there_and_back() -> None:
    raw = compose(LETTER)
    back = parse(raw)
    assert back.sender == LETTER.sender
    assert back.to == LETTER.recipients
    assert back.subject == LETTER.subject
    assert back.text == LETTER.text
    assert back.message_id == LETTER.message_id
    assert back.in_reply_to == (LETTER.in_reply_to,)
    assert back.references == LETTER.references
    assert back.reply_to == (Address("", LETTER.reply_to),)
    assert back.date == LETTER.date
    assert (back.defects, back.attachments, back.html) == ((), (), "")
    assert "auto-submitted" not in back.headers


@pytest.mark.parametrize(
    "letter", [LETTER, replace(LETTER, html="<p>x</p>" * 500, text="a" * 2000)]
)
def test_lines(letter: Letter) -> None:
    """RFC 5322 2.1.1, and no lone line feed or carriage return."""
    lines = compose(letter).split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(line.isascii() for line in lines)


def test_html_and_pictures_and_files() -> None:
    files = (
        Attachment("Счёт № 1.pdf", "application/pdf", b"%PDF\r\n\x00\xff", False, ""),
        Attachment("screen.png", "image/png", b"\x89PNG", True, "pic@desk.example"),
        Attachment("mail.eml", "message/rfc822", b"From: x\n\nexact\r\nbytes", False, ""),
    )
    html = '<p>Здравствуйте</p><img src="cid:pic@desk.example">'
    back = parse(compose(replace(LETTER, html=html, attachments=files)))
    assert back.text == LETTER.text
    assert back.html == html
    assert {(file.name, file.content, file.inline) for file in back.attachments} == {
        (file.name, file.content, file.inline) for file in files
    }


def test_automatic_letters_say_so() -> None:
    answer = parse(compose(replace(LETTER, automatic=True))).headers
    news = parse(compose(replace(LETTER, automatic=True, in_reply_to=""))).headers
    assert answer["auto-submitted"] == ("auto-replied",)
    assert news["auto-submitted"] == ("auto-generated",)
    assert answer["x-auto-response-suppress"] == news["x-auto-response-suppress"] == ("All",)


@pytest.mark.parametrize(
    "evil",
    [
        "x\r\nBcc: evil@x.example",
        "x\nBcc: evil@x.example",
        "x\rBcc: evil@x.example",
        "=?utf-8?Q?x=0D=0ABcc:_evil@x.example?=",
        "x\x00\x0b\x0c\x85\u2028Bcc: evil@x.example",
        "тема\r\n\r\n<script>",
        "x" * 3000,
        '"<evil@x.example>, "',
    ],
)
def test_nothing_can_begin_a_header(evil: str) -> None:
    letter = replace(
        LETTER,
        sender=replace(LETTER.sender, name=evil),
        recipients=(Address(evil, "pat@vihren.example"),),
        subject=evil,
        references=(evil, "<ok@x.example>"),
        in_reply_to=evil,
        attachments=(Attachment(evil, evil, b"x", False, evil),),
    )
    raw = compose(letter)
    assert header_names(raw) == [
        b"From", b"To", b"Reply-To", b"Subject", b"Date", b"Message-ID", b"References",
        b"Content-Type", b"MIME-Version",
    ]  # fmt: skip
    back = parse(raw)
    assert [box.email for box in back.to] == ["pat@vihren.example"]
    assert [box.email for box in back.from_addresses] == ["support@desk.example"]
    assert back.references == ("<ok@x.example>",)


@pytest.mark.parametrize(
    "email",
    ["", "a", "a@b.example\r\nBcc: x", "a b@c.example", "<a@b.example>"],
)
def test_bad_addresses_are_refused(email: str) -> None:
    for letter in (
        replace(LETTER, sender=Address("x", email)),
        replace(LETTER, recipients=(Address("x", email),)),
    ):
        with pytest.raises(ValueError, match="not an address"):
            compose(letter)


def test_refused() -> None:
    with pytest.raises(ValueError, match="needs a recipient"):
        compose(replace(LETTER, recipients=()))
    with pytest.raises(ValueError, match="not a Message-ID"):
        compose(replace(LETTER, message_id="<a\r\nb@c.example>"))


def test_cyrillic_domain() -> None:
    raw = compose(replace(LETTER, recipients=(Address("", "ivan@пример.бг"),)))
    assert b"To: ivan@xn--e1afmkfd.xn--90ae\r\n" in raw


def test_long_chains_keep_their_ends() -> None:
    chain = tuple(f"<{number}@x.example>" for number in range(100))
    references = parse(compose(replace(LETTER, references=chain))).references
    assert len(references) == 20
    assert references[0] == "<0@x.example>"
    assert references[-2:] == ("<99@x.example>", LETTER.in_reply_to)


def test_message_ids_cannot_be_guessed() -> None:
    ids = {new_message_id("desk.example") for _ in range(1000)}
    assert len(ids) == 1000
    local = min(ids).partition("@")[0]
    assert len(local) * 4 >= 128
    with pytest.raises(ValueError, match="not a domain"):
        new_message_id("desk.example>\r\nX: y")
