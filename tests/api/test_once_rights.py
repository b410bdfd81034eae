"""A kept answer is for the token that made it, and only as long as it may do the same."""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.people.models import Token
from firstline.people.roles import LEVELS, Level
from firstline.tickets.models import Ticket
from tests.api.client import Api, problem
from tests.cast import Cast

NEW = {"subject": "Once", "text": "Only once.", "department": "hosting"}


def test_two_tokens_of_one_person_share_nothing(cast: Cast, api: Callable[..., Api]) -> None:
    one, two = api(cast.svetlana), api(cast.svetlana)
    first, second = one.post("tickets", NEW, key="k"), two.post("tickets", NEW, key="k")
    assert first.json()["number"] != second.json()["number"]
    assert "Idempotent-Replayed" not in second.headers
    other = NEW | {"subject": "Another"}
    assert two.post("tickets", other, key="j").status_code == 201
    assert one.post("tickets", other | {"text": "z"}, key="j").status_code == 201


@pytest.mark.parametrize(
    ("noun", "body", "scope"),
    [
        ("", NEW | {"requester": "svetlana@orbita.example"}, "tickets:ticket:open-for-others"),
        ("", NEW | {"requester": "svetlana@orbita.example"}, "tickets:ticket:open"),
        ("/hidden-comments", {"text": "They owe us."}, "tickets:ticket:note"),
        ("/replies", {"text": "Done."}, "tickets:ticket:reply"),
        ("/claims", {}, "tickets:ticket:claim"),
        ("/moves", {"status": "in-progress"}, "tickets:ticket:move"),
    ],
)
def test_a_scope_that_went(
    noun: str,
    body: dict[str, Any],
    scope: str,
    cast: Cast,
    ticket: Ticket,
    api: Callable[..., Api],
    everything: Callable[[], Any],
) -> None:
    client = api(cast.anna)
    path = f"tickets/{ticket.number}{noun}" if noun else "tickets"
    first = client.post(path, body, key="k")
    assert first.status_code == 201
    before = everything()
    assert client.post(path, body, key="k").content == first.content
    assert everything() == before
    token = Token.objects.get(person=cast.anna)
    token.scopes = [one.value for one in LEVELS[Level.AGENT] if one != scope]
    token.save()
    before = everything()
    problem(client.post(path, body, key="k"), 403)
    assert everything() == before


def test_a_ticket_out_of_sight(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    """Though the verb itself would still be allowed, as it is for opening."""
    client = api(cast.anna)
    path, said = f"tickets/{ticket.number}/hidden-comments", {"text": "They owe us."}
    new = NEW | {"requester": cast.svetlana.email}
    assert client.post(path, said, key="said").status_code == 201
    assert client.post("tickets", new, key="new").status_code == 201
    cast.hosting.agents.remove(cast.anna.pk)
    before = everything()
    problem(client.post(path, said, key="said"), 404)
    problem(client.post("tickets", new, key="new"), 404)
    assert everything() == before


def test_what_the_first_request_ended_is_answered_again(
    cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    """A closed ticket takes no second closure: that is the outcome, and no right that went."""
    client = api(cast.anna)
    client.post(f"tickets/{ticket.number}/resolutions", {"text": "It works again."})
    first = client.post(f"tickets/{ticket.number}/closures", {}, key="k")
    before = everything()
    again = client.post(f"tickets/{ticket.number}/closures", {}, key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert everything() == before
