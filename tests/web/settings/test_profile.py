"""Own settings: each applies at once everywhere, wrong ones are told at their field (cap 5-8)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.base import zones
from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import Cast, open_by
from tests.web.pages import html

PROFILE = "/settings/profile/"
SAVED = {
    "ru": "Настройки сохранены",
    "bg": "Настройките са записани",
    "en": "Your settings are saved",
}


@pytest.fixture
def form(cast: Cast) -> dict[str, Any]:
    """The form as a customer's browser sends it, everything as it stands."""
    return {
        "name": cast.svetlana.name,
        "phone": "",
        "language": "en",
        "time_zone": "UTC",
        "page_size": "25",
        "wants_receipts": "on",
        "wants_status": "on",
        "wants_alerts": "on",
    }


@pytest.fixture
def client(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(cast.svetlana)


def fresh(cast: Cast) -> Person:
    return Person.objects.get(pk=cast.svetlana.pk)


def test_the_address_of_all_settings_leads_to_the_profile(client: Client) -> None:
    assert client.get("/settings/").headers["Location"] == PROFILE


@pytest.mark.parametrize("language", ["ru", "bg", "en"])
def test_the_next_page_is_in_the_new_language(
    cast: Cast, client: Client, form: dict[str, Any], language: str
) -> None:
    form["language"] = language
    page = client.post(PROFILE, form, follow=True)
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in html(page)
    assert SAVED[language] in html(page)
    assert client.get("/portal/").headers["Content-Language"] == language


def test_the_next_page_tells_the_time_of_the_new_zone(
    cast: Cast, client: Client, form: dict[str, Any]
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    Ticket.objects.filter(pk=ticket.pk).update(created_at="2024-06-17T22:30:00Z")
    show = f"/portal/tickets/{ticket.number}/"
    assert "17 June 2024, 22:30" in html(client.get(show))
    client.post(PROFILE, form | {"time_zone": "Asia/Yekaterinburg"})
    assert "18 June 2024, 03:30" in html(client.get(show))


def test_the_next_list_has_the_new_size(cast: Cast, client: Client, form: dict[str, Any]) -> None:
    for number in range(12):
        open_by(cast.svetlana, cast.hosting, f"Ticket {number}")
    assert html(client.get("/portal/")).count("register__subject") == 12
    client.post(PROFILE, form | {"page_size": "10"})
    assert html(client.get("/portal/")).count("register__subject") == 10


def test_the_next_mail_is_in_the_new_language(
    cast: Cast, client: Client, form: dict[str, Any], settle: Callable[[], None]
) -> None:
    client.post(PROFILE, form | {"language": "bg"})
    open_by(cast.svetlana, cast.hosting)
    settle()
    assert '<html lang="bg">' in OutgoingMail.objects.get().html


def test_everything_is_stored_and_shown_again(
    cast: Cast, client: Client, form: dict[str, Any]
) -> None:
    new = {"name": "Светлана П.", "phone": "+359 2 000 18 44", "time_zone": "Europe/Sofia"}
    form |= new | {"page_size": "100", "language": "ru"}
    del form["wants_status"], form["wants_alerts"]
    client.post(PROFILE, form)
    person = fresh(cast)
    assert {key: getattr(person, key) for key in new} == new
    assert (person.page_size, person.language) == (100, "ru")
    wanted = (person.wants_receipts, person.wants_status, person.wants_alerts)
    assert wanted == (True, False, False)
    page = html(client.get(PROFILE))
    assert 'value="+359 2 000 18 44"' in page
    assert '<option value="Europe/Sofia" selected>София, UTC+' in page
    assert "<option selected>100</option>" in page
    assert 'name="wants_receipts" checked' in page
    assert 'name="wants_status" checked' not in page


def test_the_event_says_from_what_to_what(cast: Cast, client: Client, form: dict[str, Any]) -> None:
    client.post(PROFILE, form | {"page_size": "50"})
    client.post(PROFILE, form | {"page_size": "50"})
    event = Event.objects.get(kind="person.changed")
    assert (event.actor_id, event.via) == (cast.svetlana.pk, "web")
    assert event.data["changes"]["page_size"] == [25, 50]
    assert "name" not in event.data["changes"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "  ", "Write the first and the last name."),
        ("name", "x" * 201, "At most 200 characters."),
        ("phone", "no", "Write a phone number"),
        ("phone", "1" * 41, "At most 40 characters."),
        ("language", "de", "There is no such language here."),
        ("time_zone", "Mars/Olympus", "There is no such time zone."),
        ("page_size", "7", "Choose one of: 10, 25, 50, 100."),
        ("page_size", "many", "Choose one of"),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_is_lost(
    cast: Cast, client: Client, form: dict[str, Any], field: str, value: str, told: str
) -> None:
    before = Person.objects.filter(pk=cast.svetlana.pk).values().get()
    typed = form | {"name": "Typed name", "phone": "+7 495 000 00 00"} | {field: value}
    del typed["wants_alerts"]
    response = client.post(PROFILE, typed)
    page = html(response)
    assert response.status_code == 422
    assert f'<a href="#{field}">' in page
    assert f'id="{field}-error"' in page
    assert "Nothing is changed yet" in page
    assert page.count(told) == 2
    assert 'aria-invalid="true"' in page
    for name in {"name", "phone"} - {field}:
        assert f'value="{typed[name]}"' in page
    assert 'name="wants_alerts" checked' not in page
    assert Person.objects.filter(pk=cast.svetlana.pk).values().get() == before
    assert not Event.objects.filter(kind="person.changed").exists()


def test_what_nobody_offers_cannot_be_set(cast: Cast, client: Client, form: dict[str, Any]) -> None:
    """C39"""
    more = {
        "email": "evil@evil.example",
        "is_active": "",
        "password": "x",
        "level": "administrator",
    }
    client.post(PROFILE, form | more)
    person = fresh(cast)
    assert (person.email, person.is_active, person.level) == (cast.svetlana.email, True, None)
    assert person.password == cast.svetlana.password


def test_hostile_text_stays_text(cast: Cast, client: Client, form: dict[str, Any]) -> None:
    """C18, C21, C26"""
    payload = '"><script>alert(1)</script>\r\nBcc: evil@evil.example\u202e{{ 7|add:7 }}'
    client.post(PROFILE, form | {"name": payload, "phone": payload[:27] + "12345"})
    person = fresh(cast)
    assert "\n" not in person.name + person.phone
    assert "\u202e" not in person.name
    for page in (client.get(PROFILE), client.get("/portal/")):
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


def test_staff_choose_no_mails_and_see_their_own_frame(
    cast: Cast, signed_in: Callable[[Person], Client], form: dict[str, Any]
) -> None:
    client = signed_in(cast.anna)
    page = html(client.get(PROFILE))
    assert "wants_status" not in page
    assert 'class="rail"' in page
    assert f'href="{PROFILE}"' in html(client.get("/desk/"))
    client.post(PROFILE, form | {"name": "Анна С.", "wants_status": ""})
    person = Person.objects.get(pk=cast.anna.pk)
    assert (person.name, person.wants_receipts, person.wants_status) == ("Анна С.", True, True)


def test_a_form_that_expired_loses_nothing(cast: Cast, form: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.svetlana)
    response = client.post(PROFILE, form | {"name": "Typed name"})
    assert response.status_code == 403
    assert "Typed name" in html(response)
    assert fresh(cast).name == cast.svetlana.name


def test_zones_are_offered_by_region_in_the_readers_language(
    cast: Cast, client: Client, form: dict[str, Any]
) -> None:
    client.post(PROFILE, form | {"language": "ru"})
    page = html(client.get(PROFILE))
    assert page.count("<optgroup") == len(zones.REGIONS)
    assert '<option value="Asia/Yekaterinburg">Екатеринбург, UTC+5</option>' in page
    assert '<option value="Asia/Kolkata">Калькутта, UTC+5:30</option>' in page
    assert '<option value="UTC" selected>UTC</option>' in page


def test_a_zone_under_its_old_name_is_kept_under_its_name_of_today(
    cast: Cast, client: Client, form: dict[str, Any]
) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(time_zone="Europe/Kiev")
    assert '<option value="Europe/Kiev" selected>Kiev, UTC+' in html(client.get(PROFILE))
    client.post(PROFILE, form | {"time_zone": "Europe/Kiev"})
    assert fresh(cast).time_zone == "Europe/Kyiv"


@pytest.mark.parametrize("path", ["profile", "password", "sessions"])
def test_a_page_costs_a_fixed_number_of_queries(
    cast: Cast, client: Client, django_assert_max_num_queries: Callable[..., Any], path: str
) -> None:
    client.get(f"/settings/{path}/")
    with django_assert_max_num_queries(5):
        client.get(f"/settings/{path}/")
