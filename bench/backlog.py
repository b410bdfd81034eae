"""How much work waits on a desk, asked of the database itself while the server runs."""

import sqlite3
import time
from contextlib import closing
from typing import Any

from bench.desk import Desk

TABLES = {"mail": "mail_rawmail", "reactions": "events_reaction", "letters": "mail_outgoingmail"}
PAUSE = 0.02


class Stuck(Exception):
    """The work does not end."""


def waiting(desk: Desk, *tables: str) -> int:
    """How many rows wait in these tables (all of TABLES if none is named)."""
    with closing(_connect(desk)) as connection:
        counts = 0
        for name in tables or TABLES:
            question = f"SELECT count(*) FROM {TABLES[name]} WHERE state = 'waiting'"  # noqa: S608
            counts += int(connection.execute(question).fetchone()[0])
        return counts


def wait_until_done(desk: Desk, *tables: str, seconds: float = 300) -> None:
    """Return as soon as nothing waits any more. Raises Stuck."""
    end = time.monotonic() + seconds
    while waiting(desk, *tables):
        if time.monotonic() > end:
            raise Stuck(f"still waiting: {', '.join(tables or TABLES)}")
        time.sleep(PAUSE)


def _connect(desk: Desk) -> Any:
    if not desk.database_url:
        address = f"file:{desk.folder / 'firstline.db'}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=20)
    import psycopg

    return psycopg.connect(desk.database_url, autocommit=True)
