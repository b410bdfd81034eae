"""API tokens by the API: made with no more rights than one has, listed with their use, revoked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.api.models import Answer
from firstline.people.actions.tokens import NoScope, create_token
from firstline.people.models import Token
from tests.api.client import Api, fields, problem
from tests.cast import Cast

NEW: dict[str, Any] = {"name": "Monitor", "scopes": ["tickets:ticket:view"], "expires_in_days": 30}


def test_made_used_and_revoked(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.anna)
    made = client.post("tokens", NEW)
    assert made.status_code == 201, made.content
    told = made.json()
    monitor = Api(told["secret"])
    assert (told["last_used_at"], told["is_expired"]) == (None, False)
    assert monitor.get("tickets").status_code == 200
    problem(monitor.post("tickets", {"subject": "x", "text": "y", "department": "hosting"}), 403)
    listed = {one["name"]: one for one in client.get("tokens").json()["items"]}
    assert listed["Monitor"]["last_used_at"] is not None
    assert listed["Monitor"]["scopes"] == NEW["scopes"]
    assert "secret" not in listed["Monitor"]
    assert client.delete(f"tokens/{told['id']}").status_code == 204
    problem(monitor.get("tickets"), 401)
    problem(client.delete(f"tokens/{told['id']}"), 404)
    assert "Monitor" not in client.get("tokens").content.decode()


def test_no_scope_is_an_error(
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.anna)
    before = everything()
    for body in ({"name": "x"}, {"name": "x", "scopes": []}):
        assert fields(client.post("tokens", body)) == {"scopes"}
    assert everything() == before
    with pytest.raises(NoScope):
        create_token(cast.anna, ())


@pytest.mark.parametrize(
    "scopes", [["*"], ["tickets:ticket:resolve"], ["people:staff:edit"], ["none"]]
)
def test_a_token_makes_none_that_may_more(
    scopes: list[str], cast: Cast, api: Callable[..., Api], everything: Callable[[], Any]
) -> None:
    client = api(cast.anna, "api:token:create", "people:own:edit", "tickets:ticket:view")
    before = everything()
    assert fields(client.post("tokens", NEW | {"scopes": scopes})) == {"scopes"}
    assert everything() == before
    assert client.post("tokens", NEW).status_code == 201


@pytest.mark.parametrize("days", [0, -1, 3651, 10**30, "30", 1.5])
def test_a_life_beyond_reason(days: Any, cast: Cast, api: Callable[..., Api]) -> None:
    response = api(cast.anna).post("tokens", NEW | {"expires_in_days": days})
    assert fields(response) == {"expires_in_days"}


def test_it_ends_when_it_expires(cast: Cast, api: Callable[..., Api]) -> None:
    secret = create_token(cast.anna, ["*"], days=1)
    assert Api(secret).get("people/me").status_code == 200
    Token.objects.update(expires_at=timezone.now())
    problem(Api(secret).get("people/me"), 401)
    (listed,) = (
        one
        for one in api(cast.administrator).get("tokens", everybody=True).json()["items"]
        if one["person"] == cast.anna.email
    )
    assert listed["is_expired"]


def test_the_last_use_is_written_once_a_minute(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = Api(create_token(cast.anna, ["*"]))
    client.get("people/me")
    used = Token.objects.get().last_used_at
    with django_assert_num_queries(1):
        client.get("people/me")
    assert Token.objects.get().last_used_at == used
    Token.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    client.get("people/me")
    assert Token.objects.filter(last_used_at__gte=used).exists()


def test_administrators_see_and_revoke_everybodys(cast: Cast, api: Callable[..., Api]) -> None:
    client, office = api(cast.anna), api(cast.administrator)
    people = {one["person"] for one in office.get("tokens", everybody=True).json()["items"]}
    assert people == {cast.anna.email, cast.administrator.email}
    own = {one["person"] for one in office.get("tokens").json()["items"]}
    assert own == {cast.administrator.email}
    problem(client.get("tokens", everybody=True), 403)
    annas = Token.objects.get(person=cast.anna)
    assert office.delete(f"tokens/{annas.pk}").status_code == 204
    problem(client.get("tokens"), 401)


def test_the_secret_is_kept_nowhere(cast: Cast, api: Callable[..., Api]) -> None:
    """Sent again with the same key, the token is the same and its secret is not said."""
    client = api(cast.anna)
    first, again = client.post("tokens", NEW, key="k"), client.post("tokens", NEW, key="k")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert again.json()["secret"] is None
    assert first.json()["secret"] not in Answer.objects.get().body
    assert Token.objects.filter(name="Monitor").count() == 1
