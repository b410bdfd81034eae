"""Clients of the API with real tokens, and a way to see that nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from firstline.people.actions.tokens import create_token
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.api.client import Api
from tests.cast import Cast, open_by


@pytest.fixture
def api(db: None) -> Callable[..., Api]:
    """A client with a fresh token of a person: `api(cast.anna)`, `api(cast.anna, "tickets:…")`."""

    def client_of(person: Person | None = None, *scopes: str, **headers: str) -> Api:
        return Api(create_token(person, scopes) if person else None, **headers)

    return client_of


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A ticket that Svetlana opened in hosting."""
    return open_by(cast.svetlana, cast.hosting)


@pytest.fixture
def everything(db: None) -> Callable[[], dict[str, list[Any]]]:
    """All rows of the desk: equal before and after a refusal."""

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
                found[table] = cursor.fetchall()
        return found

    return read
