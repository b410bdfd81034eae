"""One worker's intake beside parsing alone: `python -m bench.worker [--mails 1000] [FOLDER]`.

On an empty desk of its own, in this process: the same mails are parsed, then taken (bytes and row on
the disk, as when a server hears 250), then placed in their tickets by one thread. The mails are made,
short ones and usual ones; with FOLDER also those that lie there as files. With PostgreSQL:
`python tests/postgresql.py --durable -- python -m bench.worker`.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from bench.desk import enter, environment_of
from bench.mails import short, usual

ADDRESS = "support@desk.example"
TOGETHER = 20  # as many as come by the connections of one mail server, or in one answer of IMAP
SHARE = 0.25  # of the speed of parsing, at least
Mails = list[tuple[str, bytes]]


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; the exit code is 1 where placing usual mails is too slow."""
    parser = argparse.ArgumentParser(prog="bench.worker", description=__doc__)
    parser.add_argument("--mails", type=int, default=1000, help="of each kind (1000)")
    parser.add_argument("folder", type=Path, nargs="?", help="with files of mails")
    options = parser.parse_args(arguments)
    kinds: dict[str, Mails] = {
        "short": [short(ADDRESS, Random(f"short-{n}")) for n in range(options.mails)],
        "usual": [usual(ADDRESS, Random(f"usual-{n}")) for n in range(options.mails)],
    }
    if options.folder:
        kinds[options.folder.name] = _read(options.folder)[: options.mails]
    with tempfile.TemporaryDirectory(prefix="firstline-bench-") as name:
        url = os.environ.get("FIRSTLINE_DATABASE_URL", "")
        enter(environment_of(Path(name)) | ({"FIRSTLINE_DATABASE_URL": url} if url else {}))
        return _measure(kinds)


def _measure(kinds: dict[str, Mails]) -> int:
    from firstline.base.frames import in_one_piece
    from firstline.cli.migrate import prepare
    from firstline.events.relay import handlers_of

    prepare()
    _make_department()
    handlers_of("")  # a worker that runs has read that page
    shares = {kind: in_one_piece(_rows)(kind, mails) for kind, mails in kinds.items()}
    return 0 if shares["usual"] >= SHARE else 1


def _rows(kind: str, mails: Mails) -> float:
    """Print one kind's line; the share of the parser's speed that taking and placing together have."""
    from django.db import connection

    from firstline.mail.inbound.digest import digest_waiting
    from firstline.mail.inbound.take import Arrival, take_all
    from firstline.mail.mime import quotes
    from firstline.mail.mime.parse import Unreadable, parse

    def read() -> None:
        for _sender, raw in mails:
            try:
                quotes.split(parse(raw).text)
            except Unreadable:
                continue

    def take() -> None:
        for at in range(0, len(mails), TOGETHER):
            group = mails[at : at + TOGETHER]
            take_all([Arrival(raw, sender, [ADDRESS], "imap") for sender, raw in group])

    number = len(mails)
    parsing, taking, placing = _seconds(read), _seconds(take), _seconds(digest_waiting)
    share = parsing / (taking + placing)
    size = sum(len(raw) for _sender, raw in mails) / number / 1024
    print(
        f"{connection.vendor}, {number} {kind} mails of {size:.0f} kB, mails a second: "
        f"parsed {number / parsing:.0f}, taken {number / taking:.0f} ({parsing / taking:.0%}), "
        f"placed {number / placing:.0f}, taken and placed {number / (taking + placing):.0f} "
        f"({share:.0%} of parsing)"
    )
    return share


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _make_department() -> None:
    from firstline.tickets.models import Department
    from firstline.tickets.models.workflow import Workflow

    names = dict.fromkeys(("ru", "bg", "en"), "Support")
    flow = Workflow.objects.get(key="service")
    Department.objects.create(names=names, address=ADDRESS, workflow=flow)


def _read(folder: Path) -> Mails:
    kinds = {".eml", ".box", ".msg", ".email", ".txt"}
    paths = sorted(path for path in folder.rglob("*") if path.suffix in kinds)
    Random(folder.name).shuffle(paths)
    return [("sender@post.example", path.read_bytes()) for path in paths]


if __name__ == "__main__":
    sys.exit(main())
