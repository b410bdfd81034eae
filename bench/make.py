"""Make a desk of any size: `python -m bench.make --tickets 1000000 --data FOLDER`.

With FIRSTLINE_DATABASE_URL set, the rows go there (an empty database), else into SQLite in FOLDER.
The same seed makes the same desk, but for the moment at which it ends: that is now.
"""

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.desk import default_folder, enter, environment_of

if TYPE_CHECKING:
    from bench.rows import Writer

BLOCK = 10_000
INDEX_STEP = 10_000


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.make", description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--data", type=Path, help="folder to make it in; it must be new or empty")
    parser.add_argument("--open", type=int, default=1000, help="how many stand on the desk")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    folder = (options.data or default_folder(options.tickets)).resolve()
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder} is not empty.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    address = os.environ.get("FIRSTLINE_DATABASE_URL", "")
    enter(environment_of(folder) | ({"FIRSTLINE_DATABASE_URL": address} if address else {}))
    make(folder, options.tickets, options.open, options.seed)
    return 0


def make(folder: Path, tickets: int, on_desk: int, seed: int) -> None:
    """Fill an empty folder, and the database that is set, with a desk."""
    from django.core.management import call_command

    from bench.facts import facts_of
    from bench.load import Load
    from bench.people import make_cast
    from bench.rows import Writer
    from bench.texts import Texts
    from firstline.tickets.models import Numbering, Tag

    begun = time.monotonic()
    call_command("migrate", verbosity=0)
    random, now = Random(f"{seed}:people"), time.time()
    cast = make_cast(random)
    tags = [tag.pk for tag in Tag.objects.bulk_create(Tag(name=f"tag-{n}") for n in range(50))]
    Numbering.objects.update(last=tickets)
    writer = Writer(cast, Texts(seed))
    load = Load([table.model for table in writer.tables])
    load.begin()
    _tell(writer, tickets, on_desk, seed, now, tags, begun)
    _say(begun, "making the indexes")
    load.index()
    _index_words(tickets, begun)
    _say(begun, "collecting figures for the planner")
    load.finish()
    made_at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    facts_of(folder, cast, tickets, on_desk, seed, made_at).write()
    _say(begun, f"{tickets} tickets in {folder}")


def _tell(
    writer: "Writer",
    tickets: int,
    on_desk: int,
    seed: int,
    now: float,
    tags: list[int],
    begun: float,
) -> None:
    from bench.fates import unfinished
    from bench.plan import Planner

    fates = unfinished(tickets, on_desk, Random(f"{seed}:fates"))
    planner = Planner(writer.cast, tickets, now, fates)
    for first in range(0, tickets, BLOCK):
        random = Random(f"{seed}:{first}")
        last = min(first + BLOCK, tickets)
        writer.write(random, [planner.plan(random, place) for place in range(first, last)], tags)
        if last % (10 * BLOCK) == 0 or last == tickets:
            _say(begun, f"{last} tickets, {writer.messages.number} messages")


def _index_words(tickets: int, begun: float) -> None:
    """Fill the search, by its own means."""
    from firstline.search import index

    for first in range(1, tickets + 1, INDEX_STEP):
        last = min(first + INDEX_STEP, tickets + 1)
        index.reindex_many(range(first, last))
        if (last - 1) % (10 * INDEX_STEP) == 0 or last == tickets + 1:
            _say(begun, f"{last - 1} tickets can be searched")


def _say(begun: float, text: str) -> None:
    """A line with the seconds that went by, and those that this process worked."""
    passed = f"{time.monotonic() - begun:6.0f} s ({time.process_time():.0f} s of CPU)"
    print(f"{passed}  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
