"""Mails made to stop a reader (quality "A", C50-C53): each takes little time and keeps its bytes."""

import time
from collections.abc import Callable

import pytest

from firstline.mail.mime import quotes, quotes_html
from firstline.mail.mime.loops import nature, read_bounce
from firstline.mail.mime.parse import parse

SECONDS = 4.0
BIG = 10 * 1024 * 1024


def nested(levels: int) -> bytes:
    part = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    return (
        b"".join(part % (level, level) for level in range(levels)) + b"\r\n\r\ntext at the bottom"
    )


def parts(count: int, part: bytes) -> bytes:
    return (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + (b"--b\r\n" + part) * count
        + b"--b--\r\n"
    )


def field(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\r\n\r\nhi"


BOMBS: dict[str, Callable[[], bytes]] = {
    "6 KB of comments": lambda: field(b"From", b"(" * 6_000),
    "64 KB of quotes": lambda: field(b"From", b'"a' * 32_000),
    "64 KB of angles": lambda: field(b"From", b"<>" * 32_000),
    "1,000 mails in one another": lambda: b"Content-Type: message/rfc822\r\n\r\n" * 1_000,
    "2,000 multiparts in one another": lambda: nested(2_000),
    "parameters": lambda: field(b"Content-Type", b"text/plain" + b"; a*1=x" * 13_000),
    "500 parts of parameters": lambda: parts(
        490,
        b"Content-Type: a/b" + b";a*0=x" * 1_300 + b"\r\n"
        b'Content-Disposition: x;a="' + b'\\";' * 2_700 + b"\r\n\r\n",
    ),
    "open quotes": lambda: field(b"Content-Type", b"text/plain" + b';a="' * 16_000),
    "encoded words": lambda: field(b"Subject", b" ".join([b"=?utf-8?q?abc?="] * 17_000)),
    "encoded words that never end": lambda: field(b"Subject", b"=?a?q?" * 10_000),
    "4,000 recipients": lambda: field(b"To", b", ".join(b"N <u%d@e.example>" % n for n in range(4_000))),
    "20,000 parts": lambda: parts(20_000, b"\r\n"),
    "500 parts of fields": lambda: parts(500, b"a:b\r\n" * 2_000),
    "500 parts with dirt": lambda: parts(490, b"dirt\r\nX-A: b\r\n" * 400),
    "many lines, each compared with many boundaries": lambda: nested(7) + b"\r\n" + b"--b0c\r\n" * 499_000,
    "no boundary at any level": lambda: nested(30).replace(b" boundary", b" x") + b"\r\n" + b"abc\r\n" * 480_000,
    "closed and opened again": lambda: parts(1, b"\r\nx\r\n--b--\r\n--b\r\n" * 100_000),
    "nothing but line feeds": lambda: b"X: y\n\n" + b"\n" * BIG + b"z",
    "folded without end": lambda: b"dirt : x\r\n" + b" x\r\n" * 200_000,
    "8-bit names": lambda: parts(490, b'Content-Type: image/x; name="\xc4\xe3\x81\xff"\r\n\r\n\xc4\xff\r\n'),
    "one long field": lambda: field(b"X", b"y" * BIG),
    "many fields": lambda: b"X: y\r\n" * (BIG // 6) + b"\r\nhi",
    "dirt between fields": lambda: b"x\r\nTo: a\r\n" * 100_000,
    "almost a boundary": lambda: parts(1, b"--bx\r\n" * (BIG // 6)),
    "padded base64": lambda: b"Content-Transfer-Encoding: base64\r\n\r\n" + b"YQ==\r\n" * (BIG // 6),
    "beginnings of uuencode": lambda: b"\r\n\r\nX: y\r\n\r\n" + b"begin 644 a\r\nend\r\n" * (BIG // 18),
    "quotes and attributions": lambda: b"X: y\r\n\r\n" + b"On 1 <a@b.example> wrote:\r\n> x\r\n" * 50_000,
    "one long line": lambda: b"X: y\r\n\r\n" + b"On On On " * 300_000,
    "unclosed tags": lambda: b"Content-Type: text/html\r\n\r\n" + b"<b><p>" * 80_000,
    "900 divs": lambda: b"Content-Type: text/html\r\n\r\n" + b"<div>" * 900 + b"text" + b"</div>" * 900,
    "50,000 divs": lambda: b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"text",
    "only signs": lambda: b"Content-Type: text/html\r\n\r\n" + b"<" * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_takes_little_time(name: str) -> None:
    raw = BOMBS[name]()
    started = time.process_time()
    mail = parse(raw)
    nature(mail, None)
    quotes.split(mail.text)
    quotes_html.split_html(mail.html)
    read_bounce(raw)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "name", ["6 KB of comments", "parameters", "encoded words", "4,000 recipients"]
)
def test_the_text_is_there(name: str) -> None:
    assert parse(BOMBS[name]()).text == "hi"


def test_bounds_are_named_and_the_bytes_kept() -> None:
    deep = parse(nested(2_000))
    assert "nested-too-deep" in deep.defects
    assert "text at the bottom" in deep.text
    many = parse(parts(20_000, b"\r\nx\r\n"))
    assert "too-many-parts" in many.defects
    assert many.text.startswith("x\n\nx")
    assert many.attachments[-1].content == parts(20_000, b"\r\nx\r\n")
    lines = parse(parts(1, b"\r\n" + b"x\r\n" * 600_000))
    assert "too-many-lines" in lines.defects
    assert lines.attachments[0].content.endswith(b"x\r\n--b--\r\n")
    long = parse(field(b"X", b"y" * 100_000)).defects
    assert "header-too-long" in long


def test_html_beyond_the_bounds_is_text() -> None:
    deep = parse(BOMBS["50,000 divs"]())
    assert "text" in deep.text
    assert "<div><div>" not in deep.html
    assert "text" in parse(BOMBS["900 divs"]()).html


def test_time_grows_with_size() -> None:
    """C51: the same shape eight times as large takes no more than eight times 1.3 as long."""

    def seconds(size: int) -> float:
        html = (
            b"Content-Type: text/html\r\n\r\n"
            + b'<p style="color:red">a <b>b</b> <a href="http://x.example">c</a></p>' * size
        )
        times = []
        for _ in range(3):
            started = time.process_time()
            parse(html)
            times.append(time.process_time() - started)
        return min(times)

    assert seconds(4_000) < seconds(500) * 8 * 1.3 + 0.05
