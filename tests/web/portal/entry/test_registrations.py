"""Registering by oneself: open, with approval, by invitation (product 1.3, cap 2-3, 110)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound.admissions import decided
from firstline.people import portals
from firstline.people.actions.people import meet
from firstline.people.actions.registrations import admit
from firstline.people.models import Company, Domain, Host, Person, Portal, Registration
from firstline.web.models import RateLimit
from tests.cast import Cast
from tests.letters import letters_to
from tests.web.pages import form_of, html
from tests.web.portal.entry.conftest import FORM

EMAIL = str(FORM["email"])
Register = Callable[..., Any]
Mode = Callable[[str], None]


def person() -> Person:
    return Person.objects.get(email=EMAIL)


def test_a_stranger_registers_and_gets_a_one_time_password(
    cast: Cast, mode: Mode, register: Register
) -> None:
    mode("open")
    client = Client()
    response = register(client)
    assert response.headers["Location"] == "/register/sent/"
    assert "Check your mail" in html(client.get("/register/sent/"))
    new = person()
    assert (new.name, new.phone, new.language) == (FORM["name"], FORM["phone"], "ru")
    assert new.time_zone == "Asia/Yekaterinburg"
    assert not new.has_usable_password()
    assert new.customer.company is None
    (letter,) = letters_to(EMAIL)
    assert EMAIL in letter.text
    assert letter.link == "http://127.0.0.1:8000/sign-in/"
    answer = client.post("/sign-in/", {"login": EMAIL, "password": letter.password})
    assert answer.headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/password/first/"


def test_the_history_tells_it(cast: Cast, mode: Mode, register: Register) -> None:
    mode("open")
    register()
    row = Registration.objects.get()
    registered = Event.objects.get(kind="person.registered")
    assert (registered.subject_kind, registered.subject_id) == ("registration", row.pk)
    decided = Event.objects.get(kind="person.registration_decided")
    assert (decided.subject_kind, decided.subject_id) == ("person", person().pk)
    assert decided.data["state"] == "approved"
    assert row.state == "approved"
    secret = letters_to(EMAIL)[0].password
    assert all(secret not in str(event.data) for event in Event.objects.all())


def test_the_company_is_found_by_the_domain(cast: Cast, mode: Mode, register: Register) -> None:
    mode("open")
    Domain.objects.create(name="zarya.example", company=cast.orbita)
    register()
    assert person().company == cast.orbita
    row = Registration.objects.get()
    assert (row.company, row.needs_company) == (cast.orbita, False)


def test_a_company_that_is_not_found_waits_for_staff(
    cast: Cast, mode: Mode, register: Register
) -> None:
    """A contract number alone opens no company's tickets: anybody may know it."""
    mode("open")
    register(contract_number=cast.contract.number)
    row = Registration.objects.get()
    assert (row.needs_company, row.contract_number) == (True, cast.contract.number)
    assert person().company is None


def test_who_wrote_by_mail_stays_the_same_person(
    cast: Cast, mode: Mode, register: Register
) -> None:
    mode("open")
    by_mail = meet(EMAIL, "Лидия", "bg")
    register()
    same = person()
    assert same.pk == by_mail.pk
    assert (same.name, same.language) == ("Лидия", "bg")
    assert same.phone == FORM["phone"]
    assert letters_to(EMAIL)[0].password


def test_who_has_a_password_is_told_so_and_nothing_changes(
    cast: Cast, mode: Mode, register: Register
) -> None:
    for way in ("open", "approval"):
        mode(way)
        before = Person.objects.filter(pk=cast.svetlana.pk).values().get()
        register(email=cast.svetlana.email.upper())
        assert Person.objects.filter(pk=cast.svetlana.pk).values().get() == before
        letter = letters_to(cast.svetlana.email)[-1]
        assert letter.subject.startswith("You already have an account")
        assert letter.path == "/password/"
        assert Registration.objects.get().state == "refused"
        Registration.objects.all().delete()


@pytest.mark.parametrize("who", ["anna", "deactivated"])
def test_staff_and_deactivated_people_get_no_password(
    cast: Cast, mode: Mode, register: Register, who: str
) -> None:
    mode("open")
    Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    other = cast.anna if who == "anna" else cast.svetlana
    other.set_unusable_password()
    Person.objects.filter(pk=other.pk).update(password=other.password)
    register(email=other.email)
    assert not Person.objects.get(pk=other.pk).one_time_sha256
    assert len(letters_to(other.email)) == (1 if who == "anna" else 0)


