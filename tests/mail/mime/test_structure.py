"""Mails whose structure is not as they say, read as a mail program shows them."""

import pytest

from firstline.mail.mime import dates
from firstline.mail.mime.addresses import Address, read
from firstline.mail.mime.headers import clean
from firstline.mail.mime.parse import Mail, parse
from firstline.mail.mime.transfer import content_of
from firstline.mail.mime.tree import read as tree_of

FORMS = (
    "--{b}\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "=D0=9F=D1=80=D0=B8=D0=B2=D0=B5=D1=82\n\n--{b}\nContent-Type: text/html; charset=UTF-8\n\n"
    "<p>Hello</p>\n\n--{b}--\n"
)


def mail(fields: str, body: str) -> Mail:
    text = f"From: Boris <b@example.com>\nMIME-Version: 1.0\n{fields}\n\n{body}"
    return parse(text.replace("\n", "\r\n").encode())


def test_a_boundary_other_than_the_one_named() -> None:
    found = mail('Content-Type: multipart/alternative; boundary="aaa"', FORMS.format(b="bbb"))
    assert found.text == "Привет"
    assert found.html.strip() == "<p>Hello</p>"
    bare = mail(
        'Content-Type: multipart/mixed; boundary="aaa"', "--bbb\n\nHi\n--bbb\n\nThere\n--bbb--\n"
    )
    assert bare.text == "Hi\n\nThere"


def test_an_inner_boundary_other_than_the_one_named() -> None:
    inner = 'Content-Type: multipart/alternative; boundary="aaa"\n\n' + FORMS.format(b="bbb")
    body = f"--o\n{inner}\n--o\nContent-Type: text/plain; name=a.txt\n\nA\n--o--\n"
    found = mail('Content-Type: multipart/mixed; boundary="o"', body)
    assert found.text == "Привет"
    assert [file.name for file in found.attachments] == ["a.txt"]


def test_words_behind_a_boundary() -> None:
    body = (
        "--x here it begins\nContent-Type: text/plain\n\nHi\n--x more\n"
        "Content-Type: text/plain; name=a.txt\n\nA\n--x-- the end\nrest"
    )
    found = mail('Content-Type: multipart/mixed; boundary="x"', body)
    assert found.text == "Hi"
    assert [(file.name, file.content) for file in found.attachments] == [("a.txt", b"A")]


def test_a_boundary_with_a_blank_in_it_and_lines_that_are_none() -> None:
    body = (
        "--x y\n\nHi\n-- \nBoris\n--x are not a boundary\n"
        "--x y\nContent-Type: text/plain; name=a.txt\n\nA\n--x y--\n"
    )
    found = mail('Content-Type: multipart/mixed; boundary="x y"', body)
    assert found.text == "Hi\n-- \nBoris\n--x are not a boundary"
    assert [file.name for file in found.attachments] == ["a.txt"]


@pytest.mark.parametrize("place", ["before", "behind"])
def test_two_content_types_of_a_multipart(place: str) -> None:
    fields = ["Content-Type: text/plain", 'Content-Type: multipart/alternative; boundary="b"']
    fields = fields if place == "before" else fields[::-1]
    found = mail("\n".join(fields), FORMS.format(b="b"))
    assert found.text == "Привет"
    assert found.html.strip() == "<p>Hello</p>"


def test_two_content_types_of_a_text() -> None:
    page = "<p>Привет</p>"
    plain, html = "Content-Type: text/plain", "Content-Type: text/html; charset=utf-8"
    for fields in (f"{plain}\n{html}", f"{html}\n{plain}"):
        assert mail(fields, page).html == page
        assert mail(fields, "Привет").text == "Привет"
        assert mail(fields, "Привет").html == ""
    inner = f"--o\n{plain}\n{html}\n\n{page}\n--o--\n"
    assert mail('Content-Type: multipart/mixed; boundary="o"', inner).html == page


def base64_body(text: str) -> bytes:
    return content_of(tree_of(f"Content-Transfer-Encoding: base64\r\n\r\n{text}".encode()))


