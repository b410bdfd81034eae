"""Whether the desk lives and is ready to serve: JSON without secrets, for any host name.

Answered by the event loop, so that busy page threads are not taken for a dead desk. The database is
asked by a thread of its own, once for all who ask in the meantime.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections, connection, connections

PATH = "/health/"
PATIENCE = 5.0  # seconds for the database
OK = {"status": "ok"}
READY = {"status": "ok", "database": "ok"}
UNAVAILABLE = {"status": "unavailable", "database": "no answer"}


class Health:
    """Answers /health/live and /health/ready."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self.asked: asyncio.Future[bool] | None = None

    async def __call__(
        self, scope: dict[str, Any], send: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        """Answer one request."""
        if scope["path"] == "/health/live":
            await _answer(send, 200, OK)
        elif scope["path"] == "/health/ready":
            is_ready = await self._is_ready()
            await _answer(send, 200 if is_ready else 503, READY if is_ready else UNAVAILABLE)
        else:
            await _answer(send, 404, {"status": "unknown"})

    async def stop(self) -> None:
        """Give the connection to the database back."""
        self.thread.submit(connections.close_all)
        await asyncio.to_thread(self.thread.shutdown)

    async def _is_ready(self) -> bool:
        if self.asked is None or self.asked.done():
            self.asked = asyncio.get_running_loop().run_in_executor(self.thread, _ask)
        try:
            return await asyncio.wait_for(asyncio.shield(self.asked), PATIENCE)
        except TimeoutError:
            return False


def _ask() -> bool:
    close_old_connections()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM tickets_numbering")
            cursor.fetchone()
    except Exception:  # whatever keeps the database from answering
        return False
    return True


async def _answer(
    send: Callable[[dict[str, Any]], Awaitable[None]], status: int, told: dict[str, str]
) -> None:
    body = json.dumps(told).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
