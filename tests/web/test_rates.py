"""Limits on tries: the same for all processes, kept over a restart, and not to be flushed or filled."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from firstline.people import portals
from firstline.people.actions.tokens import create_token
from firstline.people.models import Portal
from firstline.web.models import RateLimit
from firstline.web.ui import rates
from firstline.web.ui.rates import Rate, use
from tests.api.client import Api
from tests.cast import PASSWORD, Cast
from tests.web.pages import html
from tests.web.portal.entry.conftest import FORM
from tests.web.test_guessing import LIMITED, got_through, guess

RATE = Rate("tests", 5, 60)
FAR = timedelta(hours=2)


def forms() -> dict[str, Callable[[str], Any]]:
    """What strangers may try, each from a network address; all answer 429 in the end."""
    return {
        "sign-in": lambda address: guess(Client(), "anybody@orbita.example", address=address),
        "reset": lambda address: Client().post(
            "/password/", {"email": "anybody@orbita.example"}, REMOTE_ADDR=address
        ),
        "new password": lambda address: Client().post(
            "/password/1-set-password/", {"password1": "x"}, REMOTE_ADDR=address
        ),
        "registration": lambda address: Client().post("/register/", FORM, REMOTE_ADDR=address),
        "hook": lambda address: Client().post("/hooks/mail/mime/guess/", REMOTE_ADDR=address),
        "token": lambda address: Api("fl_guess").client.get(
            "/api/v1/tickets", headers={"Authorization": "Bearer fl_guess"}, REMOTE_ADDR=address
        ),
    }


@pytest.fixture
def portal(cast: Cast) -> None:
    """A portal where anybody may register."""
    Portal.objects.filter(partner=None).update(registration="open")
    portals.forget(portals.own())


@pytest.mark.parametrize("name", forms())
def test_a_limit_outlives_the_memory_of_the_process(portal: None, name: str) -> None:
    """A restart forgets the cache, another process has its own, and strangers can fill it."""
    attempt = forms()[name]
    seen = []
    for _try in range(25):
        seen.append(attempt("203.0.113.5").status_code)
        cache.clear()
    assert seen[-1] == 429
    assert 429 not in seen[:5]


def test_others_cannot_push_a_count_out(cast: Cast) -> None:
    email = cast.svetlana.email
    assert got_through([guess(Client(), email) for _try in range(6)]) == 5
    for number in range(400):
        guess(
            Client(),
            f"other{number}@orbita.example",
            address=f"198.51.{number // 250}.{number % 250}",
        )
    assert LIMITED in html(guess(Client(), email, PASSWORD))


@pytest.mark.parametrize("name", forms())
def test_what_is_refused_stores_nothing(portal: None, name: str) -> None:
    attempt = forms()[name]
    assert 429 in [attempt("203.0.113.5").status_code for _try in range(25)]
    before = list(RateLimit.objects.order_by("pk").values())
    assert {attempt("203.0.113.5").status_code for _try in range(20)} == {429}
    assert list(RateLimit.objects.order_by("pk").values()) == before


def test_guesses_at_ever_new_accounts_store_nothing_either(cast: Cast) -> None:
    """From one address, once it has had its tries."""
    for number in range(10):
        guess(Client(), f"person{number}@orbita.example")
    before = list(RateLimit.objects.order_by("pk").values())
    for number in range(10, 60):
        guess(Client(), f"person{number}@orbita.example")
    assert list(RateLimit.objects.order_by("pk").values()) == before


def test_nobody_can_read_who_tried(cast: Cast) -> None:
    guess(Client(), cast.svetlana.email)
    for row in RateLimit.objects.all():
        assert set(row.key) <= set("0123456789abcdef")


def test_windows_that_are_over_are_deleted(cast: Cast, monkeypatch: Any) -> None:
    for number in range(30):
        guess(Client(), f"person{number}@orbita.example", address=f"198.51.100.{number}")
    assert RateLimit.objects.count() > 90
    rates.forget()
    assert RateLimit.objects.count() > 90
    RateLimit.objects.update(until=timezone.now() - FAR)
    rates.forget()
    assert RateLimit.objects.count() == 0


def test_a_window_begins_anew_when_it_is_over(db: None) -> None:
    assert [bool(use((RATE, "one"))) for _try in range(7)] == [True] * 5 + [False] * 2
    RateLimit.objects.update(until=timezone.now() - FAR)
    assert [bool(use((RATE, "one"))) for _try in range(7)] == [True] * 5 + [False] * 2


def test_where_one_limit_is_full_the_others_count_nothing(db: None) -> None:
    small = Rate("small", 1, 60)
    assert use((small, "one"), (RATE, "one"))
    assert use((small, "one"), (RATE, "two")) is None
    assert RateLimit.objects.count() == 2
    assert RateLimit.objects.get(key=RATE.key("one")).used == 1


def test_what_is_taken_back_counts_in_its_own_window_only(db: None) -> None:
    usage = use((RATE, "one"))
    assert usage
    RateLimit.objects.update(until=timezone.now() - FAR)
    assert use((RATE, "one"))
    usage.rollback()
    assert RateLimit.objects.get().used == 1


def test_of_many_at_once_no_more_than_the_limit_pass(stage: Cast) -> None:
    together, passed = Barrier(12), []

    def attempt() -> None:
        together.wait(10)
        for _time in range(3):
            passed.append(use((RATE, "one")) is not None)
        connections.close_all()

    threads = [Thread(target=attempt) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(passed) == 36
    assert sum(passed) == RATE.most
    assert RateLimit.objects.get().used == RATE.most


def test_ordinary_pages_and_valid_tokens_ask_nothing_of_it(
    cast: Cast, signed_in: Callable[..., Client]
) -> None:
    client, token = signed_in(cast.anna), Api(create_token(cast.anna, ("*",)))
    table, asked = RateLimit._meta.db_table, []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        for path in ("/desk/", "/tickets/", "/settings/profile/"):
            assert client.get(path).status_code == 200
        assert token.get("tickets").status_code == 200
        Client().get("/sign-in/")
    assert asked
    assert not [sql for sql in asked if table in sql]
