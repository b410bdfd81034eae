"""Replies, comments, hidden comments and resolutions: each says one thing, to the right people."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from firstline.mail.models import OutgoingMail
from firstline.tickets.actions.claim import claim
from firstline.tickets.models import Attachment, Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, close_by, open_by, resolve_by

SAID = {
    "id", "at", "kind", "channel", "direction", "visibility", "author", "text", "quote", "html",
    "files", "delivery", "ticket", "written_by", "recipients", "subject",
}  # fmt: skip


@pytest.mark.parametrize(
    ("noun", "direction", "visibility", "phase", "mails"),
    [
        ("replies", "out", "public", "open", 1),
        ("comments", "out", "public", "new", 1),
        ("hidden-comments", "internal", "internal", "new", 0),
        ("resolutions", "out", "public", "resolved", 1),
    ],
)
def test_what_an_agent_says(
    noun: str,
    direction: str,
    visibility: str,
    phase: str,
    mails: int,
    cast: Cast,
    ticket: Ticket,
    api: Callable[..., Api],
    settle: Callable[[], None],
) -> None:
    client = api(cast.anna)
    response = client.post(f"tickets/{ticket.number}/{noun}", {"text": "Привет.\r\nDone."})
    assert response.status_code == 201, response.content
    said = response.json()
    assert set(said) == SAID
    assert (said["direction"], said["visibility"]) == (direction, visibility)
    assert (said["kind"], said["channel"], said["ticket"]) == ("message", "api", ticket.number)
    assert said["author"] == {"name": "Анна Соколова", "email": "anna@desk.example"}
    assert said["text"] == "Привет.\nDone."
    assert client.get(f"tickets/{ticket.number}").json()["phase"] == phase
    items = client.get(response.headers["Location"]).json()["items"]
    assert {key: said[key] for key in SAID - {"ticket"}} in items
    settle()
    letters = OutgoingMail.objects.filter(ticket=ticket, kind="answered")
    assert [letter.recipient for letter in letters] == ["svetlana@orbita.example"] * mails
    shown = [
        item["id"]
        for item in api(cast.svetlana).get(f"tickets/{ticket.number}/timeline").json()["items"]
    ]
    assert (said["id"] in shown) is (visibility == "public")


def test_a_customer_answers(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    client = api(cast.svetlana)
    api(cast.anna).post(f"tickets/{ticket.number}/resolutions", {"text": "Fixed."})
    said = client.post(f"tickets/{ticket.number}/replies", {"text": "It is not."}).json()
    assert (said["direction"], said["author"]["email"]) == ("in", "svetlana@orbita.example")
    after = client.get(f"tickets/{ticket.number}").json()
    assert (after["phase"], after["awaiting"]) == ("open", "support")


def test_a_customer_answers_a_closed_ticket(
    cast: Cast, ticket: Ticket, api: Callable[..., Api]
) -> None:
    close_by(cast.anna, ticket)
    response = api(cast.svetlana).post(f"tickets/{ticket.number}/replies", {"text": "Again!"})
    assert response.status_code == 201
    follow_up = response.json()["ticket"]
    assert follow_up != ticket.number
    assert response.headers["Location"] == f"/api/v1/tickets/{follow_up}/timeline"
    assert api(cast.anna).get(f"tickets/{follow_up}").json()["phase"] == "new"
    assert api(cast.anna).get(f"tickets/{ticket.number}").json()["phase"] == "closed"


@pytest.mark.parametrize("noun", ["replies", "comments", "resolutions"])
def test_nothing_is_said_on_a_closed_ticket(
    noun: str, cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    close_by(cast.anna, ticket)
    client = api(cast.anna)
    before = everything()
    refused = problem(client.post(f"tickets/{ticket.number}/{noun}", {"text": "One more."}), 409)
    assert refused["type"] == "urn:firstline:problem:closed"
    assert everything() == before
    hidden = client.post(f"tickets/{ticket.number}/hidden-comments", {"text": "For us."})
    assert hidden.status_code == 201


def test_a_resolved_ticket_is_not_resolved_again(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    resolve_by(cast.supervisor, ticket)
    client = api(cast.anna)
    before = everything()
    answer = client.post(f"tickets/{ticket.number}/resolutions", {"text": "Mended."})
    refused = problem(answer, 409)
    assert refused["type"] == "urn:firstline:problem:already-resolved"
    assert (refused["phase"], refused["by"]) == ("resolved", "Старшая Смирнова")
    assert datetime.fromisoformat(refused["at"]) == Ticket.objects.get().resolved_at
    assert everything() == before


def test_a_move_to_resolved_names_the_way_out(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.anna)
    before = everything()
    answer = client.post(f"tickets/{ticket.number}/moves", {"status": "resolved"})
    refused = problem(answer, 409)
    assert refused["type"] == "urn:firstline:problem:answer-needed"
    assert "resolutions" in refused["detail"]
    many = {"verb": "move", "status": "resolved", "numbers": [ticket.number]}
    assert fields(client.post("bulk", many)) == {"status"}
    assert everything() == before


class TestFiles:
    CONTENT = bytes(range(256)) * 40

    def test_in_json(self, cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
        file = {"name": "данные.bin", "content": base64.b64encode(self.CONTENT).decode()}
        response = api(cast.anna).post(
            f"tickets/{ticket.number}/replies", {"text": "Here.", "files": [file]}
        )
        assert response.status_code == 201, response.content
        self._same(response.json()["files"], "данные.bin", api(cast.svetlana))

    def test_in_a_form(self, cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
        file = SimpleUploadedFile("данные.bin", self.CONTENT, "text/html")
        response = api(cast.svetlana).form(
            f"tickets/{ticket.number}/replies", text="Here.", files=[file]
        )
        assert response.status_code == 201, response.content
        self._same(response.json()["files"], "данные.bin", api(cast.anna))

    def _same(self, files: list[dict[str, Any]], name: str, reader: Api) -> None:
        (file,) = files
        assert (file["name"], file["size"]) == (name, len(self.CONTENT))
        content = reader.get(file["url"]).read_bytes
        assert hashlib.sha256(content).digest() == hashlib.sha256(self.CONTENT).digest()

    def test_too_large(
        self,
        cast: Cast,
        ticket: Ticket,
        api: Callable[..., Api],
        settings: Any,
        everything: Callable[[], Any],
    ) -> None:
        settings.FILE_LIMIT = 1000
        path, client = f"tickets/{ticket.number}/replies", api(cast.anna)
        before = everything()
        small, large = SimpleUploadedFile("a.txt", b"x"), SimpleUploadedFile("big.txt", b"x" * 1001)
        refused = problem(client.form(path, text="Here.", files=[small, large]), 422)
        assert [error["field"] for error in refused["errors"]] == ["files"]
        assert "big.txt" in refused["errors"][0]["message"]
        assert "1000\xa0B" in refused["errors"][0]["message"]
        encoded = base64.b64encode(b"x" * 1001).decode()
        assert fields(
            client.post(path, {"text": "Here.", "files": [{"name": "b", "content": encoded}]})
        ) == {"files"}
        assert everything() == before
        assert not Attachment.objects.exists()

    def test_a_body_over_all_limits(
        self,
        cast: Cast,
        ticket: Ticket,
        api: Callable[..., Api],
        settings: Any,
        everything: Callable[[], Any],
    ) -> None:
        settings.FILE_LIMIT = 1000
        path, client = f"tickets/{ticket.number}/replies", api(cast.anna)
        before = everything()
        file = SimpleUploadedFile("big.txt", b"x" * 6000)
        assert problem(client.form(path, text="Here.", files=[file]), 413)["limit"] == 5000
        settings.FILE_LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000, 2000
        assert problem(client.post(path, {"text": "x" * 3000}), 413)["limit"] == 2000
        assert everything() == before


def test_wrong_bodies(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client, path = api(cast.anna), f"tickets/{ticket.number}/replies"
    before = everything()
    assert fields(client.post(path, {})) == {"text"}
    assert fields(client.post(path, {"text": "a", "internal": False})) == {"internal"}
    assert fields(client.post(path, {"text": "a", "visibility": "public"})) == {"visibility"}
    assert fields(client.post(path, {"text": "a", "author": 1, "at": "2020"})) == {"author", "at"}
    assert fields(client.form(path, text="a", id="5")) == {"id"}
    assert fields(client.form(path, text="a", other=SimpleUploadedFile("a", b"x"))) == {"other"}
    assert fields(client.form(path, text="")) == {"text"}
    assert everything() == before


def test_a_marker_in_a_hidden_comment_stays_inside(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    """C19: not in the timeline, not in the files, not in a list, not in a mail."""
    marker = "QUITE-SECRET-77"
    file = {"name": f"{marker}.txt", "content": base64.b64encode(marker.encode()).decode()}
    client = api(cast.anna)
    path = f"tickets/{ticket.number}"
    hidden = client.post(f"{path}/hidden-comments", {"text": marker, "files": [file]}).json()
    client.post(f"{path}/replies", {"text": "Visible."})
    settle()
    reader = api(cast.svetlana)
    for address in ("tickets", path, f"{path}/timeline", f"{path}/files"):
        assert marker not in reader.get(address).content.decode()
    problem(reader.get(hidden["files"][0]["url"]), 404)
    assert client.get(hidden["files"][0]["url"]).read_bytes == marker.encode()
    assert not any(marker in letter.text + letter.html for letter in OutgoingMail.objects.all())


def test_a_customers_token_can_say_nothing_inside(cast: Cast, api: Callable[..., Api]) -> None:
    opened = open_by(cast.svetlana, cast.hosting)
    claim(actor(cast.anna), opened, via="web")
    for noun in ("comments", "hidden-comments", "resolutions"):
        problem(api(cast.svetlana).post(f"tickets/{opened.number}/{noun}", {"text": "a"}), 403)
