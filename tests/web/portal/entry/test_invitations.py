"""The page behind the link of an invitation: it works once, and says nothing to strangers (C34)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from firstline.events.models import Event
from firstline.people.actions import invitations
from firstline.people.actions.invitations import Invited
from firstline.people.actions.passwords import choose_password
from firstline.people.models import Host, Invitation, Person, Portal
from tests.cast import Cast, actor
from tests.letters import Letter, letters_to
from tests.web.pages import html

EMAIL = "lidia@zarya.example"
NEW = "an entirely new passphrase"
BOTH = {"password1": NEW, "password2": NEW}
GONE = "This link no longer works"
Invite = Callable[..., Letter]


@pytest.fixture
def invite(cast: Cast, settle: Callable[[], None]) -> Invite:
    """Invite Lidia, in the agent's name, and get the letter."""

    def invited(language: str = "en") -> Letter:
        wanted = Invited(EMAIL, "Лидия Громова", language, cast.orbita)
        invitations.invite(actor(cast.anna), wanted, via="web")
        settle()
        return letters_to(EMAIL)[-1]

    return invited


def lidia() -> Person:
    return Person.objects.get(email=EMAIL)


def test_the_letter_says_who_invites_and_where_to(cast: Cast, invite: Invite) -> None:
    letter = invite()
    assert letter.mail["To"] == EMAIL
    assert letter.subject == "Your access to Firstline"
    for words in ("Hello, Лидия Громова!", cast.anna.name, "7 days", EMAIL):
        assert words in letter.text
    assert letter.link.startswith("http://127.0.0.1:8000/invitations/")
    assert f'href="{letter.link}"' in letter.html


def test_one_comes_in_by_the_link(cast: Cast, invite: Invite) -> None:
    letter, client = invite(), Client()
    page = html(client.get(letter.path))
    assert "Welcome, Лидия Громова" in page
    assert cast.anna.name in page
    response = client.post(letter.path, BOTH)
    assert response.headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/portal/"
    assert client.get("/portal/").status_code == 200
    assert lidia().company == cast.orbita
    assert Invitation.objects.get().accepted_at is not None
    kinds = Event.objects.filter(subject_kind="person", subject_id=lidia().pk).order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "person.invited",
        "person.password_chosen",
    ]
    again = Client().post("/sign-in/", {"login": EMAIL, "password": NEW})
    assert again.headers["Location"] == "/"


def test_the_page_speaks_as_the_letter_does(invite: Invite) -> None:
    """Whatever the browser prefers; and so does the page that refuses a password."""
    letter, client = invite("bg"), Client(headers={"Accept-Language": "en"})
    page = client.get(letter.path)
    assert page.headers["Content-Language"] == "bg"
    refused = client.post(letter.path.partition("?")[0], {"password1": "1", "password2": "1"})
    assert refused.headers["Content-Language"] == "bg"


@pytest.mark.parametrize(
    ("had", "said", "kept"),
    [
        ("", "Asia/Omsk", "Asia/Omsk"),
        ("", "Mars/Olympus", ""),
        ("", "", ""),
        ("Europe/Sofia", "Asia/Omsk", "Europe/Sofia"),
    ],
)
def test_the_browser_tells_the_time_zone_of_who_has_none(
    cast: Cast, invite: Invite, had: str, said: str, kept: str
) -> None:
    letter, client = invite(), Client()
    Person.objects.filter(email=EMAIL).update(time_zone=had)
    assert 'name="time_zone" data-own-zone' in html(client.get(letter.path))
    client.post(letter.path, BOTH | {"time_zone": said})
    assert lidia().time_zone == kept


def test_who_is_signed_in_as_another_becomes_the_invited(
    cast: Cast, invite: Invite, signed_in: Callable[[Person], Client]
) -> None:
    letter, client = invite(), signed_in(cast.anna)
    before = client.cookies["firstline_session"].value
    client.post(letter.path, BOTH)
    assert client.cookies["firstline_session"].value != before
    assert client.get("/desk/").status_code == 404
    assert client.get("/portal/").status_code == 200


def use(cast: Cast, letter: Letter) -> None:
    Client().post(letter.path, BOTH)


def resend(cast: Cast, letter: Letter) -> None:
    assert invitations.resend(actor(cast.anna), Invitation.objects.get().pk, via="web")


