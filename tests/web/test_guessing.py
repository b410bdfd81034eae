"""Guessing passwords is slowed down, and never keeps the owner of an account out (C33, C75)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.people.actions.people import meet
from firstline.people.models import Person
from firstline.web.models import RateLimit
from tests.cast import PASSWORD, Cast
from tests.letters import letters_to
from tests.web.pages import html

SIGN_IN = "/sign-in/"
LIMITED = "Too many wrong passwords."


def guess(client: Client, email: str, typed: str = "guess", address: str = "192.0.2.1") -> Any:
    """One try to sign in, from a network address."""
    return client.post(SIGN_IN, {"login": email, "password": typed}, REMOTE_ADDR=address)


def got_through(answers: list[Any]) -> int:
    """How many of the tries were really compared with a password."""
    return sum(LIMITED not in html(answer) for answer in answers)


def test_after_five_wrong_ones_the_right_one_waits_as_well(cast: Cast) -> None:
    client, email = Client(), cast.svetlana.email
    assert got_through([guess(client, email) for _try in range(7)]) == 5
    response = guess(client, email, PASSWORD)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    page = html(response)
    assert LIMITED in page
    assert f'value="{email}"' in page
    assert "Send me the link" in page


def test_a_thousand_tries_at_one_account_from_everywhere(cast: Cast) -> None:
    answers = [
        guess(Client(), cast.svetlana.email, f"guess {number}", f"198.51.100.{number % 250}")
        for number in range(1000)
    ]
    assert got_through(answers) <= 10


def test_a_thousand_tries_from_one_address_at_all_accounts(cast: Cast) -> None:
    answers = [guess(Client(), f"person{number}@orbita.example") for number in range(1000)]
    assert got_through(answers) <= 10


def test_a_whole_network_counts_as_one_address(cast: Cast) -> None:
    """Who has one IPv6 address has 2^64 of them."""
    answers = [
        guess(Client(), f"person{number}@orbita.example", address=f"2001:db8::{number:x}")
        for number in range(20)
    ]
    assert got_through(answers) == 10


@pytest.mark.parametrize("attacker", ["203.0.113.9", "192.0.2.1"])
def test_the_owners_browser_signs_in_during_an_attack(cast: Cast, attacker: str) -> None:
    """From elsewhere, and from the owner's own network."""
    own, email = Client(), cast.svetlana.email
    assert guess(own, email, PASSWORD).status_code == 302
    own.post("/sign-out/")
    for number in range(60):
        guess(Client(), email, address=attacker)
        guess(Client(), email, address=f"198.51.100.{number}")
    assert LIMITED in html(guess(Client(), email, PASSWORD, "198.51.100.99"))
    assert guess(own, email, PASSWORD).status_code == 302


def test_the_owners_browser_has_a_limit_of_its_own(cast: Cast) -> None:
    own, email = Client(), cast.svetlana.email
    guess(own, email, PASSWORD)
    own.post("/sign-out/")
    assert got_through([guess(own, email) for _try in range(30)]) == 10
    assert guess(Client(), email, PASSWORD).status_code == 302


def test_a_browser_is_known_only_where_its_owner_signed_in(cast: Cast) -> None:
    """A cookie of one's own account opens no second bucket for others."""
    own = Client()
    guess(own, cast.zlata.email, PASSWORD)
    own.post("/sign-out/")
    assert got_through([guess(own, cast.svetlana.email) for _try in range(20)]) == 5


@pytest.mark.parametrize("change", ["password", "cookie"])
def test_a_browser_is_forgotten(cast: Cast, change: str) -> None:
    own, email = Client(), cast.svetlana.email
    guess(own, email, PASSWORD)
    own.post("/sign-out/")
    if change == "password":
        cast.svetlana.set_password("something else")
        cast.svetlana.save()
    else:
        cookie = own.cookies["firstline_device"]
        own.cookies["firstline_device"] = cookie.value[:-1] + "x"
    assert got_through([guess(own, email) for _try in range(20)]) == 5


def test_the_cookie_is_for_the_server_alone_and_names_nobody(cast: Cast) -> None:
    client = Client()
    guess(client, cast.svetlana.email, PASSWORD)
    cookie = client.cookies["firstline_device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cast.svetlana.email not in cookie.value


def test_a_browser_knows_several_people(cast: Cast) -> None:
    client = Client()
    for person in (cast.svetlana, cast.pyotr):
        guess(client, person.email, PASSWORD)
        client.post("/sign-out/")
    for person in (cast.svetlana, cast.pyotr):
        assert got_through([guess(client, person.email) for _try in range(12)]) == 10


def test_the_link_by_mail_lets_the_owner_in_during_an_attack(
    cast: Cast, settle: Callable[[], None]
) -> None:
    email, owner = cast.svetlana.email, Client()
    for number in range(30):
        guess(Client(), email, address=f"198.51.100.{number}")
        guess(owner, email)
    assert LIMITED in html(guess(owner, email, PASSWORD))
    assert owner.post("/password/", {"email": email}).status_code == 302
    settle()
    form = owner.get(letters_to(email)[-1].path).headers["Location"]
    owner.post(form, {"password1": "an entirely new one", "password2": "an entirely new one"})
    for number in range(30):
        guess(Client(), email, address=f"198.51.100.{number}")
    assert guess(owner, email, "an entirely new one").status_code == 302


def test_right_passwords_cost_nothing(cast: Cast) -> None:
    """A whole office behind one address signs in in the morning."""
    answers = [guess(Client(), cast.svetlana.email, PASSWORD) for _try in range(30)]
    assert {answer.status_code for answer in answers} == {302}


def test_known_and_unknown_addresses_cost_the_same(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    """C33: the same page after the same work, whatever is known of the address."""
    meet("mail-only@orbita.example")
    Person.objects.filter(pk=cast.zlata.pk).update(is_active=False)
    seen = []
    known = (cast.svetlana.email, cast.zlata.email, "mail-only@orbita.example")
    for email in (*known, "nobody@orbita.example"):
        RateLimit.objects.all().delete()  # so that each is the first try
        with django_assert_num_queries(9) as queries:
            page = html(guess(Client(), email)).replace(email, "…")
        plain = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries.captured_queries]
        seen.append((plain, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)))
    for one in seen[1:]:
        assert one == seen[0]
