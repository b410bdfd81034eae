"""One defined reading for every malformed address field (quality C8, C9)."""

import pytest

from firstline.mail.mime.addresses import Address, read, valid


@pytest.mark.parametrize(
    ("field", "mailboxes"),
    [
        ("irina@orbita.example", [("", "irina@orbita.example")]),
        ("Irina Belova <irina@orbita.example>", [("Irina Belova", "irina@orbita.example")]),
        ('"Belova, Irina" <irina@orbita.example>', [("Belova, Irina", "irina@orbita.example")]),
        ('"a \\"b\\" c" <q@w.example>', [('a "b" c', "q@w.example")]),
        ("irina@orbita.example (Irina (at work))", [("Irina (at work)", "irina@orbita.example")]),
        (
            "=?utf-8?B?0JjRgNC40L3QsA==?= <irina@orbita.example>",
            [("Ирина", "irina@orbita.example")],
        ),
        (
            "a@b.example, C <c@d.example>; e@f.example",
            [("", "a@b.example"), ("C", "c@d.example"), ("", "e@f.example")],
        ),
        ("Team: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ("<<a@b.example>>", [("", "a@b.example")]),
        ("a@b.example>", [("", "a@b.example")]),
        ("<@relay.example:a@b.example>", [("", "a@b.example")]),
        ("mailto:a@b.example", [("", "a@b.example")]),
        ('"unclosed <a@b.example>', [("unclosed", "a@b.example")]),
        ("MAILER-DAEMON (Mail System)", [("MAILER-DAEMON", "")]),
        ("boss@desk.example <evil@x.example>", [("boss@desk.example", "evil@x.example")]),
        (
            "=?utf-8?Q?boss=40desk.example?= <evil@x.example>",
            [("boss@desk.example", "evil@x.example")],
        ),
        ("=?utf-8?Q?boss@desk.example?=", [("boss@desk.example", "")]),
        ("evil@x.example (boss@desk.example)", [("boss@desk.example", "evil@x.example")]),
        ("Иван <иван@пример.бг>", [("Иван", "иван@пример.бг")]),
        ('"x@y.example"@z.example', [("", '"x@y.example"@z.example')]),
        ("a@b@c.example", [("a@b@c.example", "")]),
    ],
)
def test_read(field: str, mailboxes: list[tuple[str, str]]) -> None:
    assert read(field) == tuple(Address(name, email) for name, email in mailboxes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@",
        "@b.example",
        "a b@c.example d",
        "a@b..",
        "a@b.example\r\nX: y",
        "a" * 300 + "@b.example",
    ],
)
def test_not_an_address(text: str) -> None:
    assert valid(text) == ""
