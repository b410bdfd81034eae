"""The database's words: one transaction, and what waits for its commit."""

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django.db.models import QuerySet

atomic = transaction.atomic


def after_commit(function: Callable[..., Any], *args: Any) -> None:
    """Call `function(*args)` once the current transaction is committed, never if it is rolled back."""
    transaction.on_commit(lambda: function(*args))


def hold(rows: QuerySet[Any], *, whole: bool = False) -> None:
    """Keep these rows for this transaction, so that what is read after this call stays true.

    `whole`: they are to go, so nobody may point a new row at them meanwhile, either.

    A separate statement, because PostgreSQL drops a row from a locking join when the row changed
    while it waited. SQLite needs nothing: a transaction there is the only writer from its start.
    """
    if not is_sqlite(rows.db):
        keys = rows.order_by("pk").values_list("pk", flat=True)
        list(keys.select_for_update(no_key=not whole))


def is_sqlite(alias: str = "default") -> bool:
    """Whether the desk runs on the embedded engine."""
    return connections[alias].vendor == "sqlite"


def tune(connection: Any, **_: Any) -> None:
    """Give every new SQLite connection its own settings; an acknowledged mail survives a power cut.

    The file-wide mode (WAL) is set beside these, because it is remembered in the file.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")


SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "cache_size = -64000",
    "mmap_size = 268435456",
    "temp_store = MEMORY",
    "journal_size_limit = 67108864",
)

connection_created.connect(tune, dispatch_uid="firstline.base.db.tune")