def withdraw(cast: Cast, letter: Letter) -> None:
    assert invitations.withdraw(actor(cast.anna), Invitation.objects.get().pk, via="web")


def change_password(cast: Cast, letter: Letter) -> None:
    choose_password(actor(lidia()), "chosen by another way")


def wait(cast: Cast, letter: Letter) -> None:
    late = timezone.now() - timedelta(days=8)
    assert Invitation.objects.get().expires_at - Invitation.objects.get().sent_at <= timedelta(7)
    Invitation.objects.update(sent_at=late, expires_at=late + timedelta(days=7))


def deactivate(cast: Cast, letter: Letter) -> None:
    Person.objects.filter(email=EMAIL).update(is_active=False)


def invite_again(cast: Cast, letter: Letter) -> None:
    invitations.invite(actor(cast.anna), Invited(EMAIL, "Лидия", "en"), via="web")


@pytest.mark.parametrize(
    "end", [use, resend, withdraw, change_password, wait, deactivate, invite_again]
)
def test_a_link_ends(cast: Cast, invite: Invite, end: Callable[[Cast, Letter], None]) -> None:
    letter = invite()
    end(cast, letter)
    before = Person.objects.filter(email=EMAIL).values().get()
    response = Client().get(letter.path)
    assert (response.status_code, GONE in html(response)) == (404, True)
    other = {"password1": "yet another password", "password2": "yet another password"}
    response = Client().post(letter.path, other)
    assert (response.status_code, GONE in html(response)) == (404, True)
    assert Person.objects.filter(email=EMAIL).values().get() == before


def test_a_page_that_was_open_when_the_link_ended_is_refused(cast: Cast, invite: Invite) -> None:
    letter, client = invite(), Client()
    client.get(letter.path)
    withdraw(cast, letter)
    assert client.post(letter.path, BOTH).status_code == 404
    assert not lidia().has_usable_password()


@pytest.mark.parametrize(
    "key", ["0", "true", "[]", "null", "-", "a" * 43, "a" * 3000, "%00", "%ff", "é", "' OR 1=1 --"]
)
def test_a_key_that_is_made_up_gets_the_same_page(cast: Cast, invite: Invite, key: str) -> None:
    letter = invite()
    withdraw(cast, letter)
    known = Client().get(letter.path)
    response = Client().get(f"/invitations/{key}/")
    assert (response.status_code, response.content) == (404, known.content)


def test_a_key_that_was_cut_or_changed(cast: Cast, invite: Invite) -> None:
    path = invite().path
    key = path.split("/")[2]
    for other in (key[:-1], key + "a", key.swapcase(), key[1:], f"{key} "):
        assert Client().get(f"/invitations/{other}/").status_code == 404
    assert Client().get(path).status_code == 200
    assert Client().get("/invitations//").status_code == 404


def test_the_key_stands_nowhere(cast: Cast, invite: Invite) -> None:
    key = invite().path.split("/")[2]
    assert len(key) >= 43
    assert key not in str(list(Invitation.objects.values()))
    assert all(key not in str(event.data) for event in Event.objects.all())


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [(NEW, "another", "password2"), ("short", "short", "password1"), ("", "", "password1")],
)
def test_a_bad_password_is_told_and_the_link_goes_on_working(
    cast: Cast, invite: Invite, first: str, second: str, field: str
) -> None:
    letter, client = invite(), Client()
    response = client.post(letter.path, {"password1": first, "password2": second})
    assert response.status_code == 422
    assert f'id="{field}-error"' in html(response)
    assert client.post(letter.path, BOTH).status_code == 302


def test_known_and_unknown_keys_cost_the_same(
    cast: Cast, invite: Invite, django_assert_num_queries: Callable[..., object]
) -> None:
    path = invite().path
    for address in (path, "/invitations/unknown/"):
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            Client().get(address)


def test_the_link_of_a_partners_customer_is_the_partners(cast: Cast, invite: Invite) -> None:
    partner = cast.partner_agent.staff.partner
    portal = Portal.objects.create(partner=partner, name="Помощь")
    Host.objects.create(portal=portal, name="help.partner.example")
    cast.orbita.partner = partner
    cast.orbita.save()
    letter = invite()
    assert letter.link.startswith("http://help.partner.example:8000/invitations/")
    assert letter.subject == "Your access to Помощь"
