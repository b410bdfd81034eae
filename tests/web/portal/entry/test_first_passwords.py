"""After a one-time password: a password of one's own, before anything else (product 1.3)."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people.actions import one_time
from firstline.people.actions.people import meet
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person
from tests.api.client import Api, problem
from tests.cast import PASSWORD, Cast
from tests.web.pages import html

PAGE = "/password/first/"
NEW = "an entirely new passphrase"
BOTH = {"password1": NEW, "password2": NEW}


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    """Somebody without a password."""
    return meet("lidia@zarya.example", "Лидия", "en")


@pytest.fixture
def inside(newcomer: Person) -> Client:
    """The newcomer's browser, signed in by a one-time password."""
    return signed_in_once(newcomer)


def signed_in_once(person: Person, client: Client | None = None) -> Client:
    client, password = client or Client(), one_time.issue(person)
    form = {"login": person.email, "password": password.upper().replace("-", " ")}
    assert client.post("/sign-in/", form).headers["Location"] == "/"
    return client


@pytest.mark.parametrize(
    "address", ["/portal/", "/portal/tickets/1/", "/desk/", "/settings/profile/", "/register/"]
)
def test_every_page_leads_to_the_choice(inside: Client, address: str) -> None:
    response = inside.get(address)
    assert response.headers["Location"].startswith(PAGE)
    assert inside.post(address, {}).headers["Location"] == PAGE
    asked = inside.get(address, headers={"hx-request": "true"})
    assert (asked.status_code, asked.headers["HX-Redirect"]) == (403, PAGE)


def test_the_page_of_the_choice_and_signing_out_are_open(inside: Client) -> None:
    assert "Choose a password" in html(inside.get(PAGE))
    assert "Sign out?" in html(inside.get("/sign-out/"))
    inside.post("/sign-out/")
    assert inside.get("/portal/").headers["Location"].startswith("/sign-in/")


def test_the_api_is_closed_as_well(cast: Cast, newcomer: Person) -> None:
    secret = create_token(newcomer, ["*"])
    assert Api(secret).get("people/me").status_code == 200
    signed_in_once(newcomer)
    assert problem(Api(secret).get("people/me"), 403)["type"].endswith("choose-a-password")
    problem(Api(secret).get("tickets"), 403)


def test_the_password_is_chosen_and_the_wanted_page_follows(
    inside: Client, newcomer: Person
) -> None:
    door = inside.get("/portal/?state=closed").headers["Location"]
    assert 'name="next" value="/portal/?state=closed"' in html(inside.get(door))
    response = inside.post(PAGE, BOTH | {"next": "/portal/?state=closed"})
    assert response.headers["Location"] == "/portal/?state=closed"
    assert inside.get("/portal/").status_code == 200
    again = Client().post("/sign-in/", {"login": newcomer.email, "password": NEW})
    assert again.headers["Location"] == "/"


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example/", "javascript:alert(1)"]
)
def test_no_page_of_others_follows(inside: Client, place: str) -> None:
    """C42."""
    assert inside.post(PAGE, BOTH | {"next": place}).headers["Location"] == "/"


def test_a_one_time_password_signs_in_once(newcomer: Person) -> None:
    password = one_time.issue(newcomer)
    form = {"login": newcomer.email, "password": password}
    assert Client().post("/sign-in/", form).status_code == 302
    assert "The e-mail or the password is wrong." in html(Client().post("/sign-in/", form))


def test_the_password_that_was_there_stays_until_another_is_chosen(cast: Cast) -> None:
    client = signed_in_once(cast.svetlana)
    assert Person.objects.get(pk=cast.svetlana.pk).check_password(PASSWORD)
    same = {"password1": PASSWORD, "password2": PASSWORD}
    assert "Choose another password" in html(client.post(PAGE, same))
    client.post(PAGE, BOTH)
    assert Person.objects.get(pk=cast.svetlana.pk).check_password(NEW)


@pytest.mark.parametrize(
    ("had", "said", "kept"),
    [
        ("", "Asia/Omsk", "Asia/Omsk"),
        ("", "Asia/Calcutta", "Asia/Kolkata"),
        ("", "Mars/Olympus", ""),
        ("", "../../etc/passwd", ""),
        ("", "", ""),
        ("Europe/Sofia", "Asia/Omsk", "Europe/Sofia"),
    ],
)
def test_the_browser_tells_the_time_zone_of_who_has_none(
    inside: Client, newcomer: Person, had: str, said: str, kept: str
) -> None:
    Person.objects.filter(pk=newcomer.pk).update(time_zone=had)
    assert 'name="time_zone" data-own-zone' in html(inside.get(PAGE))
    inside.post(PAGE, BOTH | {"time_zone": said})
    assert Person.objects.get(pk=newcomer.pk).time_zone == kept


def test_other_sessions_end_and_this_one_goes_on_under_a_new_name(
    cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    """C36."""
    elsewhere, client = signed_in(cast.svetlana), signed_in_once(cast.svetlana)
    before = client.cookies["firstline_session"].value
    client.post(PAGE, BOTH)
    assert client.cookies["firstline_session"].value != before
    assert client.get("/portal/").status_code == 200
    assert elsewhere.get("/portal/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("first", "second", "field", "told"),
    [
        (NEW, "another", "password2", "The two passwords are not the same."),
        ("short", "short", "password1", "at least 8 characters"),
        ("password1234", "password1234", "password1", "too common"),
        ("lidia@zarya", "lidia@zarya", "password1", "too similar to your mail address"),
        ("", "", "password1", "Choose a password."),
    ],
)
def test_a_bad_password_is_told_at_its_field(
    inside: Client, newcomer: Person, first: str, second: str, field: str, told: str
) -> None:
    response = inside.post(PAGE, {"password1": first, "password2": second})
    page = html(response)
    assert response.status_code == 422
    assert told in page
    assert f'id="{field}-error"' in page
    assert f'href="#{field}"' in page
    assert not Person.objects.get(pk=newcomer.pk).has_usable_password()
    assert Person.objects.get(pk=newcomer.pk).must_choose_password


def test_who_need_not_choose_is_led_home(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    for client in (Client(), signed_in(cast.svetlana)):
        assert client.get(PAGE).headers["Location"] == "/"
        assert client.post(PAGE, BOTH).headers["Location"] == "/"
    assert Person.objects.get(pk=cast.svetlana.pk).check_password(PASSWORD)


def test_a_deactivated_person_is_out_at_once(inside: Client, newcomer: Person) -> None:
    """C37."""
    Person.objects.filter(pk=newcomer.pk).update(is_active=False)
    inside.post(PAGE, BOTH)
    assert inside.get(PAGE).headers["Location"] == "/"
    assert not Person.objects.get(pk=newcomer.pk).has_usable_password()


def test_staff_come_to_their_desk_by_the_same_way(cast: Cast) -> None:
    client = signed_in_once(cast.anna)
    assert client.get("/desk/").headers["Location"].startswith(PAGE)
    client.post(PAGE, BOTH)
    assert client.get("/desk/").status_code == 200
