"""Measuring one page: how long an answer takes, what it costs the server, how many fit in a second."""

import gzip
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles
from typing import Any

from bench.backlog import wait_until_done
from bench.browser import Answer, Browser, token_of
from bench.desk import Desk
from bench.pages import Page
from bench.server import Server

AT_ONCE = 4
WARM = 8
Asks = Callable[[], Browser]


@dataclass(slots=True)
class Figures:
    """What was found out about one page; times in milliseconds, sizes in bytes."""

    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    a_second: float = 0.0  # one visitor, one request after the other
    a_second_at_once: float = 0.0  # AT_ONCE visitors
    size: int = 0
    packed: int = 0
    queries: int | None = None

    @property
    def p50(self) -> float:
        return median(self.times) if self.times else 0.0

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1] if len(self.times) > 1 else self.p50

    @property
    def cpu_ms(self) -> float:
        return median(self.cpu) if self.cpu else 0.0

    def told(self) -> dict[str, Any]:
        """For a file of results: without the single times."""
        kept = {name: it for name, it in asdict(self).items() if name not in ("times", "cpu")}
        return kept | {"p50": self.p50, "p95": self.p95, "cpu": self.cpu_ms}


class Meter:
    """Asks one server for pages and keeps the figures by the name of the page."""

    def __init__(self, server: Server, asks: dict[str, Asks]) -> None:
        self.server, self.asks = server, asks
        self.found: dict[str, Figures] = {}
        self.idle = 0.0

    def rest(self, seconds: float = 2.0) -> None:
        """Learn what the server uses when nobody asks anything, to take it off later."""
        before = self.server.cpu()
        time.sleep(seconds)
        self.idle = (self.server.cpu() - before) / seconds

    def read(self, page: Page, number: int) -> None:
        """Ask for a page `number` times, one after the other, after some that do not count."""
        figures, turns = self.found.setdefault(page.name, Figures()), page.turns()
        browser = self.asks[page.who]()
        for _ in range(WARM):
            browser.get(next(turns), page.headers)
        answers = self._timed(lambda: browser.get(next(turns), page.headers), number, figures)
        browser.close()
        figures.size = round(median(len(answer.body) for answer in answers))
        figures.packed = round(median(len(gzip.compress(one.body)) for one in answers[:10]))

    def read_at_once(self, page: Page, number: int) -> None:
        """Ask for a page `number` times by AT_ONCE visitors."""
        browsers = [self.asks[page.who]() for _ in range(AT_ONCE)]
        for place, browser in enumerate(browsers):
            browser.get(page.paths[place % len(page.paths)], page.headers)

        def visit(place: int) -> None:
            for turn in range(place, number, AT_ONCE):
                browsers[place].get(page.paths[turn % len(page.paths)], page.headers)

        threads = [threading.Thread(target=visit, args=(place,)) for place in range(AT_ONCE)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        passed = time.perf_counter() - begun
        for browser in browsers:
            browser.close()
        self.found[page.name].a_second_at_once = number / passed

    def reply(self, name: str, who: str, numbers: Sequence[str], words: str) -> None:
        """Answer on each of these tickets; the CPU counts until the letters are on their way."""
        figures = self.found.setdefault(name, Figures())
        browser = self.asks[who]()
        forms = [_form(browser.get(f"/tickets/{number}/").text, words) for number in numbers]
        ways = iter(zip(numbers, forms, strict=True))

        def answer() -> Answer:
            number, form = next(ways)
            return browser.post(f"/tickets/{number}/replies/", form)

        answers = self._timed(answer, len(numbers), figures, self.server.desk)
        browser.close()
        wrong = [answer.status for answer in answers if answer.status != 302]
        if wrong:
            raise RuntimeError(f"replies were not taken: {wrong[:3]}")

    def _timed(
        self, ask: Callable[[], Answer], number: int, figures: Figures, desk: Desk | None = None
    ) -> list[Answer]:
        cpu, begun = self.server.cpu(), time.perf_counter()
        answers = [ask() for _ in range(number)]
        passed = time.perf_counter() - begun
        if desk is not None:
            wait_until_done(desk)
        spent = self.server.cpu() - cpu - self.idle * (time.perf_counter() - begun)
        figures.times += [answer.seconds * 1000 for answer in answers]
        figures.cpu.append(max(spent, 0.0) / number * 1000)
        figures.a_second = number / passed
        return answers


def _form(page: str, words: str) -> dict[str, str]:
    """The composer's form on a ticket's page, filled in."""
    _before, _, key = page.partition('name="submission" value="')
    return {
        "csrfmiddlewaretoken": token_of(page),
        "submission": key.partition('"')[0],
        "text": words,
    }
