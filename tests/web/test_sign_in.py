"""Signing in and out: the right door for each, no help for strangers, nothing typed is lost."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people import portals
from firstline.people.models import Person, Portal
from tests.cast import PASSWORD, Cast
from tests.web.pages import html

SIGN_IN = "/sign-in/"
WRONG = "The e-mail or the password is wrong."
LIMITED = "Too many wrong passwords."


def sign_in(client: Client, email: str, password: str = PASSWORD, **fields: str) -> str:
    """Where the form leads, "" if it stays where it is."""
    response = client.post(SIGN_IN, {"login": email, "password": password, **fields})
    return response.headers.get("Location", "")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("administrator", "/desk/"),
        ("anna", "/desk/"),
        ("observer", "/desk/"),
        ("svetlana", "/portal/"),
    ],
)
def test_everybody_is_led_to_their_own_place(cast: Cast, name: str, place: str) -> None:
    client = Client()
    assert sign_in(client, getattr(cast, name).email) == "/"
    assert client.get("/").headers["Location"] == place
    assert client.get(place).status_code == 200


def test_case_and_spaces_of_the_address_do_not_matter(cast: Cast) -> None:
    assert sign_in(Client(), "  Svetlana@Orbita.EXAMPLE ") == "/"


def test_a_wrong_password_is_told_at_the_form_and_the_address_stays(cast: Cast) -> None:
    client = Client()
    response = client.post(SIGN_IN, {"login": "svetlana@orbita.example", "password": "guess"})
    page = html(response)
    assert WRONG in page
    assert 'value="svetlana@orbita.example"' in page
    assert "guess" not in page
    assert client.get("/portal/").status_code == 302


def test_an_unknown_address_gets_the_same_answer(cast: Cast) -> None:
    def page(email: str) -> str:
        answer = html(Client().post(SIGN_IN, {"login": email, "password": "guess"}))
        lines = answer.replace(email, "…").splitlines()
        return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)

    assert page("svetlana@orbita.example") == page("nobody@orbita.example")


@pytest.mark.parametrize("fields", [{}, {"login": "x"}, {"login": "no address", "password": "x"}])
def test_what_is_missing_is_told_at_its_field(cast: Cast, fields: dict[str, str]) -> None:
    response = Client().post(SIGN_IN, fields)
    assert response.status_code == 200
    assert 'class="errors"' in html(response)
    assert 'aria-invalid="true"' in html(response)


def test_a_mail_customer_without_a_password_cannot_sign_in(cast: Cast) -> None:
    cast.svetlana.set_unusable_password()
    cast.svetlana.save()
    for guess in ("", "!", cast.svetlana.password, PASSWORD):
        assert sign_in(Client(), cast.svetlana.email, guess) == ""


def test_a_deactivated_person_is_told_so_only_with_the_right_password(cast: Cast) -> None:
    cast.svetlana.is_active = False
    cast.svetlana.save()
    client = Client()
    assert WRONG in html(client.post(SIGN_IN, {"login": cast.svetlana.email, "password": "guess"}))
    assert sign_in(client, cast.svetlana.email) == "/account/inactive/"
    assert "switched off" in html(client.get("/account/inactive/"))
    assert client.get("/portal/").status_code == 302


def test_a_deactivated_person_is_out_at_once(
    cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(cast.svetlana)
    assert client.get("/portal/").status_code == 200
    Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    assert client.get("/portal/").status_code == 302


def test_the_session_is_a_new_one_after_signing_in(cast: Cast) -> None:
    client = Client()
    client.get("/password/1-abc/")  # leaves a session behind
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["firstline_session"] = str(session.session_key)
    sign_in(client, cast.svetlana.email)
    assert client.cookies["firstline_session"].value != session.session_key


def test_remembering_decides_how_long(cast: Cast) -> None:
    short, long = Client(), Client()
    sign_in(short, cast.svetlana.email)
    sign_in(long, cast.svetlana.email, remember="on")
    assert short.cookies["firstline_session"]["max-age"] == ""
    assert long.cookies["firstline_session"]["max-age"] == 14 * 86400


def test_the_wanted_page_follows_the_sign_in(cast: Cast) -> None:
    client = Client()
    door = client.get("/portal/?state=closed").headers["Location"]
    assert door == "/sign-in/?next=%2Fportal%2F%3Fstate%3Dclosed"
    assert 'name="next" value="/portal/?state=closed"' in html(client.get(door))
    assert sign_in(client, cast.svetlana.email, next="/portal/?state=closed") == (
        "/portal/?state=closed"
    )


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example", "https://evil.example/", "\\\\evil.example", "/\\evil.example",
        "javascript:alert(1)", "http://localhost/", "%2f%2fevil.example/..//evil.example",
        "https:evil.example", "\thttps://evil.example",
    ],
)  # fmt: skip
def test_no_page_of_others_follows_the_sign_in(cast: Cast, place: str) -> None:
    where = sign_in(Client(), cast.svetlana.email, next=place)
    assert where == "/" or not where.lstrip("/\\\t").startswith(("http", "evil", "javascript"))


def test_signing_out_takes_a_press(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    client = signed_in(cast.svetlana)
    assert "Sign out?" in html(client.get("/sign-out/"))
    assert client.get("/portal/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/portal/").status_code == 302
    assert "You are signed out." in html(client.get(SIGN_IN))


def test_the_library_has_no_sign_up_of_its_own(cast: Cast) -> None:
    response = Client().post(
        "/sign-up/", {"email": "new@x.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert response.headers["Location"] == "/register/"
    assert not Person.objects.filter(email="new@x.example").exists()


@pytest.mark.parametrize(
    ("mode", "words", "link"),
    [
        ("open", "A one-time password comes to your mail.", "/register/"),
        ("approval", "A member of staff looks at it and lets you in.", "/register/"),
        ("invitation", "All others are invited by their manager", "/password/"),
    ],
)
def test_the_page_says_how_one_comes_in(cast: Cast, mode: str, words: str, link: str) -> None:
    Portal.objects.update(registration=mode)
    portals.forget(portals.own())
    page = html(Client().get(SIGN_IN))
    assert words in page
    assert f'href="{link}"' in page
    assert ('href="/register/"' in page) is (mode != "invitation")


def test_the_page_speaks_the_language_that_is_chosen(cast: Cast) -> None:
    client = Client()
    assert '<html lang="bg">' in html(client.get(SIGN_IN, {"language": "bg"}))
    assert '<html lang="bg">' in html(client.get(SIGN_IN))
