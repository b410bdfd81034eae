"""Clients of the API with real tokens, and a way to see that nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

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

    def read() -> dict[str, list[Any]]:
        return {
            model._meta.label: list(model._base_manager.order_by("pk").values())
            for model in apps.get_models(include_auto_created=True)
            if model.__module__.startswith("firstline.")
        }

    return read
