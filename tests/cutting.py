"""A wire between the desk and a mail server that is cut, or stalls, after so many bytes."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# How many bytes the server may say on the nth connection, None: all it wants.
Plan = Callable[[int], int | None]


@dataclass
class Wire:
    """A port that leads to another one."""

    target: int
    plan: Plan
    seen: Callable[[bytes], None] | None = None  # what the desk says, before the server hears it
    # What the server says, before the desk hears it; True: cut it here.
    swallows: Callable[[bytes], bool] | None = None
    number: int = 0
    door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        port: int = self.door.getsockname()[1]
        return port

    def run(self) -> None:
        while True:
            try:
                near, _address = self.door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            left = self.plan(self.number)
            self.number += 1
            for pair in (
                (near, far, None, self.seen, None),
                (far, near, left, None, self.swallows),
            ):
                threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(
    source: socket.socket,
    goal: socket.socket,
    left: int | None,
    seen: Callable[[bytes], None] | None,
    swallows: Callable[[bytes], bool] | None,
) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1024):
            if seen:
                seen(data)
            if swallows and swallows(data):
                break
            if left is not None:
                data, left = data[:left], left - len(data)
            goal.sendall(data)
            if left is not None and left <= 0:
                break
    for end in (source, goal):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        goal.close()


@contextmanager
def wire(
    target: int,
    plan: Plan = lambda _number: None,
    seen: Callable[[bytes], None] | None = None,
    swallows: Callable[[bytes], bool] | None = None,
    near: int = 0,
) -> Iterator[Wire]:
    """A wire to this port of the machine; `near`: the port at its other end."""
    door = socket.create_server(("127.0.0.1", near))
    made = Wire(target, plan, seen, swallows, door=door)
    threading.Thread(target=made.run, daemon=True).start()
    try:
        yield made
    finally:
        with contextlib.suppress(OSError):
            made.door.shutdown(socket.SHUT_RDWR)  # else it listens on, as long as somebody accepts
        made.door.close()
