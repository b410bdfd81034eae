"""What one client of the mail listener may take up: time, connections, errors, memory.

What aiosmtpd has no option for. The limits leave room for every honest mail server: RFC 5321 wants
five minutes of patience (4.5.3.2.7) and at least a hundred recipients (4.5.3.1.8).
"""

import asyncio
from typing import Any, AnyStr

from aiosmtpd.smtp import SMTP, syntax
from django.conf import settings

from firstline.base.networks import client_network

RECIPIENTS = 100  # of one mail; the sender brings the others with another one
ERRORS = 20  # refusals of one connection
LAST = 5.0  # seconds to take the last answer
COMMAND = 4096  # bytes of a line that is no mail
# How often a command may come in one connection; those that mails need, as often as there are mails.
CALLS = {"*": 100, "MAIL": 10_000, "RCPT": 100_000, "DATA": 10_000, "RSET": 10_000}
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients, send the rest with another mail"
TOO_MANY_ERRORS = "421 4.7.0 Too many errors"
TOO_SILENT = b"421 4.4.2 Nothing came for too long\r\n"
TOO_MANY = b"421 4.3.2 Too many connections, try again later\r\n"


class BoundedSMTP(SMTP):
    """Answers 421 and hangs up where a client goes too far."""

    everybody: "set[BoundedSMTP]"  # who is connected to the same listener
    client = ""
    errors = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are too many already."""
        peer = transport.get_extra_info("peername")
        self.client = client_network(peer[0] if isinstance(peer, tuple) else "")
        mine = sum(one.client == self.client for one in self.everybody)
        if (
            len(self.everybody) >= settings.SMTP_CONNECTIONS
            or mine >= settings.SMTP_CONNECTIONS_PER_CLIENT
        ):
            out: Any = transport
            out.write(TOO_MANY)
            out.close()
            out.set_protocol(asyncio.Protocol())  # nobody reads what it still sends
            return
        self.everybody.add(self)
        super().connection_made(transport)
        self._keep_to(COMMAND)

    def connection_lost(self, error: Exception | None) -> None:
        """Make room for another one."""
        self.everybody.discard(self)
        super().connection_lost(error)

    async def push(self, status: AnyStr) -> None:
        """Answer; after too many errors of the client, for the last time."""
        said: Any = status
        text = said if isinstance(said, str) else said.decode("ascii", "replace")
        self.errors += text.startswith("5") and not text.startswith("552")  # of a mail, not of it
        if self.errors <= ERRORS:
            await super().push(status)
        elif self.transport is not None:
            await super().push(TOO_MANY_ERRORS)
            self.transport.close()

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Take a mail, whose lines may be long."""
        self._keep_to(self.line_length_limit)
        try:
            await super().smtp_DATA(arg)
        finally:
            self._keep_to(COMMAND)

    def _keep_to(self, limit: int) -> None:
        """Read no line that is longer; asyncio keeps twice as much of it in memory."""
        self._reader._limit = limit  # type: ignore[attr-defined]  # asyncio's, and private

    def _timeout_cb(self) -> None:
        self._writer.write(TOO_SILENT)
        self.loop.call_later(LAST, self._writer.transport.abort)  # whether it is read or not
        super()._timeout_cb()  # type: ignore[no-untyped-call]  # aiosmtpd's
