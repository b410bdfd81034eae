"""Tokens: only right ones open, revoked ones end at once, wrong ones are braked (C34, C37, C75)."""

from collections.abc import Callable

import pytest

from firstline.people.actions.tokens import create_token, revoke
from firstline.people.models import Person, Token
from tests.api.client import Api, problem
from tests.cast import Cast, actor


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer 0",
        "Bearer fl_",
        "Bearer fl_wrong",
        "Basic YTpi",
        "fl_x",
        "Bearer []",
    ],
)
def test_wrong_tokens(header: str, cast: Cast) -> None:
    response = Api(None, Authorization=header).get("people/me")
    problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cut_token(cast: Cast) -> None:
    secret = create_token(cast.anna, ["*"])
    problem(Api(secret[:-1]).get("people/me"), 401)
    problem(Api(secret.upper()).get("people/me"), 401)
    assert Api(secret).get("people/me").status_code == 200


def test_a_session_is_no_token(cast: Cast, signed_in: Callable[[Person], object]) -> None:
    client = Api()
    client.client.force_login(cast.administrator)
    problem(client.get("people/me"), 401)
    problem(client.post("tickets", {"subject": "x", "text": "y"}), 401)


def test_a_revoked_token(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    assert client.get("people/me").status_code == 200
    revoke(actor(cast.anna), Token.objects.get(person=cast.anna).pk, via="web")
    problem(client.get("people/me"), 401)


def test_a_deactivated_person(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    Person.objects.filter(pk=cast.anna.pk).update(is_active=False)
    problem(client.get("people/me"), 401)


def test_wrong_tokens_are_braked_and_right_ones_are_not(
    cast: Cast, api: Callable[..., Api]
) -> None:
    right = api(cast.anna)
    answers = [Api(f"fl_guess{number}").get("tickets") for number in range(40)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 30
    problem(answers[-1], 429)
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert right.get("people/me").status_code == 200


def test_the_brake_is_for_each_address(cast: Cast) -> None:
    for number in range(12):
        Api(f"fl_guess{number}").get("tickets")
    client = Api("fl_other")
    here = client.client.get("/api/v1/tickets", headers=client.headers)
    there = client.client.get("/api/v1/tickets", headers=client.headers, REMOTE_ADDR="192.0.2.7")
    claimed = client.client.get(
        "/api/v1/tickets", headers={**client.headers, "X-Forwarded-For": "192.0.2.8"}
    )
    assert [here.status_code, there.status_code, claimed.status_code] == [429, 401, 429]


def test_requests_without_a_token_are_not_braked(cast: Cast) -> None:
    assert {Api().get("tickets").status_code for _number in range(30)} == {401}
