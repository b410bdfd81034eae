"""API tokens in the settings: made, listed with their use, revoked, and ended with a password."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.people.actions.tokens import actor_by_token, create_token
from firstline.people.models import Person, Token
from tests.api.client import Api, problem
from tests.cast import Cast
from tests.web.pages import html
from tests.web.settings.test_password import FORM, sign_in

PATH = "/settings/tokens/"
NEW = {"name": "Monitor", "may": "reading", "days": "90"}
SECRET = re.compile(r'id="secret" readonly value="(fl_[\w-]+)"')
SignedIn = Callable[[Person], Client]


def test_made_shown_once_used_and_revoked(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.anna)
    made = client.post(PATH, NEW)
    assert made.headers["Cache-Control"] == "private, no-store"
    (secret,) = SECRET.findall(html(made))
    page = html(client.get(PATH))
    assert "Monitor" in page
    assert "never" in page
    assert secret not in page
    assert Api(secret).get("tickets").status_code == 200
    problem(Api(secret).post("tokens", {"name": "x", "scopes": ["*"]}), 403)
    assert "just now" in html(client.get(PATH)) or "<time" in html(client.get(PATH))
    token = Token.objects.get()
    assert token.expires_at is not None
    page = html(client.post(f"{PATH}{token.pk}/revocations/", follow=True))
    assert "The token “Monitor” is revoked" in page
    problem(Api(secret).get("tickets"), 401)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"may": ""}, "scopes"),
        ({"may": "some"}, "scopes"),
        ({"may": "some", "scope": ["people:staff:edit"]}, "scopes"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"days": "0"}, "expires_in_days"),
        ({"days": "9" * 5000}, "expires_in_days"),
        ({"days": "²"}, "expires_in_days"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    change: dict[str, Any], field: str, cast: Cast, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.anna).post(PATH, NEW | change)
    page = html(answer)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert f'value="{(NEW | change)["name"]}"' in page
    assert not Token.objects.exists()


def test_pressed_twice_it_is_one(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.anna)
    form = NEW | {"submission": "k"}
    client.post(PATH, form)
    assert "It is not shown again" in html(client.post(PATH, form, follow=True))
    assert Token.objects.count() == 1


def test_who_may_make_none_sees_and_revokes_those_there_are(
    cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    assert PATH not in html(client.get("/settings/password/"))
    secret = create_token(cast.svetlana, ["*"], "Their ERP")
    assert PATH in html(client.get("/settings/password/"))
    page = html(client.get(PATH))
    assert "Their ERP" in page
    assert "A new token" not in page
    assert client.post(PATH, NEW).status_code == 403
    client.post(f"{PATH}{Token.objects.get().pk}/revocations/")
    assert actor_by_token(secret) is None


def test_administrators_see_and_revoke_everybodys(cast: Cast, signed_in: SignedIn) -> None:
    create_token(cast.boris, ["*"], "Of Boris")
    secret = create_token(cast.svetlana, ["tickets:ticket:view"], "Of Svetlana")
    client = signed_in(cast.administrator)
    page = html(client.get(f"{PATH}everybody/"))
    assert all(word in page for word in ("Of Boris", "Of Svetlana", "tickets:ticket:view"))
    token = Token.objects.get(person=cast.svetlana)
    answer = client.post(f"{PATH}{token.pk}/revocations/", {"list": "everybody"})
    assert answer.headers["Location"] == f"{PATH}everybody/"
    assert actor_by_token(secret) is None


def test_another_password_ends_tokens_where_that_is_ticked(cast: Cast) -> None:
    client, secret = sign_in(cast.anna), create_token(cast.anna, ["*"])
    assert 'name="end_tokens"' in html(client.get("/settings/password/"))
    page = html(client.post("/settings/password/", FORM, follow=True))
    assert "Your password is changed" in page
    assert actor_by_token(secret) is not None
    again = {"oldpassword": FORM["password1"], "password1": "yet another one", "end_tokens": "on"}
    again["password2"] = again["password1"]
    page = html(client.post("/settings/password/", again, follow=True))
    assert "Your API tokens no longer work." in page
    assert actor_by_token(secret) is None
    assert 'name="end_tokens"' not in html(client.get("/settings/password/"))