def test_known_and_unknown_get_the_same_answer_for_the_same_work(
    cast: Cast, mode: Mode, django_assert_num_queries: Callable[..., Any]
) -> None:
    """C33."""
    mode("open")
    portals.at("testserver")
    meet("mail-only@orbita.example")
    seen = []
    for email in (cast.svetlana.email, "mail-only@orbita.example", "nobody@orbita.example"):
        client = Client()
        RateLimit.objects.all().delete()  # so that each is the first try
        with django_assert_num_queries(12) as queries:
            response = client.post("/register/", FORM | {"email": email}, follow=True)
        plain = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries.captured_queries]
        seen.append((plain, response.redirect_chain, response.content))
    assert seen[0] == seen[1] == seen[2]


def test_with_approval_the_person_waits(cast: Cast, mode: Mode, register: Register) -> None:
    mode("approval")
    client = Client()
    assert "Ask for access" in html(client.get("/register/"))
    register(client)
    page = html(client.get("/register/sent/"))
    assert "A member of staff looks at your registration" in page
    for words in ("Nothing there", "Register again", "Check your mail"):
        assert words not in page
    assert Registration.objects.get().state == "waiting"
    assert not Person.objects.filter(email=EMAIL).exists()
    assert letters_to(EMAIL) == []


def test_by_invitation_there_is_no_form(cast: Cast, mode: Mode, register: Register) -> None:
    Portal.objects.update(contacts={"en": "Call +7 800 000-18-44"})
    mode("invitation")
    page = html(Client().get("/register/"))
    assert "by invitation" in page
    assert "Call +7 800 000-18-44" in page
    assert "<form" not in page
    assert register().status_code == 403
    assert not Registration.objects.exists()


