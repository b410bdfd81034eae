"""What the tests of search share: tickets that are in the index, and finding them."""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.people.models import Person
from firstline.search.query import find
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by

Opened = Callable[..., Ticket]


@pytest.fixture
def opened(cast: Cast, settle: Callable[[], None]) -> Opened:
    """Open a ticket and have it indexed: by Svetlana, to hosting, unless told otherwise."""

    def run(text: str = "It says 502.", subject: str = "The site", **fields: Any) -> Ticket:
        by, to = fields.pop("by", cast.svetlana), fields.pop("to", cast.hosting)
        ticket = open_by(by, to, subject, text, **fields)
        settle()
        return ticket

    return run


def found(person: Person, text: str, **options: Any) -> list[Ticket]:
    """The first page of the tickets that somebody finds."""
    return find(actor(person), text, **options).tickets
