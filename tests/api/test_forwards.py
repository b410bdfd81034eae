"""Copies and forwards by API: the same rules as on the page, and nothing of them for customers."""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.mail.models import OutgoingMail
from firstline.tickets.models import Message, Ticket
from tests.api.client import Api, fields
from tests.cast import Cast, open_by

VENDOR = "vendor@maker.example"


def test_an_answer_with_copies(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    path = f"tickets/{ticket.number}"
    body = {"text": "Here.", "cc": [f"Maker <{VENDOR}>"], "bcc": ["s@x.example"]}
    said = api(cast.anna).post(f"{path}/replies", body).json()
    assert said["recipients"]["cc"] == [{"name": "Maker", "email": VENDOR}]
    assert said["recipients"]["bcc"] == [{"name": "s@x.example", "email": "s@x.example"}]
    settle()
    copied = OutgoingMail.objects.filter(kind="copied").values_list("recipient", flat=True)
    assert sorted(copied) == ["s@x.example", VENDOR]
    seen = api(cast.svetlana).get(f"{path}/timeline")
    assert b"s@x.example" not in seen.content
    assert {item["recipients"] for item in seen.json()["items"]} == {None}


@pytest.mark.parametrize("noun", ["replies", "comments", "resolutions"])
@pytest.mark.parametrize(
    "more", [{"cc": ["x"]}, {"bcc": ["a@b.example\r\nBcc: c@d.example"]}, {"cc": ["OURS"]}]
)
def test_what_cannot_be_written_to(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], noun: str, more: dict[str, list[str]]
) -> None:
    """C18"""
    body = {"text": "Here."} | {
        name: [one.replace("OURS", cast.hosting.address) for one in value]
        for name, value in more.items()
    }
    answer = api(cast.anna).post(f"tickets/{ticket.number}/{noun}", body)
    assert (answer.status_code, list(fields(answer))) == (422, list(more))
    assert Message.objects.count() == 1


def test_customers_send_no_copies(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    body = {"text": "Here.", "cc": [VENDOR]}
    assert api(cast.svetlana).post(f"tickets/{ticket.number}/replies", body).status_code == 422
    assert Message.objects.count() == 1


def test_a_forward(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    client, path = api(cast.anna), f"tickets/{ticket.number}"
    first = client.get(f"{path}/timeline").json()["items"][0]["id"]
    body: dict[str, Any] = {"to": [VENDOR], "text": "Please look.", "message": first}
    answer = client.post(f"{path}/forwards", body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["direction"], made["visibility"]) == ("out", "internal")
    assert made["recipients"]["to"] == [{"name": VENDOR, "email": VENDOR}]
    settle()
    assert OutgoingMail.objects.get(kind="forwarded").recipient == VENDOR
    assert "Please look." not in api(cast.svetlana).get(f"{path}/timeline").content.decode()


def test_what_is_not_forwarded(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    """C19"""
    client, path = api(cast.anna), f"tickets/{ticket.number}"
    hidden = client.post(f"{path}/hidden-comments", {"text": "For us."}).json()["id"]
    other = open_by(cast.zlata, cast.equipment).messages.get()
    body: dict[str, Any] = {"to": [VENDOR], "text": "Look."}
    wrong: tuple[dict[str, Any], ...] = (
        {"message": hidden},
        {"message": f"message-{other.pk}"},
        {"message": "no"},
        {"files": [10**9]},
        {"to": []},
        {"to": ["x"]},
        {"to": [cast.hosting.address]},
        {"text": " "},
    )
    for more in wrong:
        assert client.post(f"{path}/forwards", body | more).status_code == 422, more
    assert not Message.objects.filter(kind="forward").exists()
