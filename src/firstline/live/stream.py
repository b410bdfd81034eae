"""The live stream: one open answer for each screen, in the server's event loop (product 5.7).

A raw branch of the ASGI application, because a thread for each open screen would be too many. All
questions to the database are asked in threads of its own.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import structlog
from django.conf import settings
from django.db import close_old_connections, connections
from django.http.request import split_domain_port

from firstline.base.frames import in_one_piece
from firstline.base.ids import read_number
from firstline.base.languages import CODES
from firstline.live import listening
from firstline.live.feed import Feed, Listener, News, Rows
from firstline.tickets import inbox
from firstline.tickets.desk import WHOSE
from firstline.tickets.waiting import VIEW

log = structlog.get_logger(__name__)
PATH = "/live/"
EVERY = 1.0  # seconds
HEARTBEAT = 15.0
BLIND = 5.0  # when rights could not be asked for that long, nobody is told anything more (C37)
MOST_OF_A_PERSON = 8
MOST_UNREAD = 30
MOST_AGE = 86400.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(eq=False, slots=True)
class Line:
    """A listener with the messages that wait for its connection; None ends it."""

    listener: Listener
    box: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)

    def tell(self, piece: bytes) -> None:
        """Give it a message; who does not read is cut off, and asks for the rest when it is back."""
        if self.box.qsize() >= MOST_UNREAD:
            self.end()
        else:
            self.box.put_nowait(piece)

    def end(self, why: str = "") -> None:
        if why:
            self.box.put_nowait(News("end", {"why": why}).encoded(0))
        self.box.put_nowait(None)


class Streams:
    """All open screens of this process, and the clock that tells them what is new."""

    def __init__(self, rows: Rows) -> None:
        self.feed = Feed(rows)
        self.lines: list[Line] = []
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="live")
        self.clock: asyncio.Task[None] | None = None
        self.turn = asyncio.Lock()  # the feed takes one at a time
        self.reads = False
        self.told_at = 0.0
        self.is_over = False

    def start(self) -> None:
        """Begin to listen; nothing is asked until somebody does."""
        self.clock = asyncio.create_task(self._run())

    def hang_up(self) -> None:
        """End all streams, so that the server can stop; browsers come back to the next one."""
        self.is_over = True
        for line in self.lines:
            line.end()

    async def stop(self) -> None:
        """Stop the clock and give the connections to the database back."""
        self.hang_up()
        if self.clock:
            self.clock.cancel()
            await asyncio.gather(self.clock, return_exceptions=True)
        for _thread in range(2):
            self.threads.submit(_close)
        await asyncio.to_thread(self.threads.shutdown)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for the stream."""
        if scope["method"] != "GET" or scope["path"] != PATH:
            return await _refuse(send, 404)
        try:
            line = None if self.is_over else await self._admit(scope)
        except Exception:
            log.exception("nobody can be let in to the live stream")
            return await _refuse(send, 503)
        if line is None:
            return await _refuse(send, 503 if self.is_over else 401)
        watch = asyncio.create_task(_watch(receive, line))
        try:
            await self._tell(line, send)
        finally:
            watch.cancel()
            with contextlib.suppress(ValueError):
                self.lines.remove(line)

    async def _admit(self, scope: Scope) -> Line | None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        asked = {
            key: found[0]
            for key, found in parse_qs(scope["query_string"].decode("latin-1")).items()
        }
        key = _cookie(headers.get(b"cookie", ""))
        host, _port = split_domain_port(headers.get(b"host", ""))
        reader = await self._ask(listening.admit, key, host)
        if reader is None:
            return None
        language, whose = asked.get("language", ""), asked.get("whose", "")
        listener = Listener(
            key,
            language if language in CODES else settings.LANGUAGE_CODE,
            whose if whose in (*WHOSE, VIEW) or inbox.is_view(whose) else "all",
            reader,
        )
        mark: int = _number(headers.get(b"last-event-id") or asked.get("after", ""))
        age = min(_number(asked.get("age", "")) / 1000, MOST_AGE)
        line = Line(listener)
        async with self.turn:  # nothing is told between what it is owed and what it hears itself
            if not self.reads:
                await self._ask(self.feed.begin)
                self.reads, self.told_at = True, time.monotonic()
            await self._ask(self.feed.welcome, listener, mark, age)
            self._make_room(reader.person_id)
            self.lines.append(line)
        return line

    def _make_room(self, person_id: int) -> None:
        theirs = [one for one in self.lines if one.listener.reader.person_id == person_id]
        for line in theirs[: max(len(theirs) - MOST_OF_A_PERSON + 1, 0)]:
            line.end("elsewhere")

    async def _tell(self, line: Line, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        piece: bytes | None = f"retry: 2000\nid: {self.feed.mark}\n\n".encode()
        while piece is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            try:
                piece = await asyncio.wait_for(line.box.get(), HEARTBEAT)
            except TimeoutError:
                piece = f": still here\nid: {self.feed.mark}\n\n".encode()
        await send({"type": "http.response.body", "body": b""})

    async def _run(self) -> None:
        while True:
            begun = time.monotonic()
            async with self.turn:
                if lines := list(self.lines):
                    await self._try(lines)
                else:
                    self.reads = False
            await asyncio.sleep(max(EVERY - (time.monotonic() - begun), 0.05))

    async def _round(self, lines: list[Line]) -> None:
        told = await self._ask(self.feed.tick, [line.listener for line in lines])
        mark = self.feed.mark
        for line in lines:
            news = told.get(line.listener)
            if news is None:
                continue
            line.tell(news.encoded(mark))
            if news.ends:
                line.end()

    async def _try(self, lines: list[Line]) -> None:
        try:
            await self._round(lines)
            self.told_at = time.monotonic()
        except Exception:
            log.exception("live streams could not be told")
            for line in lines:
                line.listener.starts_anew = True  # what was read and not told is lost to it
                if time.monotonic() - self.told_at > BLIND:
                    line.end()

    async def _ask(self, function: Callable[..., Any], *given: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, _with_connection, function, given)


@in_one_piece
def _with_connection(function: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    close_old_connections()
    return function(*given)


def _close() -> None:
    time.sleep(0.05)  # so that the other one falls to the other thread
    connections.close_all()


async def _watch(receive: Receive, line: Line) -> None:
    """End the line as soon as the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    line.end()


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"private, no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


def _number(text: str) -> int:
    return read_number(text) or 0
