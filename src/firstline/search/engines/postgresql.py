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

NEAR, FAR = 2000, 20_000
FEW = 20_000
STORE = """
    INSERT INTO search_document (rowid, public, between_lines, platform, partner)
    SELECT id, array_to_tsvector(string_to_array(public, ' ')),
        array_to_tsvector(string_to_array(between_lines, ' ')),
        array_to_tsvector(string_to_array(platform, ' ')),
        array_to_tsvector(string_to_array(partner, ' '))
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS document (id, public, between_lines, platform, partner)
    ON CONFLICT (rowid) DO UPDATE SET public = excluded.public,
        between_lines = excluded.between_lines, platform = excluded.platform,
        partner = excluded.partner
"""


def store(rows: Sequence[tuple[int, *tuple[str, ...]]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(STORE, [list(column) for column in zip(*rows, strict=True)])


def meets(query: Query, columns: Sequence[str]) -> RawSQL:
    holds = f"({' OR '.join(f'{column} @@ %s::tsquery' for column in columns)})"
    parts, values = [], []
    if query.terms:
        parts.append(f"({' AND '.join(holds for _ in query.terms)})")
        values += [_any_of(term) for term in query.terms for _ in columns]
    if query.number:
        parts.append("public @@ %s::tsquery")
        values.append(f"'{query.number}'")
    whole = f"({' OR '.join(parts)})"
    if query.scope:
        whole = f"({whole} AND public @@ %s::tsquery)"
        values.append(f"'{query.scope}'")
    return RawSQL(whole, values, BooleanField())  # noqa: S611  # our own text; words are values


def _any_of(term: Term) -> str:
    """A tsquery in text form; written as lexemes, so that no parser splits or changes the words."""
    looks = [f"'{word}'" for word in term.words]
    if term.beginning:
        looks.append(f"'{term.beginning}':*")
    return " | ".join(looks)


reads = meets  # the planner reads few documents by itself


def newest(
    hits: QuerySet[Document],
    tickets: QuerySet[Ticket],
    size: int,
    before: int | None,
    *,
    scoped: bool = False,
) -> list[int]:
    if not scoped:  # of all that was written lately little is one customer's
        found, is_all = _walk(hits, tickets, size, before, NEAR)
        if is_all:
            return found
    if hits[: FEW + 1].count() > FEW:
        found, is_all = _walk(hits, tickets, size, before, FAR)
        if is_all:
            return found
    return _sort(hits, tickets, size)


def _walk(
    hits: QuerySet[Document], tickets: QuerySet[Ticket], size: int, before: int | None, width: int
) -> tuple[list[int], bool]:
    """What is to be found in the newest `width` documents, and whether that is all there is to
    find, or all that is wanted. A common word stands in them often enough.
    """
    documents = Document.objects.order_by("-pk")
    if before is not None:
        documents = documents.filter(pk__lt=before)
    edge = list(documents.values_list("pk", flat=True)[width : width + 1])
    seen = hits.filter(Exists(tickets.filter(pk=OuterRef("pk"))), pk__gte=edge[0] if edge else 0)
    found = list(seen.order_by("-pk").values_list("pk", flat=True)[:size])
    return found, not edge or len(found) == size


def _sort(hits: QuerySet[Document], tickets: QuerySet[Ticket], size: int) -> list[int]:
    """The newest of all hits, which the index gives at once: quick for rare words, whatever the
    planner thinks of them."""
    sql, values = hits.values("pk").query.sql_with_params()
    among = RawSQL(f"tickets_ticket.id = ANY(ARRAY({sql}))", values, BooleanField())  # noqa: S611  # ours
    return list(tickets.filter(among).order_by("-pk").values_list("pk", flat=True)[:size])
