"""Files by the API: only to those who may read their message, and never to be shown (C22, C28)."""

from collections.abc import Callable

import pytest

from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment
from tests.api.client import Api, problem
from tests.cast import Cast, actor, open_by

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", SVG),
        ("a.html", b"<!doctype html><script>alert(1)</script>"),
        ("a.txt", b"plain"),
        ("a", b"\x00"),
    ],
)
def test_a_download_is_never_shown(
    name: str, content: bytes, cast: Cast, api: Callable[..., Api]
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, files=[Enclosure(name, content)])
    client = api(cast.svetlana)
    (file,) = client.get(f"tickets/{ticket.number}/files").json()["items"]
    assert set(file) == {"id", "name", "content_type", "size", "url", "created_at"}
    response = client.get(file["url"])
    assert response.read_bytes == content
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Content-Type"] == file["content_type"]
    assert "no-store" in response.headers["Cache-Control"]


def test_names_of_files(cast: Cast, api: Callable[..., Api]) -> None:
    names = [
        "журнал за май.txt",
        'a"b;c.txt',
        "../../etc/passwd",
        "a\r\nSet-Cookie: x=1.txt",
        "ж" * 300 + ".txt",
    ]
    ticket = open_by(cast.svetlana, cast.hosting, files=[Enclosure(name, b"x") for name in names])
    client = api(cast.svetlana)
    for file in client.get(f"tickets/{ticket.number}/files").json()["items"]:
        header = client.get(file["url"]).headers["Content-Disposition"]
        assert "\n" not in header
        assert "/" not in file["name"]
        assert len(file["name"].encode()) <= 255


def test_files_of_others(cast: Cast, api: Callable[..., Api]) -> None:
    mine = open_by(cast.svetlana, cast.hosting, files=[Enclosure("mine.txt", b"mine")])
    other = open_by(cast.zlata, cast.hosting, files=[Enclosure("other.txt", b"other")])
    note(
        actor(cast.anna),
        other,
        Draft("For us.", files=[Enclosure("hidden.txt", b"hidden")]),
        via="web",
    )
    own = Attachment.objects.get(message__ticket=mine).pk
    zlata, svetlana = api(cast.zlata), api(cast.svetlana)
    opened = [
        (number, file_id)
        for client in (zlata,)
        for number in (mine.number, other.number)
        for file_id in range(max(1, own - 50), own + 50)
        if client.get(f"tickets/{number}/files/{file_id}").status_code == 200
    ]
    assert opened == [(other.number, Attachment.objects.get(file__name="other.txt").pk)]
    problem(svetlana.get(f"tickets/{mine.number}/files/{own + 1}"), 404)
    for wrong in (0, 10**30, -1, "x", "1x"):
        problem(svetlana.get(f"tickets/{mine.number}/files/{wrong}"), 404)
