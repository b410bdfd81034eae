"""One connection to a mailbox: opened, proven, closed; it can look and wait, and change nothing.

imap-tools talks to the server. Folders are examined, never selected, and mails are peeked at, so
that the server itself refuses any change by us.
"""

import contextlib
import imaplib
import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from imap_tools.mailbox import BaseMailBox

from firstline.base import outside
from firstline.mail.inbound.imap.account import Account
from firstline.mail.inbound.imap.oauth import access_token
from firstline.mail.inbound.imap.stop import Stop
from firstline.mail.inbound.imap.trouble import Answered, Trouble, told
from firstline.mail.presets import preset_of_host

SECONDS = 30.0  # without a byte: a server that stalls counts as gone
PATIENCE = 10.0  # while a person waits for the answer
LARGEST = 8 * 1024 * 1024  # of one piece that a server sends unasked; we ask for one megabyte
TRIES_TO_LEAVE = 2.0
MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
Beat = Callable[[], None]


class _Careful:
    """What both clients share: connections to the outside only, and no endless literals."""

    host: str
    port: int

    def _door(self, seconds: float | None) -> socket.socket:
        return outside.connect(self.host, self.port, seconds or SECONDS)

    def read(self, size: int) -> bytes:
        if size > LARGEST:
            raise imaplib.IMAP4.abort("literal too large")
        data: bytes = super().read(size)  # type: ignore[misc]  # of imaplib
        if len(data) < size:
            raise imaplib.IMAP4.abort("cut off")  # else half a mail would be taken for a whole one
        return data


class _Plain(_Careful, imaplib.IMAP4):
    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._door(timeout)


class _Tls(_Careful, imaplib.IMAP4_SSL):
    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        door = self._door(timeout)
        try:
            wrapped: ssl.SSLSocket = self.ssl_context.wrap_socket(door, server_hostname=self.host)
            return wrapped
        except BaseException:
            door.close()
            raise


