"""POST /invitations: customers are invited by a program as by an agent (cap 1)."""

from collections.abc import Callable
from typing import Any

import pytest

from firstline.people.models import Company, Invitation, Person
from tests.api.client import Api, fields, problem
from tests.cast import Cast
from tests.letters import letters_to

NEW = {"email": "lidia@zarya.example", "name": "Лидия Громова", "language": "ru"}


def test_a_customer_is_invited(
    cast: Cast, api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    body = NEW | {"company": "Орбита", "sees_company": True}
    response = api(cast.anna).post("invitations", body)
    assert response.status_code == 201
    row = Invitation.objects.get()
    made = response.json()
    assert made.pop("expires_at")
    assert made == body | {"id": row.pk}
    settle()
    (letter,) = letters_to("lidia@zarya.example")
    assert letter.path.split("/")[2] not in response.content.decode()
    assert Person.objects.get(email="lidia@zarya.example").company == cast.orbita


def test_the_company_may_be_named_by_its_id(cast: Cast, api: Callable[..., Api]) -> None:
    response = api(cast.anna).post("invitations", NEW | {"company": cast.orbita.pk})
    assert response.json()["company"] == "Орбита"


def test_the_same_key_invites_once(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    first, again = (client.post("invitations", NEW, key="one") for _time in range(2))
    assert first.json() == again.json()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"email": "svetlana@orbita.example"}, {"email"}),
        ({"email": "nothing", "name": " "}, {"email", "name"}),
        ({"company": "Nowhere"}, {"company"}),
        ({"company": 9999}, {"company"}),
        ({"language": "de"}, {"language"}),
        ({"surprise": 1}, {"surprise"}),
        ({"sees_company": "yes"}, {"sees_company"}),
    ],
)
def test_what_is_wrong_is_named(
    cast: Cast,
    api: Callable[..., Api],
    everything: Callable[[], Any],
    change: dict[str, Any],
    wrong: set[str],
) -> None:
    client = api(cast.anna)
    before = everything()
    assert fields(client.post("invitations", NEW | change)) == wrong
    assert everything() == before


def test_a_partners_token_reaches_their_companies_only(
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.partner_agent)
    Company.objects.create(name="Ромашка", partner=cast.partner_agent.staff.partner)
    before = everything()
    assert fields(client.post("invitations", NEW | {"company": "Орбита"})) == {"company"}
    assert fields(client.post("invitations", NEW)) == {"company"}
    assert everything() == before
    assert client.post("invitations", NEW | {"company": "Ромашка"}).status_code == 201


def test_a_scope_is_enough_and_needed(
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    narrow, other = api(cast.anna, "people:customer:invite"), api(cast.anna, "tickets:ticket:view")
    before = everything()
    problem(other.post("invitations", NEW), 403)
    assert everything() == before
    assert narrow.post("invitations", NEW).status_code == 201
