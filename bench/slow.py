"""What others wait for while fifty strangers are slow on purpose: `python -m bench.slow --port 8000`.

A quarter each sends the head of a request byte by byte, a body byte by byte, keeps a connection
without asking anything, and does not take the answers it asked for. It asks a desk that runs, with or
without a proxy in front.
"""

import argparse
import http.client
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

SLOW = 50
PAUSE = 0.4  # seconds between two bytes of a slow client


def connect(port: int, *, takes: int | None = None) -> socket.socket:
    """A connection to the desk; `takes` is how many bytes the client's system keeps unread."""
    client = socket.socket()
    if takes is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
    client.settimeout(30)
    client.connect(("127.0.0.1", port))
    return client


def read(client: socket.socket) -> bytes:
    """All that the server says until it hangs up."""
    found = b""
    with suppress(ConnectionError):
        while piece := client.recv(65536):
            found += piece
    return found


def status_of(answer: bytes) -> int:
    """The status of the first answer; 0 where there is none."""
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


@dataclass
class Slow:
    """One stranger who sends byte after byte, as long as the desk lets it, and begins anew."""

    port: int
    kind: str
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.is_over.is_set():
            with suppress(OSError), connect(self.port, takes=2048) as client:
                getattr(self, self.kind)(client)
            self.is_over.wait(0.1)

    def head(self, client: socket.socket) -> None:
        client.sendall(b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        self.drip(client)

    def body(self, client: socket.socket) -> None:
        client.sendall(
            b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        self.drip(client)

    def idle(self, client: socket.socket) -> None:
        client.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        self.drip(client, send=False)

    def reader(self, client: socket.socket) -> None:
        one = b"GET /static/firstline.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        client.sendall(one * 60)
        self.drip(client, send=False)

    def drip(self, client: socket.socket, *, send: bool = True) -> None:
        while not self.is_over.wait(PAUSE):
            if send:
                client.sendall(b"a")


@contextmanager
def slow_clients(port: int, number: int = SLOW) -> Iterator[None]:
    """So many slow clients of every kind, for as long as the block runs."""
    kinds = ("head", "body", "idle", "reader")
    clients = [Slow(port, kinds[index % len(kinds)]) for index in range(number)]
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    time.sleep(1)  # until each holds what it can hold
    try:
        yield
    finally:
        for client in clients:
            client.is_over.set()
        for thread in threads:
            thread.join(10)


def waits(port: int, path: str, times: int = 40, patience: float = 10) -> list[float]:
    """Seconds until each visitor has the page, on a new connection each; `inf` for who has not."""
    found = []
    for _visitor in range(times):
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        try:
            connection.request("GET", path, headers={"Host": "127.0.0.1"})
            answer = connection.getresponse()
            answer.read()
            found.append(time.monotonic() - begun if answer.status == 200 else float("inf"))
        except (OSError, http.client.HTTPException):
            found.append(float("inf"))
        finally:
            connection.close()
    return found


def p95(found: list[float]) -> float:
    """What nineteen of twenty have waited at most."""
    return sorted(found)[max(int(len(found) * 0.95) - 1, 0)]


def main(arguments: list[str] | None = None) -> int:
    """Measure, say the figures, and fail where a page's p95 is a second or more."""
    parser = argparse.ArgumentParser(prog="bench.slow", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the desk or its proxy (8000)")
    parser.add_argument("--clients", type=int, default=SLOW, help=f"slow ones ({SLOW})")
    parser.add_argument("--requests", type=int, default=40, help="for each page (40)")
    options = parser.parse_args(arguments)
    paths = ("/sign-in/", "/health/live", "/health/ready")
    quiet = [waits(options.port, path, options.requests) for path in paths]
    with slow_clients(options.port, options.clients):
        busy = [waits(options.port, path, options.requests) for path in paths]
    for path, before, beside in zip(paths, quiet, busy, strict=True):
        print(
            f"{path}: p95 {p95(before) * 1000:.0f} ms alone, {p95(beside) * 1000:.0f} ms beside "
            f"{options.clients} slow clients, {beside.count(float('inf'))} without an answer"
        )
    return int(max(map(p95, busy)) >= 1)


if __name__ == "__main__":
    sys.exit(main())
