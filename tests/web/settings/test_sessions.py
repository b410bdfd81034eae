"""Where one is signed in: listed in words, ended at a press, dead at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from firstline.events.models import Event
from firstline.people import portals
from firstline.people.models import Person
from firstline.web.settings.browsers import in_words
from tests.cast import Cast
from tests.web.pages import html
from tests.web.settings.test_password import sign_in

PATH = "/settings/sessions/"
END = re.compile(rf'action="({PATH}\d+/endings/)"')
AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36": "Chrome on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/136.0 YaBrowser/25.4 Safari/537.36": (
        "Yandex Browser on Windows"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 "
    "Safari/605.1.15": "Safari on macOS",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36": "Samsung Internet on Android",
    "curl/8.5.0": "Unknown browser",
    "": "Unknown browser",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_is_named_in_words(agent: str) -> None:
    assert in_words(agent) == AGENTS[agent]


def test_every_session_is_listed_and_this_one_is_marked(cast: Cast) -> None:
    here, _elsewhere = sign_in(cast.svetlana), sign_in(cast.svetlana)
    page = html(here.get(PATH))
    assert page.count("Firefox on Windows</th>") + page.count("Firefox on Windows <span") == 2
    assert page.count("this browser</small>") == 1
    assert page.count("127.0.0.1") == 2
    assert len(END.findall(page)) == 1


def test_an_ended_session_is_dead_at_once(cast: Cast) -> None:
    here, elsewhere = sign_in(cast.svetlana), sign_in(cast.svetlana)
    assert elsewhere.get("/portal/").status_code == 200
    (address,) = END.findall(html(here.get(PATH)))
    page = html(here.post(address, follow=True))
    assert "Signed out there" in page
    assert elsewhere.get("/portal/").status_code == 302
    assert here.get("/portal/").status_code == 200
    assert END.findall(page) == []
    event = Event.objects.get(kind="person.ended_sessions")
    assert event.actor_id == cast.svetlana.pk
    assert event.data["sessions"][0]["address"] == "127.0.0.1"


def test_all_others_end_together(cast: Cast) -> None:
    here, *others = (sign_in(cast.svetlana) for _each in range(3))
    colleague = sign_in(cast.pyotr)
    page = html(here.post(f"{PATH}endings/", follow=True))
    assert "You are signed out in 2 other browsers." in page
    assert [one.get("/portal/").status_code for one in others] == [302, 302]
    assert here.get("/portal/").status_code == 200
    assert colleague.get("/portal/").status_code == 200
    assert "You were signed in only here." in html(here.post(f"{PATH}endings/", follow=True))


def test_ending_this_one_signs_out(cast: Cast) -> None:
    here = sign_in(cast.svetlana)
    other = sign_in(cast.svetlana)
    (address,) = END.findall(html(other.get(PATH)))
    answer = here.post(address)
    assert answer.headers["Location"] == "/sign-in/"
    assert here.get("/portal/").status_code == 302
    assert other.get("/portal/").status_code == 200


@pytest.mark.parametrize("who", ["pyotr", "vera", "zlata", "anna", "administrator"])
def test_nobody_ends_the_session_of_another(cast: Cast, who: str) -> None:
    """C29"""
    here, elsewhere = sign_in(cast.svetlana), sign_in(cast.svetlana)
    (address,) = END.findall(html(here.get(PATH)))
    stranger = sign_in(getattr(cast, who))
    before = Session.objects.count()
    assert stranger.post(address).status_code == 404
    assert stranger.post(f"{PATH}999999/endings/").status_code == 404
    assert Session.objects.count() == before
    assert elsewhere.get("/portal/").status_code == 200


def test_sessions_of_an_older_password_are_not_listed(cast: Cast) -> None:
    sign_in(cast.svetlana)
    person = Person.objects.get(pk=cast.svetlana.pk)
    person.set_password("an entirely new passphrase")
    person.save()
    page = html(sign_in(cast.svetlana, "an entirely new passphrase").get(PATH))
    assert page.count("Firefox on Windows <span") == 1
    assert END.findall(page) == []


def test_a_session_from_before_is_listed_too(
    cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(cast.svetlana)
    for _visit in range(2):
        assert html(client.get(PATH)).count("this browser</small>") == 1


def test_the_number_of_queries_does_not_grow(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    here = sign_in(cast.svetlana)
    here.get(PATH)
    portals.at("testserver")
    with django_assert_num_queries(5):
        here.get(PATH)
    for _each in range(5):
        sign_in(cast.svetlana)
    portals.at("testserver")
    with django_assert_num_queries(5):
        here.get(PATH)


def test_hostile_browsers_stay_text(cast: Cast) -> None:
    """C21"""
    agent = '<script>alert(1)</script> Firefox "onmouseover=alert(1)'
    client = Client(headers={"user-agent": agent * 20})
    client.post("/sign-in/", {"login": cast.svetlana.email, "password": "correct horse battery"})
    page = client.get(PATH).content.decode()
    assert "<script>alert" not in page
    assert "onmouseover" not in page


@pytest.mark.parametrize("path", ["", "1/endings/", "endings/"])
def test_a_stranger_comes_no_further_than_the_door(db: None, path: str) -> None:
    assert Client().get(PATH + path).status_code == 302
    assert Client().post(PATH + path).status_code == 401


@pytest.mark.parametrize("path", ["1/endings/", "endings/"])
def test_nothing_ends_by_a_link(cast: Cast, path: str) -> None:
    """C38"""
    client = sign_in(cast.svetlana)
    assert client.get(PATH + path).status_code == 405
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(cast.svetlana)
    assert forged.post(PATH + path).status_code == 403
