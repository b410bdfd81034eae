"""One mail of `mails/` for each thing that mailers do."""

import hashlib
import re
from datetime import UTC, datetime

import pytest

from firstline.mail.mime.names import safe as safe_name
from firstline.mail.mime.parse import Address, Unreadable, parse
from tests.mail.mime.letters import mail


def test_a_plain_mail() -> None:
    plain = mail("plain_en")
    assert plain.message_id == "<a1@orbita.example>"
    assert plain.in_reply_to == ("<first@desk.example>",)
    assert plain.references == ("<zero@desk.example>", "<first@desk.example>")
    assert plain.sender == Address("Irina Belova", "irina@orbita.example")
    assert plain.to == (Address("", "support@desk.example"),)
    assert plain.subject == "Printer"
    assert plain.date == datetime(2026, 11, 10, 7, 30, tzinfo=UTC)
    assert plain.text == "Hello,\n\nthe printer on floor 2 is out of order.\n\nIrina"
    assert (plain.html, plain.attachments, plain.defects) == ("", (), ())
    assert plain.headers["references"] == ("<zero@desk.example> <first@desk.example>",)


class TestCharsets:
    """Bytes that can be read are read, whatever the mail says of them (quality G6)."""

    @pytest.mark.parametrize(
        ("name", "subject", "words"),
        [
            ("ru_cp1251_raw", "Не работает принтер на втором этаже", "посмотрите, пожалуйста"),
            ("ru_koi8_raw", "Счёт за октябрь не пришёл", "проверьте, пожалуйста, адрес"),
            ("bg_cp1251_declared_latin", "Проблем с фактурата", "получихме фактура с грешна сума"),
            ("ru_charset_alias", "Вопрос", "Когда приедет мастер?"),
            ("ru_korean_label", "Вопрос", "Подтвердите, пожалуйста, заказ."),
            ("ru_split_letter", "Привет, мир", "x"),
            ("fr_latin1", "Réservation annulée", "La réservation a été annulée hier"),
            ("utf8_cut_letter", "Printer", "письмо обрывается на полусло"),
        ],
    )
    def test_read_as_meant(self, name: str, subject: str, words: str) -> None:
        read = mail(name)
        assert read.subject == subject
        assert words in read.text
        assert "\ufffd" not in read.text + read.subject

    def test_name_in_raw_cyrillic(self) -> None:
        assert mail("ru_cp1251_raw").sender == Address("Ирина Белова", "irina@orbita.example")

    def test_utf_7_cannot_smuggle_half_a_character(self) -> None:
        text = parse(b"Content-Type: text/plain; charset=utf-7\r\n\r\nhalf +2AA- here").text
        text.encode()
        assert "half" in text


