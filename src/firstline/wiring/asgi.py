"""The one process: web pages in threads, live streams and mail in the event loop, jobs in threads,
one clean stop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from firstline.live import stream
from firstline.mail.inbound.imap.readers import Readers
from firstline.mail.inbound.listener import listen
from firstline.web.agent.live.rows import rows
from firstline.wiring import schedule, wsgi
from firstline.wiring.configuration import configuration
from firstline.wiring.health import PATH as HEALTH
from firstline.wiring.health import Health
from firstline.wiring.pages import Pages
from firstline.wiring.workers import Workers

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Desk:
    """The ASGI application: starts and stops with the server, and hands requests to Django."""

    def __init__(self, *, web: bool, worker: bool, mail: bool) -> None:
        self.mail = mail
        self.readers: Readers | None = None
        self.workers = Workers(configuration.workers) if worker else None
        self.health = Health()
        self.pages = Pages(wsgi.application, configuration.threads) if web else None
        self.streams = stream.Streams(rows) if web else None
        self.listeners: list[asyncio.Server] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            return
        elif scope["path"].startswith(HEALTH):
            await self.health(scope, send)
        elif self.streams is not None and scope["path"].startswith(stream.PATH):
            await self.streams(scope, receive, send)
        elif self.pages is not None:
            await self.pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except OSError as problem:
            await send({"type": "lifespan.startup.failed", "message": str(problem)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def hang_up(self) -> None:
        """End what would keep the server from stopping: streams have no end of their own."""
        if self.streams:
            self.streams.hang_up()

    async def start(self) -> None:
        """Start mail, streams and workers. Raises OSError if a port is taken."""
        if self.mail and configuration.smtp_port:
            self.listeners.append(
                await listen(configuration.smtp_host, configuration.smtp_port, "smtp")
            )
        if self.mail and configuration.lmtp_port:
            self.listeners.append(
                await listen(configuration.smtp_host, configuration.lmtp_port, "lmtp")
            )
        if self.mail:
            self.readers = Readers()
            self.readers.start()
        if self.streams:
            self.streams.start()
        if self.workers:
            self.workers.start()
            schedule.sweep()  # what the last stop or crash left behind should not wait for the clock

    async def stop(self) -> None:
        """Take no more mail, let running jobs end."""
        for listener in self.listeners:
            listener.close()
        if self.readers:
            await asyncio.to_thread(self.readers.stop)
        if self.streams:
            await self.streams.stop()
        if self.workers:
            await asyncio.to_thread(self.workers.stop)
        await self.health.stop()