def test_the_form_has_what_it_needs(cast: Cast, mode: Mode) -> None:
    Portal.objects.update(privacy_url="https://privacy.example/how")
    mode("open")
    page = html(Client().get("/register/"))
    for label in ("Full name", "Work e-mail", "Phone", "Company", "Contract number", "Time zone"):
        assert label in page
    assert page.count(' <span class="req" aria-hidden="true">*</span>') == 3
    assert 'href="https://privacy.example/how"' in page
    assert '<option value="Asia/Yekaterinburg">Yekaterinburg, UTC+5</option>' in page
    assert '<option value="en" lang="en" selected>' in page


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"name": " \u202e "}, "name", "Write the first and the last name."),
        ({"email": "l.gromova.zarya.example"}, "email", "This is no mail address."),
        ({"email": ""}, "email", "This is no mail address."),
        ({"phone": "ask me"}, "phone", "Write a phone number"),
        ({"phone": "9" * 41}, "phone", "At most 40 characters."),
        ({"language": "de"}, "language", "There is no such language here."),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "There is no such time zone."),
        ({"consent": ""}, "consent", "Without your consent"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_all_that_was_typed_stays(
    cast: Cast, mode: Mode, register: Register, fields: dict[str, str], wrong: str, words: str
) -> None:
    mode("open")
    response = register(**fields)
    page = html(response)
    assert response.status_code == 422
    assert f'href="#{wrong}"' in page
    assert f'id="{wrong}-error"' in page
    assert words in page
    assert 'value="Птицефабрика «Заря»"' in page
    assert not Registration.objects.exists()


def test_hostile_text_stays_text_and_is_in_no_letter(
    cast: Cast, mode: Mode, register: Register
) -> None:
    """C13, C18, C20: nothing that a stranger typed is mailed to others."""
    mode("open")
    payload = 'Win! http://evil.example <img src=x onerror="hit=1">'
    register(name=payload, company_name=payload, phone="12345\r\nBcc: x@y.example")
    (letter,) = letters_to(EMAIL)
    assert "evil" not in letter.mail.as_string() + letter.text + letter.html
    page = register(name=payload, email="").content.decode()
    assert "<img" not in page
    assert "&lt;img" in page


def test_the_link_names_the_configured_host_only(
    cast: Cast, mode: Mode, register: Register
) -> None:
    """C35."""
    mode("open")
    register(Client(headers={"host": "localhost", "x-forwarded-host": "evil.example"}))
    (letter,) = letters_to(EMAIL)
    assert letter.link.startswith("http://127.0.0.1:8000/")
    assert "evil" not in letter.text + letter.html


def test_on_a_partners_portal_all_is_the_partners(
    cast: Cast, mode: Mode, register: Register
) -> None:
    mode("invitation")
    partner = cast.partner_agent.staff.partner
    portal = Portal.objects.create(partner=partner, name="Партнёр помогает", registration="open")
    Host.objects.create(portal=portal, name="help.partner.example")
    assert register(Client(headers={"host": "help.partner.example"})).status_code == 302
    assert Registration.objects.get().portal == portal
    (letter,) = letters_to(EMAIL)
    assert letter.link == "http://help.partner.example:8000/sign-in/"
    assert "Партнёр помогает" in letter.subject


def test_one_form_registers_once(cast: Cast, mode: Mode, settle: Callable[[], None]) -> None:
    mode("open")
    client = Client()
    form = form_of(client, "/register/", **FORM)
    for _press in range(3):
        assert client.post("/register/", form).status_code == 302
    settle()
    assert Registration.objects.count() == 1
    assert len(letters_to(EMAIL)) == 1


def test_a_machine_that_fills_in_everything_is_not_registered(
    cast: Cast, mode: Mode, register: Register
) -> None:
    mode("open")
    response = register(homepage="http://spam.example")
    assert response.headers["Location"] == "/register/sent/"
    assert not Registration.objects.exists()


def test_one_source_causes_five_letters_an_hour(
    cast: Cast, mode: Mode, settle: Callable[[], None]
) -> None:
    """C13: 200 requests for 200 victims."""
    mode("open")
    codes = [
        Client().post("/register/", FORM | {"email": f"victim{number}@x.example"}).status_code
        for number in range(200)
    ]
    settle()
    assert codes == [302] * 5 + [429] * 195
    assert OutgoingMail.objects.count() == 5
    page = html(Client().post("/register/", FORM))
    assert "Try again in an hour" in page
    assert f'value="{FORM["name"]}"' in page


def test_one_address_gets_five_letters_an_hour(
    cast: Cast, mode: Mode, settle: Callable[[], None]
) -> None:
    mode("open")
    for number in range(12):
        Client().post("/register/", FORM, REMOTE_ADDR=f"198.51.100.{number}")
    settle()
    assert len(letters_to(EMAIL)) == 5
    last = letters_to(EMAIL)[-1].password
    client = Client()
    answer = client.post("/sign-in/", {"login": EMAIL, "password": last})
    assert answer.headers["Location"] == "/"


def test_registering_leaves_the_way_to_a_new_password_open(
    cast: Cast, mode: Mode, settle: Callable[[], None]
) -> None:
    """Whoever registers somebody else's address must not use up their letters."""
    mode("open")
    for number in range(9):
        form = FORM | {"email": cast.svetlana.email}
        Client().post("/register/", form, REMOTE_ADDR=f"198.51.100.{number}")
    Client().post("/password/", {"email": cast.svetlana.email})
    settle()
    subjects = [letter.subject for letter in letters_to(cast.svetlana.email)]
    assert subjects.count("You already have an account: Firstline") == 5
    assert subjects.count("Your password for Firstline") == 1


def test_our_own_addresses_get_no_letter(cast: Cast, mode: Mode, register: Register) -> None:
    mode("open")
    register(email=cast.hosting.address)
    assert not OutgoingMail.objects.exists()


def test_a_reaction_that_runs_twice_changes_nothing_more(
    cast: Cast, mode: Mode, register: Register
) -> None:
    mode("open")
    register()
    before = Person.objects.filter(email=EMAIL).values().get()
    admit(Event.objects.get(kind="person.registered"))
    decided(Event.objects.get(kind="person.registration_decided"))
    assert Person.objects.filter(email=EMAIL).values().get() == before
    assert OutgoingMail.objects.count() == 1
    assert Event.objects.filter(kind="person.registration_decided").count() == 1


def test_who_is_signed_in_is_led_home(
    cast: Cast, mode: Mode, signed_in: Callable[[Person], Client]
) -> None:
    mode("open")
    assert signed_in(cast.svetlana).get("/register/").headers["Location"] == "/"


def test_a_domain_of_two_companies_decides_nothing(
    cast: Cast, mode: Mode, register: Register
) -> None:
    mode("open")
    for name in ("Один", "Два"):
        Domain.objects.create(name="zarya.example", company=Company.objects.create(name=name))
    register()
    assert Registration.objects.get().needs_company
    assert person().company is None
