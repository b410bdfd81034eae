"""Merges, links, splits, assignments, tags and bulk by the API, with both values where they conflict."""

from collections.abc import Callable

from firstline.tickets.actions import bulk
from firstline.tickets.models import Bulk
from tests.api.client import Api, fields, problem
from tests.cast import Cast, open_by

Client = Callable[..., Api]


def test_merge_and_separate(cast: Cast, api: Client) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    anna = api(cast.anna)
    made = anna.post(f"tickets/{one.number}/merges", {"into": two.number})
    assert (made.status_code, made.json()["number"]) == (201, two.number)
    items = anna.get(f"tickets/{two.number}/timeline").json()["items"]
    assert sum(item["kind"] == "message" for item in items) == 2
    said = api(cast.svetlana).post(f"tickets/{one.number}/replies", {"text": "More"})
    assert said.json()["ticket"] == two.number
    parted = anna.post(f"tickets/{one.number}/separations")
    assert (parted.status_code, parted.json()["phase"]) == (201, "new")
    assert fields(anna.post(f"tickets/{one.number}/separations")) == {"into"}


def test_consent_is_asked_for(cast: Cast, api: Client) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", project=cast.project)
    two = open_by(cast.pyotr, cast.hosting, "Two", project=cast.project)
    three = open_by(cast.zlata, cast.hosting, "Three")
    address = f"tickets/{one.number}/merges"
    anna = api(cast.anna)
    assert problem(anna.post(address, {"into": two.number}), 409)["field"] == "agreed"
    assert fields(anna.post(address, {"into": three.number, "agreed": True})) == {"into"}
    assert anna.post(address, {"into": two.number, "agreed": True}).status_code == 201


def test_link_and_unlink(cast: Cast, api: Client) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    anna, address = api(cast.anna), f"tickets/{one.number}/links"
    made = anna.post(address, {"ticket": two.number, "kind": "duplicate"}).json()["items"]
    assert [(item["kind"], item["way"], item["ticket"]) for item in made] == [
        ("duplicate", "to", two.number)
    ]
    assert anna.get(f"tickets/{two.number}/links").json()["items"][0]["way"] == "from"
    assert fields(anna.post(address, {"ticket": two.number, "kind": "part"})) == {"other"}
    gone = anna.post(f"tickets/{one.number}/unlinks", {"link": made[0]["id"]})
    assert gone.json()["items"] == []


def test_split_assign_and_tag(cast: Cast, api: Client) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    anna, address = api(cast.anna), f"tickets/{ticket.number}"
    first = anna.get(f"{address}/timeline").json()["items"][0]["id"]
    made = anna.post(f"{address}/splits", {"message": first, "subject": "Apart"})
    assert (made.status_code, made.json()["subject"]) == (201, "Apart")
    given = anna.post(f"{address}/assignments", {"responsible": cast.supervisor.email})
    assert given.json()["responsible"]["email"] == cast.supervisor.email
    wrong = anna.post(f"{address}/assignments", {"responsible": cast.boris.email})
    assert fields(wrong) == {"responsible"}
    assert fields(anna.post(f"{address}/assignments", {"team": "none"})) == {"team"}
    assert anna.post(f"{address}/assignments").json()["responsible"] is None
    tagged = anna.post(f"{address}/tags", {"add": ["b", "a"], "remove": ["c"]})
    assert tagged.json()["tags"] == ["a", "b"]


def test_bulk_tells_how_far_it_is(cast: Cast, api: Client) -> None:
    numbers = [open_by(cast.svetlana, cast.hosting, str(one)).number for one in range(3)]
    anna = api(cast.anna)
    body = {"verb": "resolve", "numbers": numbers}
    assert fields(anna.post("bulk", body)) == {"text"}
    made = anna.post("bulk", body | {"text": "Mended."})
    assert made.json() | {"id": 0} == {
        "id": 0,
        "verb": "resolve",
        "total": 3,
        "done": 0,
        "is_over": False,
        "refused": [],
    }
    bulk.work(Bulk.objects.get().pk)
    assert anna.get(made.headers["Location"]).json()["done"] == 3
    problem(api(cast.supervisor).get(made.headers["Location"]), 404)


def test_an_incident_answers_its_parts(cast: Cast, api: Client) -> None:
    incident = open_by(cast.pyotr, cast.hosting, "The rack", category="incident")
    part = open_by(cast.svetlana, cast.hosting, "Down")
    anna = api(cast.anna)
    anna.post(f"tickets/{part.number}/links", {"ticket": incident.number, "kind": "part"})
    address = f"tickets/{incident.number}/part-resolutions"
    assert fields(anna.post(address, {"text_ru": "Починили."})) == {"text_en"}
    made = anna.post(address, {"text_en": "Mended."})
    bulk.work(made.json()["id"])
    assert anna.get(f"tickets/{part.number}").json()["phase"] == "resolved"
