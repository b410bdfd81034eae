"""Claims, moves, closures, reopenings: conflicts tell both sides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.move import move
from firstline.tickets.models import Ticket
from tests.api.client import Api, fields, problem
from tests.cast import Cast, actor, close_by, open_by, resolve_by

BEYOND = ("2030-13-45T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")


class TestClaims:
    def test_one_wins_and_the_other_is_told(
        self, cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
    ) -> None:
        path = f"tickets/{ticket.number}/claims"
        anna, chief = api(cast.anna), api(cast.supervisor)
        won = anna.post(path)
        assert won.status_code == 201
        assert (won.json()["responsible"]["email"], won.json()["phase"]) == (
            "anna@desk.example",
            "open",
        )
        before = everything()
        lost = problem(chief.post(path), 409)
        assert lost["taken_by"] == {"name": "Анна Соколова", "email": "anna@desk.example"}
        assert lost["asked_by"] == {"name": "Старшая Смирнова", "email": "super@desk.example"}
        assert "Анна Соколова" in lost["detail"]
        assert anna.post(path).status_code == 201
        assert everything() == before
        taken = chief.post(path, {"take_over": True})
        assert taken.json()["responsible"]["email"] == "super@desk.example"

    def test_a_closed_ticket(self, cast: Cast, ticket: Ticket, api: Callable[..., Api]) -> None:
        close_by(cast.anna, ticket)
        refused = problem(api(cast.anna).post(f"tickets/{ticket.number}/claims"), 409)
        assert refused["phase"] == "closed"

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"take_over": "yes"}, "take_over"),
            ({"take_over": 1}, "take_over"),
            ({"person": 5}, "person"),
            ([], ""),
        ],
    )
    def test_wrong_bodies(
        self, body: Any, field: str, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        claim(actor(cast.anna), ticket, via="web")
        assert fields(api(cast.supervisor).post(f"tickets/{ticket.number}/claims", body)) == {field}


class TestMoves:
    def test_all_moves_of_the_service_workflow(self, cast: Cast, api: Callable[..., Api]) -> None:
        """Product 4.2, as documented by the API itself: what it lists is allowed, and nothing else."""
        client = api(cast.anna)
        flows = {flow["key"]: flow["statuses"] for flow in client.get("workflows").json()["items"]}
        allowed = {status["key"]: status["moves"] for status in flows["service"]}
        assert allowed["resolved"] == ["open", "closed"]
        ways = {
            "new": [],
            "open": ["open"],
            "in-progress": ["in-progress"],
            "resolved": ["resolved"],
        }
        ways |= {"needs-clarification": ["needs-clarification"], "closed": ["resolved", "closed"]}
        until = (timezone.now() + timedelta(days=1)).isoformat()
        for source, path in ways.items():
            for target in allowed:
                ticket = open_by(cast.svetlana, cast.hosting)
                for status in path:
                    if status == "resolved":
                        resolve_by(cast.anna, ticket)
                        continue
                    later = timezone.now() + timedelta(1)
                    move(actor(cast.anna), ticket, status, via="web", until=later)
                response = client.post(
                    f"tickets/{ticket.number}/moves", {"status": target, "until": until}
                )
                if target == "resolved" and target in allowed[source]:
                    assert problem(response, 409)["type"].endswith("answer-needed")
                elif target in allowed[source]:
                    assert response.status_code == 201, (source, target)
                    assert response.json()["status"] == target
                else:
                    refused = problem(response, 409)
                    values = (refused["from"], refused["to"], refused["allowed"])
                    assert values == (source, target, allowed[source])

    def test_until(
        self, cast: Cast, ticket: Ticket, api: Callable[..., Api], everything: Callable[[], Any]
    ) -> None:
        client, path = api(cast.anna), f"tickets/{ticket.number}/moves"
        before = everything()
        yesterday = (timezone.now() - timedelta(days=1)).isoformat()
        for until in (None, "tomorrow", "2030-01-01T10:00:00", 5, yesterday, *BEYOND):
            body = {"status": "needs-clarification", "until": until}
            assert fields(client.post(path, body)) == {"until"}, until
        assert fields(client.post(path, {"status": "needs-clarification"})) == {"until"}
        assert everything() == before
        body = {"status": "needs-clarification", "until": "2035-01-02T12:00:00+02:00"}
        moved = client.post(path, body).json()
        assert (moved["phase"], moved["pending_until"]) == ("deferred", "2035-01-02T10:00:00Z")

    def test_a_status_that_there_is_not(
        self, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        refused = problem(
            api(cast.anna).post(f"tickets/{ticket.number}/moves", {"status": "waiting"}), 409
        )
        assert (refused["from"], refused["to"]) == ("new", None)
        assert fields(api(cast.anna).post(f"tickets/{ticket.number}/moves", {})) == {"status"}


class TestEnds:
    def test_an_agent_closes_what_is_resolved(
        self, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        client, path = api(cast.anna), f"tickets/{ticket.number}"
        refused = problem(client.post(f"{path}/closures"), 409)
        assert (refused["from"], refused["to"]) == ("new", None)
        resolve_by(cast.anna, ticket)
        closed = client.post(f"{path}/closures").json()
        assert (closed["phase"], closed["closed_at"] is None) == ("closed", False)
        problem(client.post(f"{path}/reopenings"), 409)

    def test_a_customer_closes_and_reopens(
        self, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        client, path = api(cast.svetlana), f"tickets/{ticket.number}"
        assert client.post(f"{path}/closures").json()["phase"] == "resolved"
        assert client.post(f"{path}/reopenings").json()["phase"] == "open"

    def test_there_is_nothing_to_say(
        self, cast: Cast, ticket: Ticket, api: Callable[..., Api]
    ) -> None:
        for noun in ("closures", "reopenings"):
            body = {"status": "closed"}
            assert fields(api(cast.svetlana).post(f"tickets/{ticket.number}/{noun}", body)) == {
                "status"
            }
