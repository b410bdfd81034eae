"""The SMTP and LMTP listener for the system addresses, in the event loop of the process."""

import asyncio
from typing import Any, AnyStr

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from firstline.base.frames import in_one_piece
from firstline.mail import addresses
from firstline.mail.inbound import bounds
from firstline.mail.inbound.take import Arrival, take_all

log = structlog.get_logger(__name__)
GREETING = "Firstline"
TOGETHER = 20  # mails of one transaction
# What aiosmtpd says to a mail over the limit; a line over it is one, too.
AFTER_DATA = ("552 Error: Too much mail data", "500 Line too long")
TOO_LARGE = (*AFTER_DATA, "552 Error: message size exceeds")


class Intake:
    """Answers 250 only when the mail is on the disk; anything else leaves it with its sender.

    What comes by several connections in one moment is stored together: the disk is asked once.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self.storing: asyncio.Task[None] | None = None

    async def handle_RCPT(  # the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= bounds.RECIPIENTS:
            return bounds.TOO_MANY_RECIPIENTS
        try:
            known = await asyncio.to_thread(_in_thread, _takes, address)
        except Exception:
            log.exception("recipient not checked")
            return "451 4.3.0 Try again later"
        if not known:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_exception(self, error: Exception) -> str:
        """What a client hears of a command that failed: no words of ours, and never "for good"."""
        log.warning("SMTP command failed", problem=type(error).__name__)
        return "451 4.3.0 Try again later"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        peer: Any = session.peer  # what the socket says, (host, port); typed as a text
        client = str(peer[0]) if isinstance(peer, tuple) else ""
        recipients = tuple(envelope.rcpt_tos)
        arrival = Arrival(raw, envelope.mail_from or "", recipients, self.source, client=client)
        stored = asyncio.get_running_loop().create_future()
        self.waiting.append((arrival, stored))
        if self.storing is None or self.storing.done():
            self.storing = asyncio.create_task(self._store())
        try:
            await stored
        except Exception:
            log.exception("mail not stored, it stays with its sender")
            return self._each(envelope, "451 4.3.0 Not stored, try again later")
        return self._each(envelope, "250 2.0.0 Stored")

    async def _store(self) -> None:
        """Store what waits until nothing does; where some can't be stored together, one by one."""
        while self.waiting:
            some, self.waiting = self.waiting[:TOGETHER], self.waiting[TOGETHER:]
            if len(some) > 1 and await self._stored(some) is None:
                continue
            for one in some:
                problem = await self._stored([one])
                if problem is not None and not one[1].done():
                    one[1].set_exception(problem)

    async def _stored(self, some: list[tuple[Arrival, asyncio.Future[None]]]) -> Exception | None:
        try:
            await asyncio.to_thread(_in_thread, take_all, [arrival for arrival, _done in some])
        except Exception as problem:
            return problem
        for _arrival, done in some:
            if not done.done():  # who brought it may have gone meanwhile
                done.set_result(None)
        return None

    def _each(self, envelope: Envelope, answer: str) -> str:
        """LMTP wants one answer for each recipient (RFC 2033, 4.2)."""
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.source == "lmtp" else answer


class AnyLengthSMTP(bounds.BoundedSMTP):
    """Takes lines of any length: real mails break the limit of RFC 5321, and are not lost for it.

    Only the size of the whole is limited, and a refusal says so to whoever reads the bounce.
    """

    line_length_limit = settings.MAIL_LIMIT

    async def push(self, status: AnyStr) -> None:
        if _is_one(status, TOO_LARGE):
            await super().push(_too_large(self.data_size_limit or 0))
        else:
            await super().push(status)


class AnyLengthLMTP(AnyLengthSMTP, LMTP):
    """The same; after the data it answers for each recipient, also when it refuses (RFC 2033, 4.2)."""

    async def push(self, status: AnyStr) -> None:
        if self.envelope and _is_one(status, AFTER_DATA):
            for _recipient in self.envelope.rcpt_tos[1:]:
                await super().push(status)
        await super().push(status)


def _takes(address: str) -> bool:
    return addresses.is_ours(address) or addresses.is_postmaster(address)


def _is_one(status: str | bytes, answers: tuple[str, ...]) -> bool:
    return isinstance(status, str) and status.startswith(answers)


def _too_large(limit: int) -> str:
    most = limit // (1024 * 1024) or 1
    return f"552 5.3.4 This mail is larger than the {most} MB that are taken here. It was not kept"


@in_one_piece
def _in_thread(function: Any, *args: Any) -> Any:
    close_old_connections()
    return function(*args)


async def listen(host: str, port: int, source: str) -> asyncio.Server:
    """Listen for mail on host and port; `source` is smtp or lmtp. Raises OSError if the port is taken."""
    protocol = AnyLengthLMTP if source == "lmtp" else AnyLengthSMTP
    handler = Intake(source)

    connected: set[bounds.BoundedSMTP] = set()

    def factory() -> SMTP:
        one = protocol(
            handler,
            data_size_limit=settings.MAIL_LIMIT,
            hostname=settings.MAIL_DOMAIN,
            ident=GREETING,
            enable_SMTPUTF8=True,
            timeout=settings.SMTP_SECONDS,
            command_call_limit=bounds.CALLS,
        )
        one.everybody = connected
        return one

    return await asyncio.get_running_loop().create_server(factory, host, port)
