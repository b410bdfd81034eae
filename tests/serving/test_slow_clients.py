"""A handful of slow strangers holds nobody up, with nothing in front of the desk and behind proxies."""

import http.client
import json
import socket
import threading
import time
from contextlib import ExitStack, suppress

import pytest

from bench.slow import connect, p95, read, slow_clients, status_of, waits
from tests.cast import Cast
from tests.live.conftest import House
from tests.serving.conftest import SECONDS

FORM = "Content-Type: application/x-www-form-urlencoded"
FRONTS = ("nothing", "nginx", "caddy")


def ask(port: int, head: str, body: bytes = b"") -> bytes:
    """What the desk answers to a request of which nothing more comes, until it hangs up."""
    with connect(port) as client:
        client.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        return read(client)


@pytest.mark.parametrize("front", FRONTS, indirect=True)
def test_pages_are_quick_beside_fifty_slow_clients(stage: Cast, front: int) -> None:
    with slow_clients(front):
        for path in ("/sign-in/", "/health/live", "/health/ready"):
            assert p95(waits(front, path, patience=2)) < 1


def test_health_needs_no_page_thread(stage: Cast, bare: House) -> None:
    """More slow bodies than threads."""
    head = f"POST /sign-in/ HTTP/1.1\r\nHost: x\r\n{FORM}\r\nContent-Length: 9\r\n\r\na"
    with ExitStack() as stack:
        for _client in range(20):
            client = stack.enter_context(connect(bare.port))
            client.sendall(head.encode())
        for path, told in {
            "live": {"status": "ok"},
            "ready": {"status": "ok", "database": "ok"},
        }.items():
            connection = http.client.HTTPConnection("127.0.0.1", bare.port, timeout=1)
            connection.request("GET", f"/health/{path}", headers={"Host": "any.example"})
            answer = connection.getresponse()
            assert (answer.status, json.load(answer)) == (200, told)
            connection.close()


def drip(client: socket.socket, seconds: float) -> bytes:
    """Send a byte now and then until something is answered, and give it whole."""
    end = time.monotonic() + seconds
    client.settimeout(0.3)
    while time.monotonic() < end:
        client.sendall(b"a")
        with suppress(TimeoutError):
            begun = client.recv(1024)
            client.settimeout(30)
            return begun + read(client)
    return b""


@pytest.mark.parametrize("kind", ["head", "body"])
@pytest.mark.parametrize("drips", [True, False], ids=["drips", "silent"])
def test_what_does_not_come_in_time_is_ended(
    stage: Cast, bare: House, kind: str, drips: bool
) -> None:
    begin = "POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if kind == "body":
        begin += f"{FORM}\r\nAccept-Language: ru\r\nContent-Length: 5000\r\n\r\n"
    begun = time.monotonic()
    with connect(bare.port) as client:
        client.sendall(begin.encode() + b"a")
        answer = drip(client, 4 * SECONDS) if drips else read(client)
    assert status_of(answer) == 408
    assert SECONDS * 0.9 < time.monotonic() - begun < 4 * SECONDS
    assert kind == "head" or "Слишком медленное соединение" in answer.decode()


def test_whoever_asks_nothing_is_hung_up_on(stage: Cast, bare: House) -> None:
    with connect(bare.port) as client:
        assert read(client) == b""


def test_whoever_takes_nothing_is_cut_off(stage: Cast, bare: House) -> None:
    one = b"GET /static/firstline.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connect(bare.port, takes=2048) as client:
        client.sendall(one * 200)  # more than both systems keep
        time.sleep(2 * SECONDS)
        assert read(client).count(b"HTTP/1.1 200 OK") < 200


@pytest.mark.parametrize(
    "field", ["X-Long: " + "a" * 40_000, "\n".join(f"X-{one}: {'a' * 300}" for one in range(200))]
)
def test_long_heads_are_refused(stage: Cast, bare: House, field: str) -> None:
    head = f"GET /sign-in/ HTTP/1.1\nHost: 127.0.0.1\nAccept-Language: bg\n{field}"
    assert status_of(ask(bare.port, head)) == 431


def test_a_head_without_an_end_is_refused(stage: Cast, bare: House) -> None:
    with connect(bare.port) as client:
        client.sendall(b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"a" * 300_000)
        assert status_of(read(client)) == 431


TOO_LARGE = {
    "/sign-in/": (FORM, 6 * 1024**2),
    "/register/": ("Content-Type: multipart/form-data; boundary=x", 6 * 1024**2),
    "/hooks/mail/mime/some-secret/": ("Content-Type: message/rfc822", 107 * 1024**2),
    "/portal/tickets/new/": ("Content-Type: multipart/form-data; boundary=x", 26 * 1024**2),
}