class TestHeader:
    def test_line_breaks_inside_encoded_words(self) -> None:
        assert mail("subject_with_breaks").subject == "Hello Bcc: evil@x.example"

    def test_encoded_words_are_never_decoded_inside_an_address(self) -> None:
        """C8: the address is the one that was written, and belongs to no agent."""
        sender = mail("encoded_word_in_address").sender
        assert sender.email == "=?utf-8?Q?attacker?Q?agent?=@desk.example"

    def test_a_name_that_looks_like_an_address_is_a_name(self) -> None:
        assert mail("name_like_address").sender == Address(
            "boss@desk.example", "mallory@evil.example"
        )

    def test_several_from(self) -> None:
        read = mail("several_from")
        assert read.sender.email == "boss@desk.example"
        assert [box.email for box in read.from_addresses] == [
            "boss@desk.example",
            "mallory@evil.example",
            "third@other.example",
        ]
        assert "several-from" in read.defects

    def test_sender_stands_in_for_a_missing_from(self) -> None:
        read = mail("no_from")
        assert read.sender == Address("Desk of Anna", "anna@vihren.example")
        assert "no-from" in read.defects

    def test_nobody(self) -> None:
        assert parse(b"Subject: x\r\n\r\ny").sender == Address("", "")

    def test_old_line_ends(self) -> None:
        read = mail("old_mac_line_ends")
        assert (read.subject, read.text) == ("Old machine", "Line one\nLine two")

    def test_folding_without_blanks(self) -> None:
        read = mail("unindented_folding")
        assert (read.subject, read.text) == ("Folded by hand", "The body.")
        assert "dirt-in-header" in read.defects

    def test_no_header(self) -> None:
        read = mail("no_header")
        assert read.text.startswith("Just a text that somebody piped in.\nIt has no header")
        assert "no-header" in read.defects

    def test_mbox_line(self) -> None:
        assert mail("mbox_line").sender.email == "irina@orbita.example"

    @pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Foo 2026 88:99:00 +9999", "1 1 1"])
    def test_impossible_dates(self, date: str) -> None:
        assert parse(f"Date: {date}\r\n\r\nx".encode()).date is None

    def test_only_one_message_id_is_believed(self) -> None:
        read = parse(b"Message-ID: <a@b.example>\r\nMessage-ID: <c@d.example>\r\n\r\nx")
        assert read.message_id == "<a@b.example>"
        assert "several-message-ids" in read.defects

    @pytest.mark.parametrize(
        ("field", "found"),
        [
            (b"", ""),
            (b"no brackets@x.example", "nobrackets@x.example"),
            (b"<a b@c.example>", "<ab@c.example>"),
        ],
    )
    def test_odd_message_ids(self, field: bytes, found: str) -> None:
        assert parse(b"Message-ID: " + field + b"\r\n\r\nx").message_id == found


class TestBody:
    def test_html_only(self) -> None:
        read = mail("html_only")
        assert read.text == (
            "Dear team,\n\nsee the plan <https://orbita.example/plan>\n\n- first\n- second\n\nlogo\n\n> quoted"
        )
        assert not re.search("script|onload|<title", read.html)
        assert 'data-src="https://track.example/p.gif"' in read.html

    def test_pictures_the_html_shows(self) -> None:
        read = mail("alternative_inline_image")
        assert read.text == "Look at this."
        assert [(file.name, file.inline, file.content_id) for file in read.attachments] == [
            ("screen.png", True, "pic1@orbita.example"),
            ("other.png", False, "pic2@orbita.example"),
        ]
        assert 'src="cid:pic1@orbita.example"' in read.html

    def test_html_text_and_html_in_a_row(self) -> None:
        read = mail("mixed_html_plain_html")
        assert read.text == "First part\n\nSecond <part>\n\nThird part"
        assert re.search("<p>First part</p>.*Second &lt;part&gt;", read.html, re.DOTALL)

    def test_uuencoded_file(self) -> None:
        read = mail("uuencoded")
        assert [(file.name, file.content) for file in read.attachments] == [
            ("report.csv", b"a;b\n1;2\n")
        ]
        assert re.fullmatch(r"Here it comes:\s+Regards", read.text)

    def test_base64_that_ends_twice(self) -> None:
        assert mail("concatenated_base64").text == "first line, second"

    def test_multipart_without_parts(self) -> None:
        assert mail("multipart_without_parts").attachments == ()
        assert "the text is here" in mail("multipart_without_parts").text

    def test_multipart_without_boundary(self) -> None:
        read = mail("multipart_without_boundary")
        assert read.text == "Found all the same."
        assert "no-boundary" in read.defects

    def test_parts_after_a_too_early_closing_line(self) -> None:
        """Outlook Express gave an inner multipart the boundary of the outer one."""
        read = parse(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
            b"--b\r\n\r\ntext\r\n--b--\r\n\r\n"
            b"--b\r\nContent-Type: image/gif; name=x.gif\r\n\r\nGIF\r\n--b--\r\n"
        )
        assert read.text == "text"
        assert [(file.name, file.content) for file in read.attachments] == [("x.gif", b"GIF")]

    def test_a_closing_line_before_all_parts(self) -> None:
        read = parse(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n--b\r\n\r\nhello\r\n--b--\r\n"
        )
        assert "hello" in read.text

    @pytest.mark.parametrize("dirt", [b"boundary=b\r\n", b" \r\n"])
    def test_dirt_in_the_header_of_a_part(self, dirt: bytes) -> None:
        """Exchange Online forgets to indent the boundary of an inner multipart."""
        read = parse(
            b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
            b"--a\r\nContent-Type: multipart/alternative;\r\n" + dirt + b"MIME-Version: 1.0\r\n\r\n"
            b"--b\r\nContent-Type: text/plain\r\n\r\nfirst\r\n"
            b"--b\r\nContent-Type: text/html\r\n\r\n<p>first</p>\r\n--b--\r\n\r\n--a--\r\n"
        )
        assert (read.text, "<p>first</p>" in read.html) == ("first", True)

    @pytest.mark.parametrize(
        "content_type",
        [
            b"multipart/mixed; boundary*=utf-8''b; boundary*0=b",
            b"multipart/mixed; boundary*=idna''b%80",
            b"text/plain; charset*0*=undefined''x%80; charset*=x",
        ],
    )
    def test_parameters_that_stop_the_standard_library(self, content_type: bytes) -> None:
        raw = b"Content-Type: %s\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--"
        assert "hello" in parse(raw % content_type).text

    @pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\x00\x00", b"  \n"])
    def test_nothing_at_all(self, raw: bytes) -> None:
        with pytest.raises(Unreadable) as reason:
            parse(raw)
        assert reason.value.reason == "empty"

    def test_no_nul_anywhere(self) -> None:
        raw = b"Subject: a\x00b\r\nFrom: x\x00 <a@b.example>\r\nX-Y: \x00\r\nContent-Type: text/html\r\n\r\n"
        read = parse(raw + b"<p>a\x00b&#0;c&#1;d</p>")
        everything = repr((read.subject, read.sender, dict(read.headers), read.text, read.html))
        assert "\\x0" not in everything


