"""`Idempotency-Key`: sent again, nothing happens again (C69, D5)."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.utils import timezone

from firstline.api import answers
from firstline.api.models import Answer
from firstline.tickets.models import Message, Numbering, Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, make_cast

NEW = {"subject": "Once", "text": "Only once.", "department": "hosting"}


def test_sent_again(cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]) -> None:
    client = api(cast.svetlana)
    first = client.post("tickets", NEW, key="a-1")
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    before = everything()
    again = client.post("tickets", NEW, key="a-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert everything() == before
    assert client.post("tickets", NEW, key="a-2").json()["number"] != first.json()["number"]
    assert client.post("tickets", NEW).json()["number"] != first.json()["number"]


def test_another_request_with_the_same_key(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client, path = api(cast.svetlana), f"tickets/{ticket.number}/replies"
    client.post(path, {"text": "One."}, key="k")
    before = everything()
    assert fields(client.post(path, {"text": "Two."}, key="k")) == {"Idempotency-Key"}
    assert fields(client.post("tickets", NEW, key="k")) == {"Idempotency-Key"}
    assert everything() == before


def test_the_same_said_in_other_bytes(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    """Other spaces, another order of fields, another boundary of a form: the same request."""
    client, path = api(cast.svetlana), f"/api/v1/tickets/{ticket.number}/replies"
    headers = client.headers | {"Idempotency-Key": "j"}
    for body in ('{"text": "a", "files": []}', '{"files":[],\n"text":"\\u0061"}'):
        response = client.client.post(path, body, content_type="application/json", headers=headers)
        assert response.status_code == 201
    for number, boundary in enumerate(("one", "two")):
        form = f'--{boundary}\r\nContent-Disposition: form-data; name="text"\r\n\r\nb\r\n'
        form += f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nx\r\n'
        response = client.client.post(
            path,
            f"{form}--{boundary}--\r\n",
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=client.headers | {"Idempotency-Key": "f"},
        )
        assert response.status_code == 201, response.content
        assert ("Idempotent-Replayed" in response.headers) is (number == 1)
    assert list(ticket.messages.order_by("pk").values_list("text", flat=True)[1:]) == ["a", "b"]
    other = client.form(path, key="f", text="b", files=[SimpleUploadedFile("a.txt", b"other")])
    assert fields(other) == {"Idempotency-Key"}


def test_a_key_belongs_to_a_person(cast: Cast, api: Callable[..., Api]) -> None:
    mine = api(cast.svetlana).post("tickets", NEW, key="k").json()
    other = api(cast.zlata).post("tickets", NEW, key="k").json()
    assert (mine["requester"]["email"], other["requester"]["email"]) == (
        "svetlana@orbita.example",
        "zlata@zarnitsa.example",
    )


def test_a_refusal_leaves_the_key_free(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    client, path = api(cast.anna), f"tickets/{ticket.number}/closures"
    problem(client.post(path, key="k"), 409)
    assert not Answer.objects.exists()
    client.post(f"tickets/{ticket.number}/resolutions", {"text": "It works again."})
    assert client.post(path, key="k").status_code == 201


def test_every_verb_takes_a_key(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("claims", {}),
        ("comments", {"text": "a"}),
        ("hidden-comments", {"text": "b"}),
        ("replies", {"text": "c"}),
        ("moves", {"status": "in-progress"}),
        ("reopenings", {}),
        ("resolutions", {"text": "d"}),
        ("closures", {}),
    ]
    answered = [
        client.post(f"tickets/{ticket.number}/{noun}", body, key=noun) for noun, body in steps
    ]
    assert [response.status_code for response in answered] == [201] * len(steps)
    messages = Message.objects.count()
    for (noun, body), first in zip(steps, answered, strict=True):
        again = client.post(f"tickets/{ticket.number}/{noun}", body, key=noun)
        assert again.content == first.content
    assert Message.objects.count() == messages


@pytest.mark.parametrize("key", ["", "two words", "ключ", "x" * 256])
def test_wrong_keys(
    key: str, cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.svetlana)
    before = everything()
    assert fields(client.post("tickets", NEW, key=key)) == {"Idempotency-Key"}
    assert everything() == before


def test_a_failure_in_the_middle_leaves_nothing(
    cast: Cast,
    api: Callable[..., Api],
    settings: Any,
    tmp_path: Path,
    everything: Callable[[], Any],
) -> None:
    """The disk refuses the file after the ticket's row was written: neither it nor the key stays."""
    client = api(cast.svetlana)
    (tmp_path / "in-the-way").touch()
    settings.FILES_FOLDER = tmp_path / "in-the-way"
    body = NEW | {"files": [{"name": "a.txt", "content": "YQ=="}]}
    before = everything()
    problem(client.post("tickets", body, key="k"), 500)
    assert everything() == before
    settings.FILES_FOLDER = tmp_path / "files"
    assert client.post("tickets", body, key="k").status_code == 201


def test_old_answers_are_forgotten(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.svetlana)
    for key in ("old", "young"):
        client.post("tickets", NEW, key=key)
    Answer.objects.filter(key="old").update(created_at=timezone.now() - timedelta(hours=49))
    Answer.objects.filter(key="young").update(created_at=timezone.now() - timedelta(hours=47))
    assert answers.prune() == 1
    assert [answer.key for answer in Answer.objects.all()] == ["young"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once(api: Callable[..., Api]) -> None:
    """While the first runs, the second is told so; in the end there is one ticket."""
    cast = make_cast()
    client = api(cast.svetlana)
    answered: list[tuple[float, int]] = []

    def send() -> None:
        status = Api(None, **client.headers).post("tickets", NEW, key="k").status_code
        answered.append((time.monotonic(), status))
        connections.close_all()

    threads = [threading.Thread(target=send) for _number in range(4)]
    with transaction.atomic():
        Numbering.objects.update(last=100)  # holds up whoever wants a number
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 10
        while len(answered) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [status for _at, status in answered] == [409] * 3
    for thread in threads:
        thread.join(20)
    assert [status for _at, status in sorted(answered)] == [409] * 3 + [201]
    assert Ticket.objects.count() == 1
    again = client.post("tickets", NEW, key="k")
    assert (again.status_code, again.json()["number"]) == (201, Ticket.objects.get().number)
