"""Search in PostgreSQL: columns of type tsvector with GIN indexes, which give hits in no order.

The planner guesses how many documents hold a word, and guesses badly: it walks a million of them
for a rare one, or fetches all hits of a common one. So each step here has a bound of its own.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from firstline.search.models import Document
from firstline.search.terms import Query, Term
from firstline.tickets.models import Ticket

NEWEST = 2000
FEW = 5000
STORE = """
    INSERT INTO search_document (rowid, public, internal)
    SELECT id, array_to_tsvector(string_to_array(public, ' ')),
        array_to_tsvector(string_to_array(internal, ' '))
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS document (id, public, internal)
    ON CONFLICT (rowid) DO UPDATE SET public = excluded.public, internal = excluded.internal
"""


def store(rows: Sequence[tuple[int, str, str]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(STORE, [list(column) for column in zip(*rows, strict=True)])


def meets(query: Query, *, internal: bool) -> RawSQL:
    columns = ("public", "internal") if internal else ("public",)
    holds = f"({' OR '.join(f'search_document.{column} @@ %s::tsquery' for column in columns)})"
    parts, values = [], []
    if query.terms:
        parts.append(f"({' AND '.join(holds for _ in query.terms)})")
        values += [_any_of(term) for term in query.terms for _ in columns]
    if query.number:
        parts.append("search_document.public @@ %s::tsquery")
        values.append(f"'{query.number}'")
    whole = f"({' OR '.join(parts)})"
    return RawSQL(whole, values, BooleanField())  # noqa: S611  # our own text; words are values


def _any_of(term: Term) -> str:
    """A tsquery in text form; written as lexemes, so that no parser splits or changes the words."""
    return f"'{term.word}' | '{term.beginning}':*" if term.beginning else f"'{term.word}'"


reads = meets  # the planner reads few documents by itself


def newest(
    hits: QuerySet[Document], tickets: QuerySet[Ticket], size: int, before: int | None
) -> list[int]:
    seen = hits.filter(Exists(tickets.filter(pk=OuterRef("pk")))).order_by("-pk")
    walk = seen.values_list("pk", flat=True)[:size]
    edge = _edge(before)
    if edge is None:
        return list(walk)
    # A common word stands in the newest documents often enough.
    found = list(seen.filter(pk__gte=edge).values_list("pk", flat=True)[:size])
    if len(found) == size:
        return found
    # A rare one has few hits, which the index gives at once; else the walk down is not long.
    some = list(hits.values_list("pk", flat=True)[: FEW + 1])
    if len(some) > FEW:
        return list(walk)
    among = RawSQL("tickets_ticket.id = ANY(%s)", [some], BooleanField())
    return list(tickets.filter(among).order_by("-pk").values_list("pk", flat=True)[:size])


def _edge(before: int | None) -> int | None:
    """Where the newest documents before an id end; None if there are no others."""
    documents = Document.objects.order_by("-pk")
    if before is not None:
        documents = documents.filter(pk__lt=before)
    return next(iter(documents.values_list("pk", flat=True)[NEWEST : NEWEST + 1]), None)
