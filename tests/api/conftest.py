"""Clients of the API with real tokens, and a way to see that nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from firstline.people.actions.tokens import create_token
from firstline.people.models import Person, Token
from firstline.tickets.models import Ticket
from tests.api.client import Api
from tests.cast import Cast, open_by


@pytest.fixture
def api(db: None) -> Callable[..., Api]:
    """A client with a fresh token of a person: `api(cast.anna)` for all that they may,
    `api(cast.anna, "tickets:…")` for some.
    """

    def client_of(person: Person | None = None, *scopes: str, **headers: str) -> Api:
        if person is None:
            return Api(None, **headers)
        secret = create_token(person, scopes or ("*",))
        # As if it had been used just now: the first request of each minute costs one write more.
        Token.objects.filter(person=person).update(last_used_at=timezone.now())
        return Api(secret, **headers)

    return client_of


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A ticket that Svetlana opened in hosting."""
    return open_by(cast.svetlana, cast.hosting)


@pytest.fixture
def everything(db: None) -> Callable[[], dict[str, list[Any]]]:
    """All rows of the desk: equal before and after a refusal. When a token was last used is no part."""

    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("firstline.")
    ]

    def read() -> dict[str, list[Any]]:
        found = {}
        with connection.cursor() as cursor:  # by the ORM this would be most of a test's time
            for table in tables:
                cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608  # our own tables
                names = [column[0] for column in cursor.description]
                rows = cursor.fetchall()
                if "last_used_at" in names:
                    place = names.index("last_used_at")
                    rows = [(*row[:place], *row[place + 1 :]) for row in rows]
                found[table] = rows
        return found

    return read
