"""Jobs: functions that run in a worker, soon after the commit that asked for them.

The queue may lose a job (it is at most once); nothing depends on it alone. What must happen stands
in a `Work` row (base/work.py), and a job is only the wake-up.
"""

import functools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import close_old_connections
from huey import Huey, MemoryHuey, SqliteHuey, crontab

from firstline.base.db import after_commit
from firstline.base.frames import in_one_piece

log = structlog.get_logger(__name__)
MOMENT = 0.1  # seconds: whoever asks for one job within it is served by one run


def _make_queue() -> Huey:
    if settings.QUEUE_FILE is None:
        return MemoryHuey("firstline", results=False)
    path = Path(settings.QUEUE_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("firstline", filename=str(path), results=False, timeout=20)


queue = _make_queue()


class Job:
    """A function that workers run. `job.later(*ids)` asks for it once the transaction is committed."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.task = queue.task()(_in_worker(function))
        self.asked_for = 0.0  # the moment of the last run that was asked for; it may lie ahead
        self.turn = threading.Lock()

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)

    def later(self, *ids: int) -> None:
        """Enqueue after the commit; a queue that can't be written delays the work, no more."""
        after_commit(self._enqueue, 0, *ids)

    def after(self, seconds: float, *ids: int) -> None:
        """The same, to run so many seconds after the commit."""
        after_commit(self._enqueue, seconds, *ids)

    def wake(self) -> None:
        """Ask for a run after the commit that takes up whatever is due then. A hundred who ask in
        one moment are served by two: one at once, one when the moment is over.
        """
        after_commit(self._wake)

    def _wake(self) -> None:
        with self.turn:
            now = time.monotonic()
            if self.asked_for > now:
                return
            wait = max(self.asked_for + MOMENT - now, 0.0)
            self.asked_for = now + wait
        if wait:
            timer = threading.Timer(wait, self._enqueue, (0,))
            timer.daemon = True
            timer.start()
        else:
            self._enqueue(0)

    def _enqueue(self, seconds: float, *ids: int) -> None:
        try:
            if seconds:
                self.task.schedule(args=ids, delay=seconds)
            else:
                self.task(*ids)
        except Exception:
            log.exception(
                "job not enqueued, the sweeper will find its row", job=self.function.__name__
            )


def job(function: Callable[..., Any]) -> Job:
    """Make a job of `function`. It takes ids, may run twice, and claims the row it works on."""
    return Job(function)


def every_minute(function: Callable[[], Any]) -> Callable[[], Any]:
    """Run `function` each minute in the one consumer that keeps the clock; twice must do no harm."""
    return queue.periodic_task(crontab())(_in_worker(function))  # type: ignore[no-any-return]  # huey is untyped


def _in_worker(function: Callable[..., Any]) -> Callable[..., Any]:
    @in_one_piece
    @functools.wraps(function)
    def run(*args: Any) -> Any:
        close_old_connections()
        try:
            return function(*args)
        finally:
            close_old_connections()

    return run
