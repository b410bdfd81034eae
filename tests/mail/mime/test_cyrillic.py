"""Cyrillic without a charset, and under the name of another one: told by how it reads."""

import json
from base64 import b64encode
from collections.abc import Iterator
from importlib import resources
from urllib.parse import quote

import pytest

from firstline.mail.mime.charsets import decode
from firstline.mail.mime.parse import Mail, parse

ENCODINGS = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac_cyrillic")
MISLABELLED = (
    "windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "x-mac-cyrillic", "ibm866", "iso-8859-7",
    "iso-8859-1", "windows-1252", "us-ascii", "gb2312", "shift_jis", "euc-kr", "big5",
)  # fmt: skip
TEXT = "Добрый день, прошу выслать счёт за ноябрь. Принтер не печатает — «срочно»"


def demo_texts() -> Iterator[tuple[str, str]]:
    """(language, text) of each subject and message of the demo's Russian and Bulgarian tickets."""
    story = resources.files("firstline.cli.demo") / "story"
    for path in sorted(story.iterdir(), key=lambda one: one.name):
        for language in ("ru", "bg"):
            if path.name.startswith(f"tickets-{language}-"):
                for ticket in json.loads(path.read_text("utf-8")):
                    yield language, ticket["subject"]
                    for message in ticket["messages"]:
                        yield language, message["text"]


def wrong(encoding: str, declared: str = "", *, written: str = "") -> list[str]:
    """The texts of the demo that are read otherwise than they were written."""
    found = []
    for language, text in demo_texts():
        content = text.encode(written or encoding, "ignore")
        meant = content.decode(written or encoding)
        if decode(content, declared) != meant:
            found.append(f"{language}: {meant[:60]}")
    return found


def mail(fields: bytes, body: bytes) -> Mail:
    return parse(b"From: Ivan <ivan@example.com>\r\n" + fields + b"\r\n\r\n" + body)


def test_the_demo_has_texts_enough() -> None:
    languages = [language for language, _ in demo_texts()]
    assert languages.count("ru") >= 250
    assert languages.count("bg") >= 240


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_texts_of_the_demo_are_read_without_a_charset(encoding: str) -> None:
    assert len(wrong(encoding)) <= 1, wrong(encoding)


@pytest.mark.parametrize("declared", MISLABELLED)
def test_utf8_under_another_name_is_utf8(declared: str) -> None:
    assert wrong("utf-8", declared) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_bears_its_own_name_stays_as_it_is(encoding: str) -> None:
    assert wrong(encoding, encoding) == []


def test_short_words_under_their_own_name_stay_as_they_are() -> None:
    for text in ("её", "её, её", "№ 5", "Ёё", "ель", "ЯЁ", "« »", "щи"):
        for encoding in ("cp1251", "koi8-r"):
            content = text.encode(encoding, "ignore")
            assert decode(content, encoding) == content.decode(encoding), (text, encoding)


@pytest.mark.parametrize("declared", ENCODINGS)
@pytest.mark.parametrize("written", ENCODINGS)
def test_one_cyrillic_charset_under_the_name_of_another(declared: str, written: str) -> None:
    assert decode(TEXT.encode(written, "ignore"), declared) == TEXT.encode(
        written, "ignore"
    ).decode(written)


def test_koi8_over_windows_1251_in_the_demo() -> None:
    for written, declared in (("cp1251", "koi8-r"), ("koi8-r", "windows-1251")):
        found = wrong(written, declared)
        # a word or two may be either
        assert all(len(text) < 20 for text in found), found
        assert len(found) <= 3


@pytest.mark.parametrize("declared", ["windows-1251", "koi8-r", "iso-8859-5", "ibm866"])
def test_names_and_encoded_words_in_utf8_under_another_name(declared: str) -> None:
    word = b64encode("Счёт за ноябрь".encode()).decode()
    name = quote("Договор № 5.txt")
    found = mail(
        f"Subject: =?{declared}?B?{word}?=\r\nContent-Type: text/plain; charset={declared}\r\n"
        f"Content-Disposition: attachment; filename*={declared}''{name}".encode(),
        TEXT.encode(),
    )
    assert found.subject == "Счёт за ноябрь"
    assert found.attachments[0].name == "Договор № 5.txt"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_raw_header_fields_and_names_are_in_the_charset_of_the_mail(encoding: str) -> None:
    raw = (
        "From: Юрий Шевцов <y@example.com>\r\nSubject: Хинди\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n'
        "Здравствуйте! Не открывается кабинет. Отправляю файл, посмотрите, пожалуйста.\r\n--b\r\n"
        'Content-Type: application/pdf; name="Архив.pdf"\r\n\r\n%PDF\r\n--b--\r\n'
    ).encode(encoding)
    found = parse(raw)
    assert found.sender.name == "Юрий Шевцов"
    assert found.subject == "Хинди"
    assert found.text.startswith("Здравствуйте! Не открывается кабинет.")
    assert found.attachments[0].name == "Архив.pdf"


