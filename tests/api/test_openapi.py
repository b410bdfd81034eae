"""The OpenAPI document says what the API does: its routes, its shapes, its refusals."""

from typing import Any

import pytest
from django.test import Client

from firstline.api.v1.problems import MEDIA_TYPE


@pytest.fixture
def document(client: Client, db: None) -> dict[str, Any]:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    read: dict[str, Any] = response.json()
    return read


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_route_documents_its_refusals(document: dict[str, Any]) -> None:
    always = {"400", "401", "403", "404", "422", "429", "500", "503"}
    for method, path, operation in operations(document):
        expected = always | {{"post": "201", "delete": "204"}.get(method, "200")}
        more = {"post": {"409", "413", "415"}, "patch": {"413", "415"}, "delete": {"409"}}
        expected |= more.get(method, set())
        assert set(operation["responses"]) == expected, path
        assert operation["security"] == [{"Bearer": []}]
        assert operation["summary"]
        for status, response in operation["responses"].items():
            assert (MEDIA_TYPE in response.get("content", {})) is (int(status) >= 400), path


def test_every_post_takes_a_key(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert ("Idempotency-Key" in names) is (method == "post"), path


def test_messages_take_forms(document: dict[str, Any]) -> None:
    with_files = {
        path.rpartition("/")[2]
        for _method, path, operation in operations(document)
        if "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    }
    said = {"between-comments", "replies", "comments", "hidden-comments", "resolutions"}
    assert with_files == {"alerts", "tickets"} | said


def test_references_and_names(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _method, _path, operation in operations(document)]
    assert len(set(names)) == len(names)
    assert "tickets_index" in names
    known = set(document["components"]["schemas"])
    assert {f"#/components/schemas/{name}" for name in known} >= set(references(document))


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [one for value in part.values() for one in references(value)]
    return [one for value in part for one in references(value)] if isinstance(part, list) else []


def test_unknown_fields_are_documented_as_refused(document: dict[str, Any]) -> None:
    for name in (
        "NewTicket",
        "TextAndFiles",
        "NewClaim",
        "NewMove",
        "NewClosure",
        "Contact",
        "NewFile",
        "NewSettings",
        "NewMails",
    ):
        assert document["components"]["schemas"][name]["additionalProperties"] is False
