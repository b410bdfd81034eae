"""Processes of the desk that are there at once: they fork from one that has read the code.

A kill must be followed by a start a thousand times over, and a start from nothing takes seconds.
What runs is the product's own: its mail part, its web part, its command for a pipe.
"""

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

KILLED = -9


@dataclass
class Child:
    """A process of the desk."""

    pid: int
    handle: int  # what is killed is this very process, whoever has its number later
    line: socket.socket

    def kill(self) -> None:
        """kill -9, and wait until it is dead."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        assert self.ends_within(20)

    def ends_within(self, seconds: float) -> bool:
        """Whether it is dead by then."""
        return bool(select.select([self.handle], [], [], seconds)[0])

    def hand_over(self, raw: bytes) -> None:
        """Give a pipe its mail."""
        with contextlib.suppress(OSError):
            self.line.sendall(raw)
            self.line.shutdown(socket.SHUT_WR)

    def code(self) -> int:
        """What it ended with: KILLED where it did not come to that."""
        told = b""
        with contextlib.suppress(OSError):
            told = self.line.recv(100)
        assert self.ends_within(20)
        return int(told) if told else KILLED

    def close(self) -> None:
        os.close(self.handle)
        self.line.close()


@dataclass
class Mould:
    """Makes processes of the desk."""

    port: int

    @contextmanager
    def child(self, *order: str) -> Iterator[Child]:
        """`run PART`, `digest`, `readers` or a command of the desk; in the end it is killed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(json.dumps(order).encode() + b"\n")
            pid = int(line.recv(100))
            child = Child(pid, os.pidfd_open(pid), line)
            line.sendall(b"\n")  # now its number is not another's
            try:
                yield child
            finally:
                child.kill()
                child.close()

    def deliver(self, raw: bytes, sender: str, to: str, patience: float | None = None) -> int:
        """The command of a pipe, killed after so many seconds of patience; its exit code."""
        with self.child("mail", "deliver", "--from", sender, "--to", to) as child:
            child.hand_over(raw)
            if patience is not None and not child.ends_within(patience):
                child.kill()
            return child.code()


@contextmanager
def mould(environment: dict[str, str]) -> Iterator[Mould]:
    """A mould for desks with this environment."""
    command = [sys.executable, "-m", "tests.faults.mould"]
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE)
    assert process.stdout
    try:
        yield Mould(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def _main() -> None:
    import django
    import django.urls

    django.setup()
    import firstline.cli.mail
    import firstline.mail.inbound.imap.readers
    import firstline.mail.inbound.pipe
    import firstline.wiring.asgi  # noqa: F401  # read once, here

    django.urls.resolve("/hooks/mail/mime/none/")  # which reads all pages
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a child ended
    door = socket.create_server(("127.0.0.1", 0))
    print(door.getsockname()[1], flush=True)
    while True:
        line, _address = door.accept()
        if os.fork() == 0:
            door.close()
            os._exit(_live(line))
        line.close()


def _live(line: socket.socket) -> int:
    """What a child does: hear its order, tell its number, go."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    order = json.loads(_read_line(line))
    line.sendall(f"{os.getpid()}\n".encode())
    _read_line(line)
    code = 1
    os.dup2(line.fileno(), 0)
    if order[0] == "run":
        _run(order[1])
    elif order[0] == "digest":
        code = _digest()
    elif order[0] == "readers":
        _read_mailboxes()
    else:
        from firstline.cli.main import main

        code = main(order)
    line.sendall(f"{code}\n".encode())
    return code


def _read_line(line: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\n"):
        part = line.recv(1)
        if not part:
            os._exit(1)
        said += part
    return said


def _run(part: str) -> None:
    """`firstline run --only PART`, but for the look whether the database is of this version."""
    from firstline.cli import run
    from firstline.wiring.asgi import Desk

    parts: dict[str, Any] = {name: name == part for name in run.PARTS}
    desk = Desk(**parts)
    if part == "web":
        run._serve(desk)
    else:
        asyncio.run(run._without_web(desk.start, desk.stop))


def _read_mailboxes() -> None:
    """What the mail part does beside listening."""
    from firstline.mail.inbound.imap.readers import Readers

    Readers().start()
    time.sleep(3600)


def _digest() -> int:
    """What a worker does with the mail that came, as soon as whoever ordered it is ready."""
    from firstline.mail.inbound import digest

    sys.stdin.buffer.read()
    digest.sweep()
    return 0


if __name__ == "__main__":
    _main()
