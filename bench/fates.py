"""What becomes of made tickets: which of them are still open, and how their five messages run.

The number of open tickets does not depend on the size of the desk: a desk that has run for three
years has as much to do as one that has run for a week.
"""

from dataclasses import dataclass
from random import Random

MESSAGES = 5


@dataclass(frozen=True, slots=True)
class Fate:
    """An end, and the ways there: each letter is a message, i(n), o(ut), c(omment) or h(idden)."""

    name: str
    plots: tuple[str, ...]
    first_level: bool = True


NEW = Fate("new", ("ihihi", "iihhi", "iiihi"))
REPLY = Fate("reply", ("ioihi", "ioioi", "icohi", "iohii"))
LEVEL = Fate("level", ("ioihi", "ioiho", "ihihi", "ihoih"), first_level=False)
WAITING = Fate("waiting", ("ioiho", "ihoio", "iocho"))
RESOLVED = Fate("resolved", ("ioiho", "ihoio", "iohio"))
CLOSED = Fate("closed", ("ioiho", "ihoio", "iohio", "ioioo", "icoho"))

# For each ticket on the desk: how many of each, and how many more are open but not shown there.
SHARES = ((NEW, 0.1), (REPLY, 0.4), (LEVEL, 0.5), (WAITING, 0.6), (RESOLVED, 0.3))
RECENT = 3  # of the unfinished, most are among the newest tickets, three times as many,
OLD = 20  # and the others among twenty times as many
MOSTLY = 0.8


def unfinished(tickets: int, on_desk: int, random: Random) -> dict[int, Fate]:
    """Which tickets, counted from 0, are not closed: `on_desk` of them are shown on the desk."""
    wanted = [fate for fate, share in SHARES for _ in range(round(on_desk * share))]
    wanted = wanted[: tickets // 2]
    random.shuffle(wanted)
    recent = min(len(wanted) * RECENT, tickets)
    places = random.sample(range(tickets - recent, tickets), k=int(len(wanted) * MOSTLY))
    old = range(max(tickets - len(wanted) * OLD, 0), tickets)
    free = set(old) - set(places)
    places += random.sample(sorted(free), k=len(wanted) - len(places))
    return dict(zip(places, wanted, strict=True))
