"""A wire between the desk and a mail server that is cut, or stalls, after so many bytes."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# How many bytes the server may say on the nth connection, None: all it wants.
Plan = Callable[[int], int | None]
# What passes, before the other side hears it. What it gives back goes on instead; OSError cuts.
Ear = Callable[[bytes], bytes]


@dataclass
class Wire:
    """A port that leads to another one."""

    target: int
    plan: Plan = lambda _number: None
    asked: Ear | None = None  # what the desk says
    answered: Ear | None = None  # what the server says
    # Makes both for each connection, where they remember what passed before.
    ears: Callable[[], tuple[Ear, Ear]] | None = None
    stalls: bool = False  # instead of being cut it carries nothing more, and nobody is told
    number: int = 0
    over: threading.Event = field(default_factory=threading.Event)
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
            asked, answered = self.ears() if self.ears else (self.asked, self.answered)
            for pair in ((near, far, None, asked), (far, near, left, answered)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(
        self, source: socket.socket, goal: socket.socket, left: int | None, ear: Ear | None
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1024):
                if ear:
                    data = ear(data)
                if left is not None:
                    data, left = data[:left], left - len(data)
                goal.sendall(data)
                if left is not None and left <= 0:
                    if self.stalls:
                        self.over.wait()
                    break
        for end in (source, goal):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            goal.close()


@contextmanager
def wire(
    target: int, plan: Plan = lambda _number: None, *, near: int = 0, **options: object
) -> Iterator[Wire]:
    """A wire to this port of the machine; `near`: the port at its other end; options as of `Wire`."""
    door = socket.create_server(("127.0.0.1", near))
    made = Wire(target, plan, door=door, **options)  # type: ignore[arg-type]  # told by `Wire`
    threading.Thread(target=made.run, daemon=True).start()
    try:
        yield made
    finally:
        made.over.set()
        with contextlib.suppress(OSError):
            made.door.shutdown(socket.SHUT_RDWR)  # else it listens on, as long as somebody accepts
        made.door.close()
