"""The page of the documentation: everything it needs comes from here."""

import re
from typing import Any

import pytest
from django.test import Client


def test_the_page_and_its_files(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    names = re.findall(r'(?:src|href)="(docs/[^"]+)"', page.content.decode())
    assert len(names) == 3
    assert "://" not in page.content.decode()
    for name in names:
        response: Any = client.get(f"/api/v1/{name}")
        assert response.status_code == 200
        assert len(b"".join(response.streaming_content)) > 500
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert response.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    "name", ["nope.js", "..%2F__init__.py", "redoc.standalone.js", "favicon.png"]
)
def test_other_files(name: str, client: Client, db: None) -> None:
    assert client.get(f"/api/v1/docs/{name}").status_code == 404
