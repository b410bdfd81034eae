"""Real doors for tests: our SMTP listener, and a mail server that keeps what we send."""

import asyncio
import functools
import smtplib
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connections

from firstline.mail.inbound.listener import listen


@contextmanager
def _in_thread(listening: Callable[[], Coroutine[Any, Any, asyncio.Server]]) -> Iterator[int]:
    """A server in a thread with a loop of its own; yields its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listening(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    loop = asyncio.get_running_loop()
    # each thread of the pool has a connection of its own, which a test database must not outlive
    await asyncio.gather(*(asyncio.to_thread(_close_connection) for _ in range(40)))
    await loop.shutdown_default_executor()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _close_connection() -> None:
    connections.close_all()
    time.sleep(0.01)  # so that the next one falls to another thread


@contextmanager
def smtp_listener(source: str = "smtp") -> Iterator[int]:
    """The desk's own listener; yields its port."""
    with _in_thread(lambda: listen("127.0.0.1", 0, source)) as port:
        yield port


@dataclass
class Sink:
    """What a mail server got: every mail that left the desk."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.original_content or b""
            self.raw.append(content)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        return self.answer

    @property
    def setting(self) -> dict[str, Any]:
        """What settings.OUTGOING_MAIL is when the desk sends through this server."""
        nobody = {"username": "", "password": "", "use_ssl": False, "use_tls": False}
        return {"host": "127.0.0.1", "port": self.port, **nobody}

    def mails(self) -> list[EmailMessage]:
        """The mails as a mail program reads them. (aiosmtpd reads all properties at each connection.)"""
        parsed: list[Message] = [message_from_bytes(raw, policy=default) for raw in self.raw]
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that one address got, oldest first."""
        pairs = zip(self.mails(), self.envelopes, strict=True)
        return [mail for mail, (_sender, recipients) in pairs if address in recipients]


@contextmanager
def mail_sink(*, utf8: bool = False) -> Iterator[Sink]:
    """A mail server on loopback that keeps everything and passes nothing on; `utf8`: it offers SMTPUTF8."""
    sink = Sink()

    async def listening() -> asyncio.Server:
        loop = asyncio.get_running_loop()
        made = functools.partial(SMTP, sink, hostname="sink.example", enable_SMTPUTF8=utf8)
        return await loop.create_server(made, "127.0.0.1", 0)

    with _in_thread(listening) as port:
        sink.port = port
        yield sink


def letter(
    sender: str, recipient: str, subject: str, text: str, *, html: str = "", **headers: str
) -> EmailMessage:
    """A mail as a mail program writes it; further headers by name, with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def post(port: int, mail: EmailMessage | bytes, sender: str, recipient: str) -> None:
    """Hand a mail to an SMTP server as a mail server would; raises what smtplib raises."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        client.sendmail(sender, [recipient], raw)
