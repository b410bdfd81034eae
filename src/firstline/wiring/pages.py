"""Pages by threads, which wait for nobody: a request is whole before a thread is taken, and its
answer is kept until the client has taken it.

What does not fit into memory lies in a temporary file meanwhile. A request that is refused before it
is read gets its answer from Django (wiring/refused.py), in the reader's language.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from a2wsgi import WSGIMiddleware
from django.conf import settings

from firstline.base.ids import read_number
from firstline.base.networks import client_network
from firstline.files.upload import MOST_FILES
from firstline.mail.inbound import hooks
from firstline.wiring.connections import MOST_HEAD

IN_MEMORY = 512 * 1024  # bytes of a body or an answer; what is larger goes to the disk
PIECE = 128 * 1024
SLOWEST = 1024  # bytes a second that a long body must keep up
LINGER = 5.0  # seconds for a refused body to run dry, or its sender never sees the refusal
MOST_HELD = 2  # how many bodies of the largest size one client may have on the disk at once
UPLOADS = ("/alerts/", "/api/", "/portal/", "/settings/", "/tickets/")  # pages that take files
KEPT = {b"host", b"accept", b"accept-language", b"hx-request", b"x-forwarded-proto"}
REFUSAL = "firstline.refusal"

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Refused(Exception):
    """The request is not read to its end; `status` is why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The client has hung up."""


class Pages:
    """An ASGI application that hands whole requests to a WSGI application."""

    def __init__(self, application: Any, threads: int) -> None:
        self.pages: Any = WSGIMiddleware(application, workers=threads)
        self.asking: Counter[str] = Counter()  # requests of each client that are not answered yet
        self.held: Counter[str] = Counter()  # bytes of their bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        client = client_network((scope.get("client") or ("",))[0])
        self.asking[client] += 1
        try:
            with SpooledTemporaryFile(IN_MEMORY) as body, SpooledTemporaryFile(IN_MEMORY) as answer:
                try:
                    await self._answer(scope, receive, send, client, body, answer)
                finally:
                    self._forget(self.held, client, body.seek(0, SEEK_END))
        except Gone:
            return
        finally:
            self._forget(self.asking, client, 1)

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        client: str,
        body: IO[bytes],
        answer: IO[bytes],
    ) -> None:
        refused = False
        try:
            self._check(scope, client)
            await self._read(scope, receive, client, body)
            scope = _whole(scope, body.tell())
        except Refused as problem:
            refused, scope = True, _refused(scope, problem.status)
        begun = await self._ask(scope, body, answer)
        if refused:
            begun["headers"] = [*begun["headers"], (b"connection", b"close")]
        await _tell(begun, answer, send)
        if refused:
            await _run_dry(receive)
        await send({"type": "http.response.body", "body": b""})

    def _check(self, scope: Scope, client: str) -> None:
        """Refuse what is known to be too much before it is read. Raises Refused."""
        if settings.BEHIND_PROXY and 0 < settings.CONNECTIONS_PER_CLIENT < self.asking[client]:
            raise Refused(429)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEAD:
            raise Refused(431)
        if _announced(scope) > most_of(scope):
            raise Refused(413)

    async def _read(self, scope: Scope, receive: Receive, client: str, body: IO[bytes]) -> None:
        """Read the body as it comes. Raises Refused where it is too much or too slow, Gone."""
        loop, most, size = asyncio.get_running_loop(), most_of(scope), 0
        end = loop.time() + settings.CLIENT_SECONDS
        has_more = True
        while has_more:
            left = end + size / SLOWEST - loop.time()
            try:
                async with asyncio.timeout(min(left, settings.CLIENT_SECONDS)):
                    message = await receive()
            except TimeoutError:
                raise Refused(408) from None
            if message["type"] == "http.disconnect":
                raise Gone
            piece, has_more = message.get("body", b""), message.get("more_body", False)
            size += len(piece)
            if size > most:
                raise Refused(413)
            if self.held[client] + len(piece) > MOST_HELD * _largest():
                raise Refused(503)
            self.held[client] += len(piece)
            body.write(piece)

    async def _ask(self, scope: Scope, body: IO[bytes], answer: IO[bytes]) -> dict[str, Any]:
        """Have a thread answer into `answer`; the beginning of the answer."""
        begun: dict[str, Any] = {}
        body.seek(0)

        async def receive() -> dict[str, Any]:
            piece = body.read(PIECE)
            return {"type": "http.request", "body": piece, "more_body": len(piece) == PIECE}

        async def keep(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                begun.update(message)
            else:
                answer.write(message.get("body", b""))

        await self.pages(scope, receive, keep)
        return begun

    def _forget(self, counter: Counter[str], client: str, number: int) -> None:
        counter[client] -= number
        if counter[client] <= 0:
            del counter[client]


def most_of(scope: Scope) -> int:
    """Bytes of the largest body that this address takes; for a refusal to name, too."""
    path = scope["path"]
    if path.startswith("/hooks/"):
        return hooks.largest_post()
    if path.startswith(UPLOADS) and _header(scope, b"content-type").startswith(b"multipart/"):
        return _largest()
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _largest() -> int:
    return int(MOST_FILES * settings.FILE_LIMIT + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _announced(scope: Scope) -> int:
    text = _header(scope, b"content-length")
    return read_number(text[:18].decode("latin-1")) or 0


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _whole(scope: Scope, size: int) -> Scope:
    """The request as WSGI wants it: its length is known, also where it came in chunks."""
    if not size or _header(scope, b"content-length"):
        return scope
    headers = [(name, value) for name, value in scope["headers"] if name != b"transfer-encoding"]
    return scope | {"headers": [*headers, (b"content-length", str(size).encode())]}


def _refused(scope: Scope, status: int) -> Scope:
    """The request without what is too large, marked for Django with the status of its answer."""
    headers = [one for one in scope["headers"] if one[0] in KEPT and len(one[1]) < 1024]
    return scope | {"headers": headers, REFUSAL: (status, most_of(scope))}


async def _tell(begun: dict[str, Any], answer: IO[bytes], send: Send) -> None:
    """Send what was kept, as quickly as the client takes it, but for the end."""
    await send(begun)
    answer.seek(0)
    while piece := answer.read(PIECE):
        await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _run_dry(receive: Receive) -> None:
    """Read on for a moment: a client that is cut off while it sends would not see the answer."""
    try:
        async with asyncio.timeout(min(LINGER, settings.CLIENT_SECONDS)):
            while (await receive()).get("more_body"):
                pass
    except TimeoutError:
        return
