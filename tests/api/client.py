"""Requests as clients of the API make them, and what they read from refusals."""

import json
from typing import Any

from django.test import Client

ROOT = "/api/v1"


class Api:
    """Requests with one token, or without any."""

    def __init__(self, secret: str | None = None, **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if secret is not None:
            self.headers["Authorization"] = f"Bearer {secret}"
        self.client = Client()

    def get(self, path: str, /, **query: Any) -> Any:
        """GET below /api/v1; a path that begins with /api/ is taken as it is. Files are read at once."""
        response: Any = self.client.get(_full(path), query, headers=self.headers)
        response.read_bytes = b"".join(response.streaming_content) if response.streaming else b""
        return response

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """POST JSON, with an idempotency key where one is given."""
        headers = self.headers | ({"Idempotency-Key": key} if key is not None else {})
        content = json.dumps({} if body is None else body)
        return self.client.post(
            _full(path), content, content_type="application/json", headers=headers
        )

    def patch(self, path: str, body: Any = None) -> Any:
        """PATCH JSON."""
        content = json.dumps({} if body is None else body)
        return self.client.patch(
            _full(path), content, content_type="application/json", headers=self.headers
        )

    def delete(self, path: str) -> Any:
        """DELETE."""
        return self.client.delete(_full(path), headers=self.headers)

    def form(self, path: str, *, key: str | None = None, **fields: Any) -> Any:
        """POST a form with files."""
        headers = self.headers | ({"Idempotency-Key": key} if key is not None else {})
        return self.client.post(_full(path), fields, headers=headers)


def _full(path: str) -> str:
    return path if path.startswith("/api/") else f"{ROOT}/{path}"


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem details of a refusal; fails where it is none."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    details: dict[str, Any] = response.json()
    assert details["status"] == status
    assert details["type"].startswith("urn:firstline:problem:")
    assert details["title"]
    return details


def fields(response: Any) -> set[str]:
    """Names of the fields that a 422 complains about."""
    return {error["field"] for error in problem(response, 422)["errors"]}
