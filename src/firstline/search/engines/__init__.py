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


class Engine(Protocol):
    """What an engine can do."""

    def store(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Write documents in place of those that are there.

        A row is a ticket's id, its public and its internal words, both parted by single spaces.
        """

    def meets(self, query: Query, *, internal: bool) -> RawSQL:
        """Whether a Document meets the query, told by the index; without `internal` by its public
        words alone."""

    def reads(self, query: Query, *, internal: bool) -> RawSQL:
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
