"""Agents of a ticket by the API (product 3.9, cap 153, 154)."""

from collections.abc import Callable

from firstline.tickets.actions.move import move
from firstline.tickets.models import Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, open_by

Client = Callable[..., Api]


def test_add_several_and_take_one_off(cast: Cast, api: Client) -> None:
    cast.equipment.agents.add(cast.anna.staff)
    ticket = open_by(cast.svetlana, cast.equipment)
    boris, address = api(cast.boris), f"tickets/{ticket.number}"
    assert boris.get(f"{address}/agents").json() == {"items": [], "next": None}
    two = {"agents": [cast.boris.email, cast.anna.email]}
    made = boris.post(f"{address}/agents", two)
    assert (made.status_code, made.json()["phase"]) == (201, "open")
    assert made.json()["responsible"]["email"] == cast.boris.email
    assert {one["email"] for one in made.json()["agents"]} == set(two["agents"])
    names = {one["email"] for one in boris.get(f"{address}/agents").json()["items"]}
    assert names == set(two["agents"])
    left = boris.post(f"{address}/agent-removals", {"agents": [cast.boris.email]}).json()
    assert [one["email"] for one in left["agents"]] == [cast.anna.email]
    assert left["responsible"]["email"] == cast.anna.email


def test_refusals(cast: Cast, api: Client) -> None:
    ticket = open_by(cast.svetlana, cast.equipment)
    boris, address = api(cast.boris), f"tickets/{ticket.number}"
    for wrong in ([cast.anna.email], ["nobody@x.example"], []):
        assert fields(boris.post(f"{address}/agents", {"agents": wrong})) == {"agents"}
    off = boris.post(f"{address}/agent-removals", {"agents": [cast.boris.email]})
    assert fields(off) == {"agents"}
    assert Ticket.objects.get(pk=ticket.pk).phase == "new"
    move(actor(cast.boris), ticket, "closed", via="web")
    problem(boris.post(f"{address}/agents", {"agents": [cast.boris.email]}), 409)
    assert api(cast.svetlana).get(f"{address}/agents").status_code == 403
