"""A word to stop that also wakes who waits for a socket."""

import socket
import threading


class Stop:
    """Said once, heard by all readers of a process."""

    def __init__(self) -> None:
        self._said = threading.Event()
        self._ear, self._mouth = socket.socketpair()

    def say(self) -> None:
        if not self._said.is_set():
            self._said.set()
            self._mouth.send(b".")  # nobody reads it: the ear stays ready for all

    def is_said(self) -> bool:
        return self._said.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long; whether it was said."""
        return self._said.wait(seconds)

    def fileno(self) -> int:
        return self._ear.fileno()

    def close(self) -> None:
        self._ear.close()
        self._mouth.close()