@pytest.mark.parametrize("path", TOO_LARGE)
def test_bodies_over_the_limit_of_their_address_are_refused_before_they_come(
    stage: Cast, bare: House, path: str
) -> None:
    kind, size = TOO_LARGE[path]
    head = f"POST {path} HTTP/1.1\nHost: 127.0.0.1\nAccept-Language: bg\n{kind}\nContent-Length: {size}"
    answer = ask(bare.port, head)
    assert status_of(answer) == 413
    assert "Това е твърде голямо" in answer.decode()


def test_a_body_that_says_nothing_of_its_size_is_limited_as_well(stage: Cast, bare: House) -> None:
    head = f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect(bare.port) as client:
        client.sendall(head.encode())
        piece = b"%x\r\n%s\r\n" % (1024**2, b"a" * 1024**2)
        for _piece in range(7):
            client.sendall(piece)
        assert status_of(client.recv(4096)) == 413


def test_a_request_that_comes_in_one_piece_has_no_long_head(stage: Cast, bare: House) -> None:
    """A head and a body of 60 kB, read by the server at once."""
    body = b"text=" + b"a" * 60_000
    head = f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    for _again in range(5):
        with connect(bare.port) as client:
            client.sendall(head.encode() + body)
            assert status_of(client.recv(4096)) == 403  # no token of the form


@pytest.mark.parametrize("trailer", [b"a: b\r\n" * 20_000, b"x: " + b"a" * 120_000])
@pytest.mark.parametrize("path", ["/sign-in/", "/health/live"])
def test_trailers_without_an_end_are_refused(
    stage: Cast, bare: House, path: str, trailer: bytes
) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with connect(bare.port) as client:
        client.sendall(head.encode() + b"0\r\n")
        try:
            for at in range(0, len(trailer), 16_384):
                client.sendall(trailer[at : at + 16_384])
                time.sleep(0.02)
        except OSError:
            return  # hung up on, as it should be
        client.settimeout(5)
        assert read(client).count(b"HTTP/1.1") <= 1


def test_trailers_are_no_headers(stage: Cast, bare: House) -> None:
    head = "GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = "0\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    with connect(bare.port) as client:
        client.sendall((head + body).encode())
        assert status_of(client.recv(4096)) == 200


def test_the_api_refuses_with_problems(stage: Cast, bare: House) -> None:
    head = "POST /api/v1/tickets HTTP/1.1\nHost: 127.0.0.1\nAccept-Language: ru\n"
    large = ask(bare.port, f"{head}Content-Type: application/json\nContent-Length: 6000000")
    slow = ask(bare.port, f"{head}Content-Type: application/json\nContent-Length: 60", b"{")
    for status, answer in ((413, large), (408, slow)):
        assert status_of(answer) == status
        fields, _, body = answer.partition(b"\r\n\r\n")
        assert b"application/problem+json" in fields.lower()
        problem = json.loads(body)
        assert problem["status"] == status
        assert any("а" <= letter <= "я" for letter in problem["detail"])


def test_a_body_in_chunks_is_read(stage: Cast, bare: House) -> None:
    """Its length is known by the time that a page reads it."""
    typed = b"text=What+was+typed"
    head = f"POST /sign-in/ HTTP/1.1\nHost: 127.0.0.1\n{FORM}\nTransfer-Encoding: chunked\nConnection: close"
    answer = ask(bare.port, head, b"%x\r\n%s\r\n0\r\n\r\n" % (len(typed), typed))
    assert status_of(answer) == 403  # without the token of a form; what was typed is kept
    assert b"What was typed" in answer


def test_one_address_has_so_many_connections_and_others_still_come_in(
    stage: Cast, bare: House
) -> None:
    """Live streams count apart: they have a limit of their own."""
    for _screen in range(6):
        bare.listen(stage.anna)
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(bare.port)) for _client in range(80)]
        with connect(bare.port) as late:
            late.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert status_of(read(late)) == 429
        clients[0].sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert status_of(read(clients[0])) == 200
        with connect(bare.port) as freed:
            freed.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert status_of(read(freed)) == 200


def test_many_at_once_are_all_answered(stage: Cast, bare: House) -> None:
    """The limits are for the slow: sixty quick ones at the same time have their pages."""
    found: list[int] = []

    def visit() -> None:
        head = "GET /sign-in/ HTTP/1.1\nHost: 127.0.0.1\nConnection: close"
        found.append(status_of(ask(bare.port, head)))

    threads = [threading.Thread(target=visit) for _visitor in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [200] * 60
