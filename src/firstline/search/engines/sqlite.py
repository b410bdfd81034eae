"""Search in SQLite: a table of FTS5, which walks hits in the order of their ids.

https://www.sqlite.org/fts5.html, sections 3 (query syntax) and 4.5 (detail).
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from firstline.search.models import Document
from firstline.search.terms import Query, Term
from firstline.tickets.models import Ticket

STORE = (
    "INSERT OR REPLACE INTO search_document (rowid, public, between_lines, platform, partner)"
    " VALUES (%s, %s, %s, %s, %s)"
)


def store(rows: Sequence[tuple[int, *tuple[str, ...]]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(STORE, rows)


def meets(query: Query, columns: Sequence[str]) -> RawSQL:
    wanted = " AND ".join(_any_of(term) for term in query.terms)
    if query.number:
        wanted = f'({wanted}) OR "{query.number}"' if wanted else f'"{query.number}"'
    if query.scope:
        wanted = f'({wanted}) AND "{query.scope}"'
    wanted = f"{{{' '.join(columns)}}} : ({wanted})"
    return RawSQL("search_document MATCH %s", [wanted], BooleanField())


def _any_of(term: Term) -> str:
    looks = [f'"{word}"' for word in term.words]
    if term.beginning:
        looks.append(f'"{term.beginning}" *')
    return f"({' OR '.join(looks)})"


def reads(query: Query, columns: Sequence[str]) -> RawSQL:
    """FTS5 would look the words up anew for every document: a millisecond each."""
    texts = " || ' ' || ".join(columns)
    holds = f"instr(' ' || {texts} || ' ', %s)"
    parts, values = [], []
    for term in query.terms:
        looks = [f" {word} " for word in term.words]
        if term.beginning:
            looks.append(f" {term.beginning}")
        parts.append(f"({' OR '.join(holds for _ in looks)})")
        values += looks
    whole = " AND ".join(parts)
    if query.number:
        whole = f"({whole}) OR {holds}" if whole else holds
        values.append(f" {query.number} ")
    return RawSQL(whole, values, BooleanField())  # noqa: S611  # our own text; words are values


def newest(
    hits: QuerySet[Document],
    tickets: QuerySet[Ticket],
    size: int,
    before: int | None,
    *,
    scoped: bool = False,
) -> list[int]:
    seen = hits.filter(Exists(tickets.filter(pk=OuterRef("pk"))))
    return list(seen.order_by("-pk").values_list("pk", flat=True)[:size])