def test_utf8_with_one_broken_letter_is_still_utf8() -> None:
    content = TEXT.encode()[:-1]
    for declared in ("", "windows-1251", "koi8-r", "iso-8859-1"):
        assert decode(content, declared).startswith(TEXT[:-1])


def test_html_says_another_charset_than_its_header() -> None:
    page = (
        f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>{TEXT}</p>'
    )
    for header, written in (("utf-8", "cp1251"), ("us-ascii", "cp1251"), ("windows-1251", "utf-8")):
        found = mail(f"Content-Type: text/html; charset={header}".encode(), page.encode(written))
        assert found.text == TEXT


def test_utf16_without_a_mark() -> None:
    for order in ("utf-16-le", "utf-16-be"):
        for declared in ("utf-16", "", "utf-8", "windows-1251", order):
            assert decode(TEXT.encode(order), declared) == TEXT
            assert decode("Hello, world".encode(order), declared) == "Hello, world"
    assert decode(b"Hello", "utf-16") == "Hello"
    assert decode(TEXT.encode(), "utf-16") == TEXT
    assert decode("第一号".encode("utf-16-be"), "utf-16") == "第一号"


def test_japanese_with_the_signs_of_windows() -> None:
    assert decode(b"\x1b$B'3'i'W'd\x1b(B \x1b$B-b\x1b(B41", "iso-2022-jp") == "Счёт №41"
    assert decode(b'\x1b$B-!-"\x1b(B 1', "ISO-2022-JP") == "①② 1"
    for declared in ("", "us-ascii", "utf-8", "cp50220"):
        assert decode("お知らせ".encode("iso2022_jp"), declared) == "お知らせ"
    assert decode(b"\x1b$B-b\x1b(B \x1b(I6E\x1b(B", "iso-2022-jp") == "№ ｶﾅ"
    found = mail(b"Subject: =?iso-2022-jp?B?GyRCJzMnaSdXJ2QbKEIgGyRCLWIbKEI0MQ==?=", b"x")
    assert found.subject == "Счёт №41"


def test_greek_under_a_korean_name() -> None:
    text = "Καλημέρα, δεν ανοίγει η σελίδα".replace("έ", "ε").replace("ί", "ι")
    assert decode(text.encode("cp949"), "ks_c_5601-1987") == text
    accented = "Καλημέρα σας, ο εκτυπωτής δεν λειτουργεί από χθες το πρωί"
    assert decode(accented.encode("cp1253"), "ks_c_5601-1987") == accented
    assert decode("안녕하세요".encode("cp949"), "ks_c_5601-1987") == "안녕하세요"
    assert decode("Добрый день".encode("cp949"), "ks_c_5601-1987") == "Добрый день"
    assert decode("Добрый день".encode("cp1251"), "ks_c_5601-1987") == "Добрый день"


def test_western_text_is_not_taken_for_cyrillic() -> None:
    for text in ("Où êtes-vous ? À bientôt, Zoë", "Grüße aus München", "CAFÉ®", "señor ¿qué?"):
        assert decode(text.encode("cp1252"), "iso-8859-1") == text
    assert decode("Où êtes-vous ? À bientôt, Zoë".encode("cp1252")).startswith("Où êtes")
    accented = "Καλημέρα σας, ο εκτυπωτής δεν λειτουργεί από χθες το πρωί"
    assert decode(accented.encode("cp1253")) == accented


def test_a_name_of_two_letters_in_utf8_under_a_western_name() -> None:
    assert decode("Café".encode(), "iso-8859-1") == "Café"
    assert decode("Я".encode(), "windows-1251") == "Я"
