"""HTTP connections that nobody can hold: uvicorn's protocol with limits that it has no options for.

A client gets FIRSTLINE_CLIENT_SECONDS for the head of a request (RFC 9110, 15.5.9: 408), and as long
until it has taken what it was sent. Bodies are looked after by wiring/pages.py.
"""

import asyncio
from typing import Any

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from firstline.base.networks import client_network
from firstline.live.stream import PATH as STREAMS

MOST_HEAD = 32 * 1024  # bytes of a request line with its header fields
REFUSAL = b"content-length: 0\r\nconnection: close\r\n\r\n"


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    network = ""
    head = 0  # bytes of a head that is not whole yet
    framing = 0  # bytes since the last ones of a body: sizes of chunks, and trailer fields
    is_in_message = has_ended = False  # a message: going on now, ended by the last bytes that came
    late: asyncio.TimerHandle | None = None
    stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin, unless this client has too many connections already."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # tells as soon as anything waits to be taken
        self.network = client_network(self.client[0] if self.client else "")
        if self._is_one_too_many():
            self._refuse(429)
        else:
            self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clocks with the connection."""
        self._stop_clock()
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, until the head is too large or was due long ago."""
        if self.transport.is_closing():
            return
        self.has_ended = False
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self.is_in_message:
            self.framing += len(data)
        elif not self.has_ended:  # else nearly all of it was the message
            self.head += len(data)
        if max(self.head, self.framing - len(data)) > MOST_HEAD:
            return self._refuse(431)
        if not self._is_answering():  # what comes now is a head, or a body that nobody wants
            self._start_clock()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header field; trailer fields (RFC 9110, 6.5) say nothing here and are left out."""
        if not self.is_in_message:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Some of the body came: no framing alone."""
        self.framing = 0
        super().on_body(body)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self.is_in_message, self.head, self.framing = True, 0, 0
        self._stop_clock()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is whole; what follows is another head."""
        self.is_in_message, self.has_ended, self.framing = False, True, 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Something was sent and not taken yet."""
        super().pause_writing()
        self._stop_waiting()
        self.stuck = self.loop.call_later(settings.CLIENT_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """All that was sent is taken."""
        self._stop_waiting()
        super().resume_writing()

    def _start_clock(self) -> None:
        if self.late is None:
            self.late = self.loop.call_later(settings.CLIENT_SECONDS, self._end)

    def _stop_clock(self) -> None:
        if self.late is not None:
            self.late.cancel()
            self.late = None

    def _stop_waiting(self) -> None:
        if self.stuck is not None:
            self.stuck.cancel()
            self.stuck = None

    def _end(self) -> None:
        if self.head:
            self._refuse(408)
        else:  # nothing was asked, so nothing is answered
            self.transport.close()

    def _refuse(self, status: int) -> None:
        self._stop_clock()
        if not self.transport.is_closing():
            if not self._has_begun():
                self.transport.write(STATUS_LINE[status] + REFUSAL)
            self.transport.close()

    def _has_begun(self) -> bool:
        return self._is_answering() and bool(self.cycle.response_started)

    def _is_answering(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, whatever its annotation says
        return bool(cycle is not None and not cycle.response_complete)

    def _is_stream(self) -> bool:
        """Live streams have a limit of their own (live/stream.py), for each person."""
        if not self._is_answering() or not self.cycle.response_started:
            return False
        path: str = self.cycle.scope["path"]
        return path.startswith(STREAMS)

    def _is_one_too_many(self) -> bool:
        most: int = settings.CONNECTIONS_PER_CLIENT
        if settings.BEHIND_PROXY or not most:  # all connections are the proxy's
            return False
        others = (one for one in self.connections if isinstance(one, Connection))
        mine: int = sum(one.network == self.network and not one._is_stream() for one in others)
        return mine > most
