"""Bulk insert: rows as tuples, indexes made afterwards, durability only at the end.

A made desk can be made again, so nothing is synced while it grows; `finish` leaves the database as
the product would have it.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from django.core.management.color import no_style
from django.db import ProgrammingError, connection
from django.db.models import Model

from firstline.base.db import SQLITE_PRAGMAS, is_sqlite

Row = tuple[Any, ...]
QUICK = (
    "foreign_keys = OFF",
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    "cache_size = -600000",
)


class Table:
    """A table to fill. `columns` are the names, between blanks; others get their model's default,
    but for those that the database fills in itself."""

    def __init__(self, model: type[Model], columns: str) -> None:
        self.model, given = model, columns.split()
        others = [
            field
            for field in model._meta.concrete_fields
            if field.column not in given and not field.primary_key and not field.generated
        ]
        self.columns = [*given, *(field.column for field in others)]
        self.defaults: Row = tuple(
            field.get_db_prep_save(field.get_default(), connection) for field in others
        )
        self.number = 0

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows; each is a tuple of values as the database takes them."""
        full = [row + self.defaults for row in rows] if self.defaults else rows
        names = ", ".join(f'"{name}"' for name in self.columns)
        table = self.model._meta.db_table
        if is_sqlite():
            marks = ", ".join("?" * len(self.columns))
            _raw().executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", full)  # noqa: S608
        else:
            with _raw().cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in full:
                    copy.write_row(row)
        self.number += len(rows)


@lru_cache(maxsize=100_000)  # what happens at one moment is written into many rows
def moment(seconds: float) -> str:
    """A moment, in seconds since 1970, as the database of this desk keeps it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "microseconds")[:26] + _zone()


@cache
def _zone() -> str:
    return "" if is_sqlite() else "+00"


class Load:
    """A load of many tables at once: `begin`, then `Table.insert`, then `finish`."""

    def __init__(self, models: Iterable[type[Model]]) -> None:
        self.models = list(models)
        self.tables = [model._meta.db_table for model in self.models]
        self.indexes: dict[str, str] = {}

    def begin(self) -> None:
        """Put aside what slows a load down."""
        connection.ensure_connection()
        if is_sqlite():
            for pragma in QUICK:
                _execute(f"PRAGMA {pragma}")
        else:
            with suppress(ProgrammingError):  # only a superuser may; without it a load is slower
                _execute("SET session_replication_role = replica")
            _execute("SET synchronous_commit = off")
        self.indexes = _indexes(self.tables)
        for name in self.indexes:
            _execute(f'DROP INDEX "{name}"')
        _execute("BEGIN")

    def index(self) -> None:
        """Make the indexes again, each by one sort, and let the planner know what is there."""
        _execute("COMMIT")
        for statement in self.indexes.values():
            _execute(statement)
        if not is_sqlite():
            for statement in connection.ops.sequence_reset_sql(no_style(), self.models):
                _execute(statement)

    def finish(self) -> None:
        """Give the database the planner's figures and the product's own settings."""
        _execute("ANALYZE")
        if is_sqlite():
            _execute("PRAGMA locking_mode = NORMAL")
            for pragma in SQLITE_PRAGMAS:
                _execute(f"PRAGMA {pragma}")
        connection.close()


def _raw() -> Any:
    """The driver's own connection, without Django's work on each parameter."""
    return connection.connection


def _execute(statement: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def _indexes(tables: Sequence[str]) -> dict[str, str]:
    """How to make the indexes of these tables again, but for those that a constraint stands on."""
    names = ", ".join(f"'{name}'" for name in tables)
    if is_sqlite():
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        return dict(_execute(f"{found} AND tbl_name IN ({names})"))
    found = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    kept = "SELECT conname FROM pg_constraint"
    return dict(_execute(f"{found} AND tablename IN ({names}) AND indexname NOT IN ({kept})"))
