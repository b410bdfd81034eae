"""Refusals are problem details, wherever they come from."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.tickets.models import Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nope",
        "tickets/",
        "tickets/SR00000001/nope",
        "tickets/SR99999999",
        "tickets/%00",
        "tickets/a%2Fb",
        "../x",
    ],
)
def test_what_is_not_there(path: str, cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    problem(api(cast.administrator).get(f"/api/v1/{path}"), 404)
    problem(api(cast.administrator).get(f"/api/{path or 'v2'}"), 404)


@pytest.mark.parametrize("method", ["put", "patch", "options", "trace"])
def test_methods(method: str, cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    client = api(cast.administrator)
    response = getattr(client.client, method)(
        f"/api/v1/tickets/{ticket.number}", headers=client.headers
    )
    problem(response, 405)
    assert response.headers["Allow"] == "DELETE, GET"
    problem(client.post(f"tickets/{ticket.number}/timeline"), 405)
    problem(client.get(f"tickets/{ticket.number}/replies"), 405)


def test_head(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    response = client.client.head(f"/api/v1/tickets/{ticket.number}", headers=client.headers)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 422),
        (b"null", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b'[{"text": "a"}]', "application/json", 422),
        (b'{"text": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe\xfa", "application/json", 400),
        (b'{"text": 1' + b"0" * 5000 + b"}", "application/json", 400),
        (b'{"text": "a"}', "text/plain", 415),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b'{"text": "a"}', "", 415),
        (b"nonsense", "multipart/form-data; boundary=x", 422),
        (b"nonsense", "multipart/form-data", 400),
    ],
)
def test_bodies(
    body: bytes,
    kind: str,
    status: int,
    cast: Cast,
    ticket: Ticket,
    api: Callable[..., Api],
    everything: Callable[[], Any],
) -> None:
    client = api(cast.anna)
    before = everything()
    path = f"/api/v1/tickets/{ticket.number}/replies"
    problem(client.client.post(path, body, content_type=kind, headers=client.headers), status)
    assert everything() == before


def test_the_same_404_for_what_is_not_there_and_what_is_not_yours(
    cast: Cast, ticket: Ticket, api: Callable[..., Api]
) -> None:
    client = api(cast.zlata)
    missing, foreign = client.get("tickets/SR99999999"), client.get(f"tickets/{ticket.number}")
    assert missing.content == foreign.content
    said = {"text": "a"}
    missing = client.post("tickets/SR99999999/replies", said)
    foreign = client.post(f"tickets/{ticket.number}/replies", said)
    assert (missing.status_code, missing.content) == (foreign.status_code, foreign.content)


def test_a_failure_of_ours_is_told_honestly(
    cast: Cast, api: Callable[..., Api], settings: Any
) -> None:
    settings.FILES_FOLDER = "/dev/null/nowhere"
    body = {
        "subject": "x",
        "text": "y",
        "department": "hosting",
        "files": [{"name": "a", "content": "YQ=="}],
    }
    refused = problem(api(cast.svetlana).post("tickets", body), 500)
    assert "dev/null" not in str(refused)


def test_nothing_is_kept_by_caches(cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
    for response in (
        api(cast.anna).get("tickets"),
        Api().get("tickets"),
        api(cast.anna).get("nope"),
    ):
        assert response.headers["Cache-Control"] == "private, no-store"
        assert {"Authorization", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


def test_no_cross_site_guard_is_needed_or_asked(cast: Cast, api: Callable[..., Api]) -> None:
    strict = Client(enforce_csrf_checks=True)
    body = {"subject": "x", "text": "y", "department": "hosting"}
    headers = api(cast.svetlana).headers
    response = strict.post(
        "/api/v1/tickets", body, content_type="application/json", headers=headers
    )
    assert response.status_code == 201
    strict.force_login(cast.svetlana)
    problem(strict.post("/api/v1/tickets", body, content_type="application/json"), 401)


def test_errors_name_their_fields(cast: Cast, api: Callable[..., Api]) -> None:
    response = api(cast.anna).post("tickets", {"text": 5, "extra": 1, "priority": "x"})
    assert fields(response) == {"subject", "text", "extra", "priority"}
    messages = {error["field"]: error["message"] for error in response.json()["errors"]}
    assert messages == {
        "subject": "This field is needed.",
        "text": "Expected a text.",
        "extra": "There is no such field.",
        "priority": "Expected one of: 'low', 'medium', 'high', 'critical'.",
    }
