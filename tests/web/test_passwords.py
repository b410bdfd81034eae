"""“Forgot your password?”, also for those who came by mail and never had one."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.actions import one_time
from firstline.people.actions.people import meet
from firstline.people.models import Company, Host, Person, Portal
from firstline.web.models import RateLimit
from tests.cast import PASSWORD, Cast
from tests.letters import Letter, letters_to
from tests.web.pages import html

ASK = "/password/"
NEW = "an entirely new passphrase"


def link_in(letter: Letter) -> str:
    assert re.fullmatch(r"/password/[0-9a-z]+-\S+/", letter.path)
    return letter.path


@pytest.fixture
def ask(settle: Callable[[], None]) -> Callable[..., list[Letter]]:
    """Ask for a password and let everything due happen; the letters that went."""

    def asked(email: str, client: Client | None = None) -> list[Letter]:
        response = (client or Client()).post(ASK, {"email": email})
        assert response.headers["Location"] == "/password/sent/"
        settle()
        return letters_to(email.lower())

    return asked


def set_password(client: Client, link: str, first: str = NEW, second: str = NEW) -> str:
    """Open the link and fill its form; the page that follows."""
    form = client.get(link).headers["Location"]
    assert "Choose a password" in html(client.get(form))
    response = client.post(form, {"password1": first, "password2": second}, follow=True)
    return html(response)


def test_a_customer_who_came_by_mail_chooses_a_password_and_signs_in(
    db: None, ask: Callable[..., list[Letter]]
) -> None:
    person = meet("maria@mail.example", "Мария", "ru")
    assert not person.has_usable_password()
    (letter,) = ask("Maria@Mail.example")
    assert letter.mail["To"] == "maria@mail.example"
    client = Client()
    assert "The password is set" in set_password(client, link_in(letter))
    response = client.post("/sign-in/", {"login": "maria@mail.example", "password": NEW})
    assert response.headers["Location"] == "/"


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
    cast: Cast, ask: Callable[..., list[Letter]], had: str, said: str, kept: str
) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(time_zone=had)
    (letter,) = ask(cast.svetlana.email)
    client = Client()
    form = client.get(link_in(letter)).headers["Location"]
    assert 'name="time_zone" data-own-zone' in html(client.get(form))
    both = {"password1": NEW, "password2": NEW}
    page = html(client.post(form, both | {"time_zone": said}, follow=True))
    assert "Wherever you were signed in before, you are signed out." in page
    assert Person.objects.get(pk=cast.svetlana.pk).time_zone == kept


def test_the_link_names_the_configured_host_only(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    poisoned = Client(headers={"host": "localhost", "x-forwarded-host": "evil.example"})
    (letter,) = ask(cast.svetlana.email, poisoned)
    assert "http://127.0.0.1:8000/password/" in letter.text
    assert "localhost" not in letter.text + letter.html
    assert "evil" not in letter.text + letter.html
    assert (
        Client().post(ASK, {"email": "x@y.example"}, headers={"host": "evil.example"}).status_code
        == 400
    )


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    assert ask("nobody@orbita.example") == []
    known, unknown = Client(), Client()
    one = known.post(ASK, {"email": cast.svetlana.email}, follow=True)
    other = unknown.post(ASK, {"email": "nobody@orbita.example"}, follow=True)
    assert one.redirect_chain == other.redirect_chain
    assert one.content == other.content


def test_known_and_unknown_cost_the_same(
    cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    queries = []
    for email in (cast.svetlana.email, "nobody@orbita.example"):
        RateLimit.objects.all().delete()  # so that each is the first try
        with django_assert_num_queries(10) as seen:  # type: ignore[attr-defined]
            Client().post(ASK, {"email": email})
        queries.append(
            [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in seen.captured_queries]
        )
    assert queries[0] == queries[1]


def test_a_deactivated_person_gets_no_link(cast: Cast, ask: Callable[..., list[Letter]]) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    assert ask(cast.svetlana.email) == []


def test_a_link_works_once(cast: Cast, ask: Callable[..., list[Letter]]) -> None:
    (letter,) = ask(cast.svetlana.email)
    assert "The password is set" in set_password(Client(), link_in(letter))
    assert "This link no longer works" in html(Client().get(link_in(letter)))


def test_a_newer_password_ends_older_links(cast: Cast, ask: Callable[..., list[Letter]]) -> None:
    ask(cast.svetlana.email)
    first, second = ask(cast.svetlana.email)
    set_password(Client(), link_in(second))
    assert "This link no longer works" in html(Client().get(link_in(first)))


def test_a_link_ends_after_a_day(
    cast: Cast, ask: Callable[..., list[Letter]], settings: Any
) -> None:
    (letter,) = ask(cast.svetlana.email)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link no longer works" in html(Client().get(link_in(letter)))


@pytest.mark.parametrize(
    "change", [lambda key: key[:-2] + "/", lambda key: key.replace("-", "-0", 1)]
)
def test_a_changed_link_is_refused(
    cast: Cast, ask: Callable[..., list[Letter]], change: Callable[[str], str]
) -> None:
    (letter,) = ask(cast.svetlana.email)
    assert "This link no longer works" in html(Client().get(change(link_in(letter))))


def test_a_link_is_for_its_person_only(cast: Cast, ask: Callable[..., list[Letter]]) -> None:
    (letter,) = ask(cast.svetlana.email)
    key = link_in(letter).rpartition("/password/")[2].partition("-")[2]
    other = "0123456789abcdefghijklmnopqrstuvwxyz"[cast.zlata.pk % 36]
    assert "This link no longer works" in html(Client().get(f"/password/{other}-{key}"))


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (NEW, "another", "You must type the same password each time."),
        ("short", "short", "at least 8 characters"),
        ("password1234", "password1234", "too common"),
        ("", "", "This field is required."),
    ],
)
def test_a_bad_password_is_told_at_its_field(
    cast: Cast, ask: Callable[..., list[Letter]], first: str, second: str, told: str
) -> None:
    (letter,) = ask(cast.svetlana.email)
    page = set_password(Client(), link_in(letter), first, second)
    assert told in page
    assert "The password is not set yet" in page
    assert Person.objects.get(pk=cast.svetlana.pk).check_password(PASSWORD)


def test_a_new_password_ends_all_sessions_of_the_old_one(
    cast: Cast, ask: Callable[..., list[Letter]], signed_in: Callable[[Person], Client]
) -> None:
    elsewhere = signed_in(cast.svetlana)
    (letter,) = ask(cast.svetlana.email)
    set_password(Client(), link_in(letter))
    assert elsewhere.get("/portal/").status_code == 302


def test_a_new_password_lets_in_after_failed_tries(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    client = Client()
    for _try in range(6):
        client.post("/sign-in/", {"login": cast.svetlana.email, "password": "guess"})
    (letter,) = ask(cast.svetlana.email)
    set_password(client, link_in(letter))
    response = client.post("/sign-in/", {"login": cast.svetlana.email, "password": NEW})
    assert response.status_code == 302


def test_one_address_is_not_flooded(cast: Cast, settle: Callable[[], None]) -> None:
    codes = [Client().post(ASK, {"email": cast.svetlana.email}).status_code for _try in range(6)]
    settle()
    assert codes == [302] * 5 + [429]
    assert OutgoingMail.objects.filter(recipient=cast.svetlana.email).count() == 5


def test_the_log_of_events_holds_no_link(cast: Cast, ask: Callable[..., list[Letter]]) -> None:
    (letter,) = ask(cast.svetlana.email)
    secret = link_in(letter)
    assert all(secret not in str(event.data) for event in Event.objects.all())


def test_the_letter_is_in_the_readers_language_with_a_link_to_press(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    (letter,) = ask(cast.svetlana.email)
    assert '<html lang="en">' in letter.html
    assert f'href="http://127.0.0.1:8000{link_in(letter)}"' in letter.html
    assert letter.mail["Auto-Submitted"] == "auto-generated"


def test_a_form_from_elsewhere_is_refused_and_repeats_no_password(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    (letter,) = ask(cast.svetlana.email)
    client = Client(enforce_csrf_checks=True)
    form = client.get(link_in(letter)).headers["Location"]
    response = client.post(form, {"password1": NEW, "password2": NEW})
    assert response.status_code == 403
    assert NEW not in html(response)
    assert Person.objects.get(pk=cast.svetlana.pk).check_password(PASSWORD)


@pytest.mark.parametrize("key", ["0", "true", "[]", "set-password", "null", "x" * 300, "%00"])
def test_a_key_that_is_made_up_is_refused(cast: Cast, key: str) -> None:
    """C34: whatever stands where the key should be."""
    response = Client().get(f"/password/1-{key}/")
    assert response.status_code == 404 or "This link no longer works" in html(response)


def test_the_link_of_a_deactivated_person_is_dead(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    (letter,) = ask(cast.svetlana.email)
    Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    assert "This link no longer works" in html(Client().get(link_in(letter)))


def test_a_deactivated_person_sets_no_password_in_a_form_that_was_open(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    (letter,) = ask(cast.svetlana.email)
    client = Client()
    form = client.get(link_in(letter)).headers["Location"]
    Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    client.post(form, {"password1": NEW, "password2": NEW})
    assert Person.objects.get(pk=cast.svetlana.pk).check_password(PASSWORD)


def test_a_new_password_ends_a_one_time_password(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    once = one_time.issue(cast.svetlana)
    Person.objects.filter(pk=cast.svetlana.pk).update(must_choose_password=True)
    (letter,) = ask(cast.svetlana.email)
    set_password(Client(), link_in(letter))
    person = Person.objects.get(pk=cast.svetlana.pk)
    assert not person.must_choose_password
    assert not one_time.use(person, once)
    event = Event.objects.get(kind="person.password_chosen")
    assert (event.subject_id, event.actor_id) == (person.pk, person.pk)


def test_the_letter_links_to_the_partners_portal(
    cast: Cast, ask: Callable[..., list[Letter]]
) -> None:
    partner = cast.partner_agent.staff.partner
    portal = Portal.objects.create(partner=partner, name="Помощь «Орбита»")
    Host.objects.create(portal=portal, name="help.partner.example")
    Company.objects.filter(pk=cast.orbita.pk).update(partner=partner)
    (letter,) = ask(cast.svetlana.email)
    assert letter.link.startswith("http://help.partner.example:8000/password/")
    assert letter.subject == "Your password for Помощь «Орбита»"


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("/portal/tickets/SR00000001/?answer", True),
        ("https://evil.example/", False),
        ("//evil.example/", False),
        ("javascript:alert(1)", False),
        ("/" + "x" * 600, False),
    ],
)
def test_a_reset_keeps_where_one_was_going(
    cast: Cast, settle: Callable[[], None], wanted: str, kept: bool
) -> None:
    client, query = Client(), urlencode({"next": wanted})
    page = html(client.get(f"/sign-in/?{query}"))
    assert "/password/?next=" in page
    asked = client.get(f"{ASK}?{query}")
    assert 'name="next"' in html(asked)
    answer = client.post(ASK, {"email": cast.svetlana.email, "next": wanted})
    settle()
    here = f"?{urlencode({'next': wanted})}" if kept else ""
    assert answer.headers["Location"] == f"/password/sent/{here}"
    (letter,) = letters_to(cast.svetlana.email)
    assert ("next=" in letter.path) == kept
    client = Client()
    form = client.get(letter.path).headers["Location"]
    told = client.get(form).context
    both = {"password1": NEW, "password2": NEW, "next": told["redirect_field_value"] or ""}
    done = client.post(form.partition("?")[0], both, follow=True)
    assert "The password is set" in html(done)
    sign_in = re.findall(r'href="(/sign-in/[^"]*)"', html(done))[-1].replace("&amp;", "&")
    assert ("next=" in sign_in) == kept
    body = {"login": cast.svetlana.email, "password": NEW, "next": wanted if kept else ""}
    assert client.post("/sign-in/", body).headers["Location"] == (wanted if kept else "/")
