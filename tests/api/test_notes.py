"""Notes and escalations by the API: conflicts say both values, names are found or refused."""

from collections.abc import Callable

from firstline.people.models import Team
from firstline.tickets.models import Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast


def test_notes_are_written_on_top_of_what_was_read(
    cast: Cast, ticket: Ticket, api: Callable[..., Api]
) -> None:
    anna, other = api(cast.anna), api(cast.supervisor)
    path = f"tickets/{ticket.number}/notes"
    assert anna.get(path).json() == {
        "version": 0,
        "text": "",
        "author": None,
        "at": None,
        "versions": [],
    }
    made = anna.post(path, {"text": "Hers", "based_on": 0})
    assert (made.status_code, made.json()["version"]) == (201, 1)
    conflict = problem(other.post(path, {"text": "Mine", "based_on": 0}), 409)
    assert conflict["type"].endswith(":notes-changed")
    assert (conflict["theirs"]["text"], conflict["mine"]) == ("Hers", "Mine")
    assert other.post(path, {"text": "Mine", "based_on": 1}).status_code == 201
    assert [one["text"] for one in anna.get(path).json()["versions"]] == ["Mine", "Hers"]
    assert fields(anna.post(path, {"text": "x", "based_on": -1})) == {"based_on"}
    assert fields(anna.post(path, {"text": "x" * 20_001, "based_on": 2})) == {"text"}


def test_an_escalation_names_level_agent_and_team(
    cast: Cast, ticket: Ticket, api: Callable[..., Api]
) -> None:
    Team.objects.create(names={"en": "Databases"}).members.add(cast.supervisor.pk)
    anna, path = api(cast.anna), f"tickets/{ticket.number}/escalations"
    body = {"level": "second", "responsible": cast.supervisor.email, "team": "databases"}
    made = anna.post(path, body | {"reason": "A marker"})
    assert made.status_code == 201
    told = made.json()
    assert (told["level"], told["team"]) == ("second", "Databases")
    assert told["responsible"]["email"] == cast.supervisor.email
    assert "A marker" in anna.get(f"tickets/{ticket.number}/timeline").content.decode()
    customer = api(cast.svetlana).get(f"tickets/{ticket.number}/timeline")
    assert "A marker" not in customer.content.decode()
    assert fields(anna.post(path, {})) == {"level"}
    assert fields(anna.post(path, {"level": "nothing"})) == {"level"}
    assert fields(anna.post(path, {"responsible": cast.boris.email})) == {"responsible"}
    assert fields(anna.post(path, {"team": "nobody"})) == {"team"}
