"""The two engines: dumb stores of our words. What differs between SQLite and PostgreSQL is here."""

from collections.abc import Sequence
from typing import Protocol

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from firstline.base.db import is_sqlite
from firstline.search.engines import postgresql, sqlite
from firstline.search.models import Document
from firstline.search.terms import Query
from firstline.tickets.models import Ticket

# A ticket's id, and its words in each of models.COLUMNS, parted by single spaces.
Row = tuple[int, *tuple[str, ...]]


class Engine(Protocol):
    """What an engine can do."""

    def store(self, rows: Sequence[Row]) -> None:
        """Write documents in place of those that are there."""

    def meets(self, query: Query, columns: Sequence[str]) -> RawSQL:
        """Whether a Document meets the query by the words of these columns, told by the index.

        The first of them is `public`: numbers and scopes stand there alone."""

    def reads(self, query: Query, columns: Sequence[str]) -> RawSQL:
        """The same, told by reading the words of each Document: for when there are few."""

    def newest(
        self,
        hits: QuerySet[Document],
        tickets: QuerySet[Ticket],
        size: int,
        before: int | None,
        *,
        scoped: bool = False,
    ) -> list[int]:
        """The ids of the newest of `tickets` that are hits, at most `size`, newest first.

        `before`: an id that all hits lie below, if there is one. `scoped`: the query has a scope.
        """


def engine() -> Engine:
    """The engine of this desk's database."""
    return sqlite if is_sqlite() else postgresql
