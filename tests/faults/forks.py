"""Parts of the desk as processes that are there at once, and so may be killed a hundred times.

One process has everything loaded and does nothing; each part is a fork of it.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.conftest import Start, wait_until

PARTS = {
    "readers": """
from firstline.mail.inbound.imap.readers import Readers
def begin():
    Readers().start()
    time.sleep(3600)
""",
    "worker": """
import asyncio
from firstline.wiring.asgi import Desk
async def run():
    desk = Desk(web=False, worker=True, mail=False)
    await desk.start()
    await asyncio.sleep(3600)
def begin():
    asyncio.run(run())
""",
}
PROGRAM = """
import django, os, signal, sys, time
django.setup()
from django.db import connections
from firstline.base.jobs import queue
{part}
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _line in sys.stdin:
    connections.close_all()
    queue.storage.close()
    pid = os.fork()
    if not pid:
        begin()
        os._exit(0)
    print(pid, flush=True)
"""


class Forks:
    """Starts the part again and again; `kill` and `is_alive` speak of the last one."""

    def __init__(self, template: "subprocess.Popen[str]") -> None:
        self.template, self.pid = template, 0
        self.pids: list[int] = []

    def __call__(self) -> None:
        """Start it."""
        assert self.template.stdin
        assert self.template.stdout
        self.template.stdin.write("again\n")
        self.template.stdin.flush()
        self.pid = int(self.template.stdout.readline())
        self.pids.append(self.pid)

    def kill(self) -> None:
        """End it where it stands; once is enough."""
        if self.pid:
            _kill(self.pid)

    def stop(self) -> None:
        """End them all."""
        for pid in self.pids:
            _kill(pid)

    def is_alive(self) -> bool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return self.pid != 0
        return False


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def forks(start: Start, part: str, **environment: str) -> Iterator[Forks]:
    """What starts this part of the desk on the test's own database."""
    template = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(part=PARTS[part])],
        env=os.environ | start.environment | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    made = Forks(template)
    try:
        yield made
    finally:
        made.stop()
        wait_until(lambda: not made.is_alive(), 10)
        template.kill()
        template.communicate(timeout=10)
