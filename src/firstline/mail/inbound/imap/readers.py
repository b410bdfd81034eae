"""All mailboxes of the desk, each with a reader in a thread of its own."""

import threading
import time
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connections
from django.utils import timezone

from firstline.base.frames import in_one_piece
from firstline.mail.inbound.imap.reader import Reader
from firstline.mail.inbound.imap.stop import Stop
from firstline.mail.models import Mailbox

log = structlog.get_logger(__name__)
LOOK = 2.0  # seconds between two looks for mailboxes that nobody reads
TO_END = 5.0


class Readers:
    """Reads what no other process reads, from `start` to `stop`."""

    def __init__(self) -> None:
        self.word = Stop()
        self.running: dict[int, tuple[Reader, threading.Thread]] = {}
        self.watch = _thread("mailboxes", self._watch)

    def start(self) -> None:
        self.watch.start()

    def stop(self) -> None:
        """Let the readers end: those that wait do so at once, and those that read are cut off.

        What is cut off was not counted as taken, and comes again.
        """
        self.word.say()
        end = time.monotonic() + TO_END
        self.watch.join(TO_END)
        for reader, _running in self.running.values():
            reader.cut()
        for _reader, thread in self.running.values():
            thread.join(max(0.0, end - time.monotonic()))
        if not any(thread.is_alive() for _reader, thread in self.running.values()):
            self.word.close()

    def _watch(self) -> None:
        while not self.word.is_said():
            try:
                self._look()
            except Exception:
                log.exception("mailboxes not looked for")
            self.word.wait(LOOK)

    def _look(self) -> None:
        close_old_connections()
        self.running = {pk: pair for pk, pair in self.running.items() if pair[1].is_alive()}
        free = Mailbox.objects.filter(is_active=True, leased_until__lte=timezone.now())
        for pk in free.order_by("pk").values_list("pk", flat=True):
            if pk not in self.running:
                reader = Reader(pk, self.word)
                thread = _thread(f"mailbox {pk}", reader.run)
                self.running[pk] = reader, thread
                thread.start()


def _thread(name: str, function: Callable[[], None]) -> threading.Thread:
    """A thread that leaves no connection to the database behind, and never keeps the process."""

    @in_one_piece
    def run() -> None:
        try:
            function()
        except Exception:
            log.exception("thread ended", thread=name)
        finally:
            connections.close_all()

    return threading.Thread(target=run, name=name, daemon=True)
