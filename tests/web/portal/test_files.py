"""Files on the portal: who gets them, and that none of them runs in our pages (C22, C28)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.messages import Enclosure
from firstline.tickets.models import Attachment
from tests.cast import Cast, open_by
from tests.web.portal.conftest import PICTURE, Planted

SignedIn = Callable[[Person], Client]
HOSTILE = {
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "page.xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "data.xml": b'<?xml version="1.0"?><a/>',
    "saved.mht": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "paper.pdf": b"%PDF-1.4 /JavaScript (alert(1))",
    "fake.png": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "fake.gif": b"GIF89a<script>alert(1)</script>",
    "run.exe": b"MZ\x00\x00",
    "notes.txt": b"plain",
    "nothing": b"\0",
}


def address(attachment: Attachment, number: str | None = None) -> str:
    number = number or attachment.message.ticket.number
    return f"/portal/tickets/{number}/files/{attachment.pk}/"


def get(client: Client, attachment: Attachment) -> Any:
    return client.get(address(attachment))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def code(response: Any) -> int:
    """The status of an answer; its stream is read, because that closes the file."""
    response.getvalue()
    return int(response.status_code)


def test_a_picture_is_shown(cast: Cast, planted: Planted, signed_in: SignedIn) -> None:
    response = get(signed_in(cast.svetlana), planted.public_file)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"] == 'inline; filename="screen.png"'
    assert body(response) == PICTURE


@pytest.mark.parametrize("name", HOSTILE)
def test_all_else_is_saved_and_runs_nowhere(cast: Cast, signed_in: SignedIn, name: str) -> None:
    open_by(cast.svetlana, cast.hosting, files=[Enclosure(name, HOSTILE[name])])
    response = get(signed_in(cast.svetlana), Attachment.objects.get())
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert body(response) == HOSTILE[name]


@pytest.mark.parametrize(
    "name",
    ["журнал за ночь.txt", "a" * 300 + ".txt", 'x"\r\nSet-Cookie: a=b.txt', "../../etc/passwd"],
)
def test_names_arrive_and_add_no_header(cast: Cast, signed_in: SignedIn, name: str) -> None:
    open_by(cast.svetlana, cast.hosting, files=[Enclosure(name, b"x")])
    attachment = Attachment.objects.get()
    response = get(signed_in(cast.svetlana), attachment)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "/" not in attachment.file.name
    assert body(response) == b"x"


def test_who_gets_it(cast: Cast, planted: Planted, signed_in: SignedIn) -> None:
    for person in (cast.pyotr, cast.zlata, *cast.staff):
        assert code(get(signed_in(person), planted.public_file)) == 404
    for person in (cast.svetlana, cast.vera):
        assert code(get(signed_in(person), planted.public_file)) == 200
    assert code(get(Client(), planted.public_file)) == 302


def test_files_of_hidden_comments_are_not_there(
    cast: Cast, planted: Planted, signed_in: SignedIn
) -> None:
    for person in cast.customers:
        assert get(signed_in(person), planted.hidden_file).status_code == 404


def test_a_file_of_another_ticket_is_not_there(
    cast: Cast, planted: Planted, signed_in: SignedIn
) -> None:
    mine = open_by(cast.zlata, cast.hosting)
    client = signed_in(cast.zlata)
    for attachment in (planted.public_file, planted.hidden_file):
        assert client.get(address(attachment, mine.number)).status_code == 404


def test_neighbouring_ids_lead_nowhere(cast: Cast, planted: Planted, signed_in: SignedIn) -> None:
    client, number = signed_in(cast.svetlana), planted.ticket.number
    near = range(max(planted.public_file.pk - 50, 1), planted.public_file.pk + 50)
    codes = {
        pk: code(client.get(f"/portal/tickets/{number}/files/{pk}/"))
        for pk in (*near, 10**18, 10**30)
    }
    assert [pk for pk, found in codes.items() if found != 404] == [planted.public_file.pk]