def test_letters_behind_base64_padding() -> None:
    assert base64_body("0J/RgNC40LLQtdGC== ignored").decode() == "Привет"
    assert (
        base64_body("SGVsbG8=\r\n________________\r\nA list, https://list.example\r\n") == b"Hello"
    )
    assert base64_body("SGVsbG8=\r\nRegards\r\n") == b"Hello"
    # several texts in a row are one content, as before
    assert base64_body("SGVsbG8=\r\nIHdvcmxk\r\n") == b"Hello world"
    assert base64_body("SGVsbG8=IHdvcmxkIQ==") == b"Hello world!"


def test_an_ideographic_space_stays() -> None:
    assert clean("第１号　お知らせ") == "第１号　お知らせ"
    found = mail("Subject: =?utf-8?B?56ys77yR5Y+344CA44GK55+l44KJ44Gb?=", "x")
    assert found.subject == "第１号　お知らせ"
    assert clean("a \u00a0 b　　　　　c") == "a b c"


def test_comments_in_a_domain() -> None:
    john = "john@example.com"
    for field in (
        "<john@(my dear friend)example.com>",
        "John <john@example.(a (nested) one)com>",
        "john@example(comment).com",
        "John (no @ here) <john(his)@example.com(a \\) b)>",
    ):
        assert read(field)[0].email == john, field
    assert read('"a(b"@example.com') == (Address("", '"a(b"@example.com'),)
    assert read("x@example.com (evil@other.example)")[0].email == "x@example.com"


def test_ids_written_as_encoded_words() -> None:
    long = "<0102018f" + "a" * 70 + "-000000@eu-west-1.amazonses.com>"
    encoded = "=?utf-8?q?=3C0102018f" + "a" * 40 + "?=\n =?utf-8?q?" + "a" * 30
    encoded += "-000000=40eu-west-1=2Eamazonses=2Ecom=3E?="
    found = mail(f"References: <one@example.com> {encoded}\nIn-Reply-To: {encoded}", "x")
    assert found.references == ("<one@example.com>", long)
    assert found.in_reply_to == (long,)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
@pytest.mark.parametrize("shift", ["", "x"])
def test_a_line_that_a_server_broke(charset: str, shift: str) -> None:
    text = shift + "Добрый день! " * 200 + "Конец"
    raw = text.encode(charset)
    lines = [raw[:998], *(b" " + raw[at : at + 997] for at in range(998, len(raw), 997))]
    for kind in ("plain", "html"):
        head = f"From: b@example.com\r\nContent-Type: text/{kind}; charset={charset}\r\n\r\n"
        assert parse(head.encode() + b"\r\n".join(lines) + b"\r\n").text == text


def test_lines_that_nobody_broke_stay() -> None:
    text = "a" * 997 + "\r\n b\r\nЗАКАЗ\r\n— пункт"
    head = b"From: b@example.com\r\nContent-Type: text/plain; charset=windows-1251\r\n\r\n"
    assert parse(head + text.encode("cp1251")).text == text.replace("\r\n", "\n")


def test_invisible_signs_cut_no_word() -> None:
    text = "сло\u00adво сло\u200bво сло\u2060во \ufeffда"
    for kind in ("plain", "html"):
        found = mail(f"Subject: {text}\nContent-Type: text/{kind}; charset=utf-8", text)
        assert found.text == "слово слово слово да"
        assert found.subject == "слово слово слово да"
    page = "сло&shy;во сло&#8203;во сло&#x2060;во"
    assert mail("Content-Type: text/html", page).text == "слово слово слово"


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("Tue, 01 Dec 2026 10:00:00 GMT+0200", 8),
        ("Tue, 01 Dec 2026 10:00:00 UTC+2", 8),
        ("Tue, 01 Dec 2026 10:00:00 +02:00", 8),
        ("Tue, 01 Dec 2026 10:00:00 GMT-03:30", 13),
        ("Tue Dec 01 2026 10:00:00 GMT+0300 (Moscow Standard Time)", 7),
        ("Tue, 01 Dec 2026 10:00:00 +0200 (EET)", 8),
        ("Tue, 01 Dec 2026 10:00:00 GMT", 10),
        ("Tue, 01-Dec-2026 10:00:00 -0500", 15),
        ("Tue, 01 Dec 2026 10:00:00", 10),
    ],
)
def test_zones_of_dates(written: str, hour: int) -> None:
    found = dates.moment(written)
    assert found is not None
    assert found.hour == hour
