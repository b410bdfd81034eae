"""The web server itself: what stands in a raw request decides neither the host nor any address (C35)."""

import socket

import pytest
from django.conf import settings

from tests.cast import make_cast
from tests.faults.conftest import Start
from tests.waiting import listens, wait_until


@pytest.fixture
def web(start: Start, free_port: int) -> int:
    """Port of a desk's own web server, in a process as it runs for people."""
    make_cast()
    start.environment |= {"FIRSTLINE_PORT": str(free_port)}
    start("web")
    wait_until(lambda: listens(free_port), 60)
    return free_port


def ask(port: int, line: str, *headers: str) -> str:
    """What the server answers to these very lines."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as door:
        door.sendall("\r\n".join([line, *headers, "Connection: close", "", ""]).encode())
        parts = []
        while part := door.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


def test_raw_requests_name_no_host_of_their_own(web: int) -> None:
    assert settings.OWN_HOSTS
    good = f"Host: 127.0.0.1:{web}"
    fine = ask(web, "GET /sign-in/ HTTP/1.1", good)
    assert fine.startswith("HTTP/1.1 200")
    absolute = ask(web, "GET http://evil.example/sign-in/ HTTP/1.1", good)
    assert "evil.example" not in absolute.partition("\r\n\r\n")[2]
    door = ask(web, "GET http://evil.example/portal/ HTTP/1.1", good)
    assert "evil.example" not in door
    for headers in (
        ["Host: evil.example"],
        ["Host: evil.example", good],
        [good, "Host: evil.example"],
    ):
        answer = ask(web, "GET /sign-in/ HTTP/1.1", *headers)
        assert answer.startswith("HTTP/1.1 400"), headers
        assert "Set-Cookie" not in answer
    behind = ask(web, "GET /sign-in/ HTTP/1.1", good, "X-Forwarded-Host: evil.example")
    assert behind.startswith("HTTP/1.1 200")
    assert "evil.example" not in behind
