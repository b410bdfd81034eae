"""One part of the desk that is started and killed again and again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.faults.conftest import Start
from tests.faults.mould import Child, Mould, mould

ORDERS = {"readers": ("readers",), "worker": ("run", "worker")}


class Forks:
    """Starts the part; `kill` and `is_alive` speak of the last start."""

    def __init__(self, desk: Mould, part: str, stack: ExitStack) -> None:
        self.desk, self.part, self.stack = desk, part, stack
        self.last: Child | None = None

    def __call__(self) -> None:
        """Start it."""
        self.last = self.stack.enter_context(self.desk.child(*ORDERS[self.part]))

    def kill(self) -> None:
        """End it where it stands; once is enough."""
        if self.last:
            self.last.kill()

    def is_alive(self) -> bool:
        return self.last is not None and not self.last.ends_within(0)


@contextmanager
def forks(start: Start, part: str, **environment: str) -> Iterator[Forks]:
    """What starts this part of the desk on the test's own database; in the end all are dead."""
    with mould(start.environment | environment) as desk, ExitStack() as stack:
        yield Forks(desk, part, stack)