class Box(BaseMailBox):
    """The connection. Use `opened`."""

    def __init__(self, account: Account, seconds: float) -> None:
        self.account, self.seconds = account, seconds
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        where = self.account
        if where.security == "tls":
            context = ssl.create_default_context()
            return _Tls(where.host, where.port, ssl_context=context, timeout=self.seconds)
        client = _Plain(where.host, where.port, timeout=self.seconds)
        if where.security == "starttls":
            if "STARTTLS" not in client.capabilities:
                client.shutdown()
                raise Trouble("starttls")
            client.starttls(ssl.create_default_context())
        return client

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self.client.capabilities

    def enter(self) -> None:
        """Prove who we are. Raises Trouble, OSError, or an error of the library."""
        where = self.account
        if where.uses_oauth:
            self._enter_by_token(access_token(where))
        elif (where.user + where.password).isascii() and "LOGINDISABLED" not in self._offers:
            self.login(where.user, where.password, initial_folder=None)
        else:
            self.login_utf8(where.user, where.password, initial_folder=None)
        _kind, told_now = self.client.capability()
        if told_now and told_now[0]:
            self.client.capabilities = tuple(str(told_now[0], "ascii", "replace").upper().split())

    @property
    def _offers(self) -> tuple[str, ...]:
        return tuple(self.client.capabilities)

    def _enter_by_token(self, token: str) -> None:
        offered = [one for one in MECHANISMS if f"AUTH={one}" in self._offers]
        if not offered and (known := preset_of_host(self.account.host)) and known.token_url:
            offered = ["XOAUTH2"]  # Yandex takes it, and does not say so
        if not offered:
            raise Trouble("mechanism")
        where = self.account
        words = f"user={where.user}\1auth=Bearer {token}\1\1"
        if offered[0] == "OAUTHBEARER":
            words = (
                f"n,a={where.user},\1host={where.host}\1port={where.port}\1auth=Bearer {token}\1\1"
            )
        # The second time the server explains its refusal, and wants an empty line.
        answers = iter([words.encode()])
        self.client.authenticate(offered[0], lambda _said: next(answers, b""))

    def examine(self, folder: str) -> tuple[int, int]:
        """Look into a folder: its UIDVALIDITY and the next UID. Raises Trouble."""
        try:
            with told():
                self.folder.set(folder, readonly=True)
        except Answered as problem:
            raise Trouble("folder", folder) from problem
        validity, following = self._number("UIDVALIDITY"), self._number("UIDNEXT")
        if not following:
            following = max(self.uids_from(1), default=0) + 1
        return validity, following

    def _number(self, name: str) -> int:
        _name, data = self.client.response(name)
        text = data[-1] if data and data[-1] else b"0"
        return int(text) if text.isdigit() else 0

    def forget_news(self) -> None:
        """What the server tells from now on is new."""
        self.client.untagged_responses.pop("EXISTS", None)

    def has_news(self) -> bool:
        """Whether it told of more mails, in an answer to whatever we asked; IDLE tells of none twice."""
        return "EXISTS" in self.client.untagged_responses

    def uids_from(self, first: int) -> list[int]:
        """The UIDs of the folder from `first` on, rising. Raises Trouble, Answered."""
        with told():
            # `n:*` names the last mail even where its UID is below n (RFC 9051, 9: seq-range).
            found = self.uids(f"UID {first}:*", charset=None)
            return sorted({int(one) for one in found if int(one) >= first})

    def ask(self, uids: str, what: str) -> list[Any]:
        """FETCH, as imaplib answers it. Raises Trouble, Answered."""
        # imaplib keeps what came before a NO, and would take it for a part of the next answer.
        self.client.untagged_responses.pop("FETCH", None)
        with told():
            kind, data = self.client.uid("FETCH", uids, what)
        if kind != "OK":
            raise Answered(str(data[-1] or b"", "utf-8", "replace") if data else "")
        return [one for one in data if one]

    def counts(self) -> list[tuple[str, int]]:
        """All folders that can be read, and how many mails lie in each. Raises Trouble, Answered."""
        with told():
            found = [one for one in self.folder.list() if "\\noselect" not in _lower(one.flags)]
            return [(one.name, self._count(one.name)) for one in found[:200]]

    def _count(self, name: str) -> int:
        try:
            return self.folder.status(name, ["MESSAGES"]).get("MESSAGES", 0)
        except Exception as problem:
            if isinstance(problem, OSError | imaplib.IMAP4.abort):
                raise
            return 0

    def wait(self, seconds: float, stop: Stop, beat: Beat, every: float) -> None:
        """Return when something happens in the folder, after `seconds`, or when told to stop.

        `beat` is called each `every` seconds. Raises Trouble, Answered.
        """
        if not self.can_idle:
            _each(every, time.monotonic() + seconds, stop.wait, beat)
            return
        if self.has_news():
            return
        with told():
            idle: Any = self.idle  # untyped in the library
            idle.start()
            if not (self.has_news() or self._has_read_ahead()):
                _each(every, time.monotonic() + seconds, lambda time: self._hears(stop, time), beat)
            idle.stop()

    def _has_read_ahead(self) -> bool:
        """Whether the answer to IDLE brought more with it, which no poll of the socket would show."""
        client: Any = self.client
        client.sock.settimeout(0)
        try:
            return bool(client.file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            client.sock.settimeout(self.seconds)

    def _hears(self, stop: Stop, seconds: float) -> bool:
        poller = select.poll()
        poller.register(self.client.sock.fileno(), select.POLLIN)
        poller.register(stop.fileno(), select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def cut(self) -> None:
        """End the connection from another thread: whoever reads from it hears that it is over."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.client.sock, socket.SHUT_RDWR)


def _each(every: float, end: float, hears: Callable[[float], bool], beat: Beat) -> None:
    while (left := end - time.monotonic()) > 0:
        if hears(min(every, left)):
            return
        beat()


def _lower(flags: tuple[str, ...]) -> set[str]:
    return {flag.lower() for flag in flags}


@contextmanager
def opened(account: Account, *, seconds: float = SECONDS) -> Iterator[Box]:
    """A connection that is proven to be ours, closed in the end. Raises Trouble."""
    try:
        with told("unreachable"):
            box = Box(account, seconds)
    except Answered as problem:
        raise Trouble("unreachable") from problem
    try:
        try:
            with told():
                box.enter()
        except Answered as problem:
            code = "account" if account.uses_oauth else "login"
            raise Trouble(code, re.sub(r"\[\w+\] ?", "", str(problem))) from problem
        yield box
    finally:
        _leave(box)


def _leave(box: Box) -> None:
    """Say good-bye if that is possible at once."""
    with contextlib.suppress(Exception):
        box.client.sock.settimeout(TRIES_TO_LEAVE)
        box.client.logout()
    with contextlib.suppress(Exception):
        box.client.shutdown()
