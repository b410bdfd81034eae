"""How SQLite answers queries: the steps of its plans."""

from collections.abc import Iterable, Mapping

from django.db import connection


def steps_of(queries: Iterable[Mapping[str, str]]) -> list[str]:
    """What SQLite does for each of these captured queries, step by step."""
    steps: list[str] = []
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps += [row[3] for row in cursor.fetchall()]
    return steps
