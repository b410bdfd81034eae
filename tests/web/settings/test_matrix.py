"""The permission matrix of one's own settings: everybody has them, and nobody has another's (C30).

A refusal also asserts that nothing changed.
"""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from firstline.events.models import Event
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person, Token
from firstline.web.settings.urls import urlpatterns
from tests.cast import Cast
from tests.web.settings.test_password import FORM, sign_in

PEOPLE = (
    "svetlana",
    "pyotr",
    "vera",
    "zlata",
    "anna",
    "observer",
    "administrator",
    "partner_agent",
)
PROFILE = {"name": "New name", "language": "bg", "time_zone": "UTC", "page_size": "50"}
# route → (method, body, what everybody gets, what a stranger gets)
MATRIX: dict[str, tuple[str, Any, int, int]] = {
    "": ("get", {}, 302, 302),
    "profile/": ("get", {}, 200, 302),
    "password/": ("get", {}, 200, 302),
    "sessions/": ("get", {}, 200, 302),
    "tokens/": ("get", {}, 200, 302),
    "tokens/{token}/revocations/": ("post", {}, 404, 401),
    "profile/#": ("post", PROFILE, 302, 401),
    "password/#": ("post", FORM, 302, 401),
    "sessions/endings/": ("post", {}, 302, 401),
    "sessions/{another}/endings/": ("post", {}, 404, 401),
}
OWN = {"settings", "profile", "password", "sessions", "endings", "ending"}
OWN |= {"tokens", "token_revocations"}
# All the others, by their names.
ADMINISTRATORS = {str(one.name): one for one in urlpatterns if one.name not in OWN}
SLUG = "first"


def everything() -> tuple[list[Any], ...]:
    """All that these pages can change."""
    return (
        list(Person.objects.order_by("pk").values()),
        list(UserSession.objects.order_by("pk").values("pk", "session_key")),
        list(Event.objects.order_by("pk").values_list("pk")),
    )


@pytest.mark.parametrize("who", ["supervisor", "anna", "observer", "partner_agent", "svetlana", ""])
def test_the_settings_of_the_desk_are_for_administrators(
    cast: Cast, signed_in: Callable[[Person], Client], who: str
) -> None:
    """Whatever the address names: who is refused does not learn whether it is there."""
    client = signed_in(getattr(cast, who)) if who else Client()
    expected = {"svetlana": (404, 404), "": (302, 401)}.get(who, (403, 403))
    before = everything()
    for name, pattern in ADMINISTRATORS.items():
        values = {one: SLUG if one == "key" else 1 for one in pattern.pattern.converters}
        address = reverse(f"settings:{name}", kwargs=values)
        answers = client.get(address).status_code, client.post(address).status_code
        allowed = [(code, one) for code, one in zip(answers, expected, strict=True) if code != 405]
        assert allowed, name
        assert all(code == one for code, one in allowed), (name, answers)
    assert everything() == before


@pytest.mark.parametrize("who", [*PEOPLE, "stranger"])
@pytest.mark.parametrize("route", MATRIX)
def test_who_may_do_what(
    cast: Cast, signed_in: Callable[[Person], Client], route: str, who: str
) -> None:
    victim = cast.boris
    sign_in(victim)
    another = UserSession.objects.get(user=victim).pk
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    method, body, expected, for_strangers = MATRIX[route]
    create_token(victim, ["*"])
    token = Token.objects.get(person=victim).pk
    if who == "administrator" and "{token}" in route:
        pytest.skip("administrators may: tests/web/settings/test_tokens.py")
    address = f"/settings/{route.format(another=another, token=token).rstrip('#')}"
    before, theirs = everything(), Person.objects.filter(pk=victim.pk).values().get()
    answer = getattr(client, method)(address, body)
    assert answer.status_code == (for_strangers if who == "stranger" else expected)
    assert Person.objects.filter(pk=victim.pk).values().get() == theirs
    assert UserSession.objects.filter(pk=another).exists()
    if who == "stranger" or answer.status_code >= 400:
        assert everything() == before
