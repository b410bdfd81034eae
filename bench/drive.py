"""Drive desks: start the real server on each, ask for every page, send mail, collect the figures.

Several desks are asked in turns within one run, so that whatever else the machine does at the
moment slows all of them alike: their ratio means more than any of their times.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from bench import intake
from bench.desk import Desk
from bench.measure import Figures, Meter
from bench.pages import BARE, deep_page, pages_of, visitors
from bench.server import Server

ROUNDS = 5
REPLY = "reply"
WORDS = "We looked into it and found the reason.\n\nPlease check whether it works now."


@dataclass(slots=True)
class Result:
    """The figures of one desk."""

    desk: Desk
    found: dict[str, Figures]
    mail: intake.Intake | None = None
    idle: float = 0.0
    memory: float = 0.0

    def told(self) -> dict[str, Any]:
        """For a file of results."""
        return {
            "tickets": self.desk.tickets,
            "on_desk": self.desk.on_desk,
            "idle_cpu": self.idle,
            "memory_mb": self.memory,
            "pages": {name: figures.told() for name, figures in self.found.items()},
            "intake": asdict(self.mail) if self.mail else None,
        }

    def to_bare(self, name: str) -> float:
        """How many times as long a page takes as the bare one."""
        bare = self.found[BARE].p50 if BARE in self.found else 0.0
        return self.found[name].p50 / bare if bare else 0.0


class Drive:
    """One desk with its server, its visitors and its pages."""

    def __init__(self, server: Server, only: Sequence[str]) -> None:
        self.server, self.desk = server, server.desk
        self.meter = Meter(server, visitors(server.desk, server.port))
        self.deep = deep_page(self.meter.asks["agent"]())
        self.pages = [page for page in pages_of(server.desk, self.deep) if _wanted(page.name, only)]
        self.answered = 0

    def reply(self, number: int) -> None:
        """Answer on `number` tickets, on other ones each time."""
        waiting = self.desk.waiting
        numbers = [waiting[(self.answered + turn) % len(waiting)] for turn in range(number)]
        self.answered += number
        self.meter.reply(REPLY, "agent", numbers, f"{WORDS} ({time.time():.0f})")

    def result(self, mails: int) -> Result:
        """Send the mails, look inside, and put all figures together."""
        inside = intake.inside(self.desk, "--deep", self.deep)
        for name, figures in self.meter.found.items():
            figures.queries = int(inside[name]) if name in inside else None
        mail = intake.measure(self.server, mails, inside["parsed"]) if mails else None
        memory = self.server.memory()
        return Result(self.desk, self.meter.found, mail, self.meter.idle, memory)


def drive(
    desks: Sequence[Desk],
    *,
    requests: int,
    mails: int,
    only: Sequence[str],
    say: Callable[[str], None],
) -> list[Result]:
    """Measure these desks in turns: each page `requests` times on each of them."""
    a_round = max(requests // ROUNDS, 1)
    with ExitStack() as stack:
        say("starting " + ", ".join(f"{desk.tickets} tickets" for desk in desks))
        drives = [Drive(stack.enter_context(Server(desk)), only) for desk in desks]
        for one in drives:
            one.meter.rest()
        for pages in zip(*(one.pages for one in drives), strict=True):
            say(pages[0].name)
            for _ in range(ROUNDS):
                for one, page in zip(drives, pages, strict=True):
                    one.meter.read(page, a_round)
            for one, page in zip(drives, pages, strict=True):
                one.meter.read_at_once(page, requests)
        if _wanted(REPLY, only):
            say(REPLY)
            for _ in range(ROUNDS):
                for one in drives:
                    one.reply(max(a_round // 2, 2))
        say("mail" if mails else "inside")
        return [one.result(mails) for one in drives]


def _wanted(name: str, only: Sequence[str]) -> bool:
    return not only or name == BARE or any(name.startswith(one) for one in only)


def growth(small: Result, big: Result) -> dict[str, float]:
    """How many times as long each page takes on the bigger desk."""
    pages = small.found.keys() & big.found.keys()
    return {
        name: big.found[name].p50 / small.found[name].p50 for name in small.found if name in pages
    }