class TestFiles:
    def test_names_types_and_bytes(self) -> None:
        files = mail("files").attachments
        assert [(file.name, file.content_type) for file in files] == [
            ("Счёт № 1.pdf", "application/pdf"),
            ("Оферта 2026.eml", "message/rfc822"),
            ("winmail.dat", "application/ms-tnef"),
            ("text.ics", "text/calendar"),
            ("evilgpj.exe", "application/octet-stream"),
            ("image.jpg", "image/jpeg"),
        ]
        assert files[0].content == b"%PDF-1.7 bill"
        assert files[2].content == b"\x78\x9f\x3e\x22tnef"

    def test_a_forwarded_mail_keeps_its_bytes(self) -> None:
        forwarded = mail("files").attachments[1].content
        assert hashlib.sha256(forwarded).hexdigest() == (
            hashlib.sha256(
                b"From: a@vihren.example\r\nTo: b@vihren.example\r\n"
                b"Subject: =?utf-8?B?0J7RhNC10YDRgtCwIDIwMjY=?=\r\n\r\n  exact   bytes\r\n"
            ).hexdigest()
        )

    @pytest.mark.parametrize(
        ("given", "safe"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\bill.pdf", "bill.pdf"),
            ("Invoice 5/2026.pdf", "Invoice 5_2026.pdf"),
            ("..", "file"),
            ("   ", "file"),
            ("a\x00b\x07.txt", "a b .txt"),
            ("evil\u202egpj.exe", "evilgpj.exe"),
            ("con<>|?.txt", "con_.txt"),
        ],
    )
    def test_hostile_names(self, given: str, safe: str) -> None:
        assert safe_name(given, "application/x-unknown") == safe

    def test_long_names_keep_their_extension(self) -> None:
        name = safe_name("ж" * 300 + ".pdf", "application/pdf")
        assert len(name.encode()) <= 255
        assert name.endswith("ж.pdf")
