"""Public forms in the settings: made, changed, switched off, with the line that embeds them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.people.models import Host, Person, Portal
from firstline.tickets.models import WebForm
from tests.cast import Cast
from tests.web.forms import make
from tests.web.pages import form_of, html

FORMS, NEW = "/settings/forms/", "/settings/forms/new/"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def admin(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.administrator)


def shape(cast: Cast, **fields: Any) -> dict[str, Any]:
    """What is typed into the fields of a form's page."""
    names = {"name_ru": "Напишите нам", "name_bg": "Пишете ни", "name_en": "Write to us"}
    intros = {"intro_en": "We answer within a day."}
    return {**names, **intros, "department": cast.hosting.pk, "is_active": "on", **fields}


def test_a_form_is_made_and_can_be_filled_in(cast: Cast, admin: Client) -> None:
    assert "No web form yet" in html(admin.get(FORMS))
    page = html(admin.post(NEW, form_of(admin, NEW, **shape(cast)), follow=True))
    form = WebForm.objects.get()
    assert len(form.key) == 16
    assert f'value="http://127.0.0.1:8000/forms/{form.key}/"' in page
    line = f'<script src="http://127.0.0.1:8000/forms/{form.key}.js" async></script>'
    assert f'value="{line}"' in page
    assert "Write to us" in html(admin.get(FORMS))
    public = html(Client().get(f"/forms/{form.key}/"))
    assert "Write to us" in public
    assert "We answer within a day." in public
    assert "Пишете ни" in html(Client().get(f"/forms/{form.key}/?language=bg"))
    event = Event.objects.get(kind="form.made")
    assert (event.actor, event.data["department_id"]) == (cast.administrator, cast.hosting.pk)


def test_pressing_twice_makes_one(cast: Cast, admin: Client) -> None:
    body = form_of(admin, NEW, **shape(cast))
    admin.post(NEW, body)
    assert admin.post(NEW, body).headers["Location"] == FORMS
    assert WebForm.objects.count() == 1


def test_a_form_is_changed_and_keeps_its_address(cast: Cast, admin: Client) -> None:
    form = make(cast.hosting)
    changed = shape(cast, department=cast.equipment.pk, name_en="Ask us")
    assert "Saved." in html(admin.post(f"{FORMS}{form.pk}/", changed, follow=True))
    row = WebForm.objects.get()
    assert (row.key, row.department, row.names["en"]) == (form.key, cast.equipment, "Ask us")
    data = Event.objects.get(kind="form.changed").data
    assert data["department_id"] == [cast.hosting.pk, cast.equipment.pk]


def test_a_form_is_switched_off(cast: Cast, admin: Client) -> None:
    form = make(cast.hosting)
    off = shape(cast)
    del off["is_active"]
    admin.post(f"{FORMS}{form.pk}/", off)
    assert Client().get(f"/forms/{form.key}/").status_code == 404
    assert "Switched off" in html(admin.get(FORMS))
    assert "nobody can open it" in html(admin.get(f"{FORMS}{form.pk}/"))


def test_a_partners_form_is_at_the_partners_address(cast: Cast, admin: Client) -> None:
    portal = Portal.objects.create(partner=cast.partner_agent.staff.partner, name="North")
    Host.objects.create(name="help.north.example", portal=portal)
    page = html(admin.post(NEW, shape(cast, portal=portal.pk), follow=True))
    assert 'value="http://help.north.example:8000/forms/' in page


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"name_ru": "", "name_bg": " ", "name_en": ""}, "name_ru", "at least one language"),
        ({"name_bg": "x" * 101}, "name_bg", "At most 100 characters."),
        ({"intro_en": "x" * 1001}, "intro_en", "At most 1000 characters."),
        ({"department": ""}, "department", "Choose where the tickets go."),
        ({"department": "999999"}, "department", "Choose where the tickets go."),
        ({"department": "x"}, "department", "Choose where the tickets go."),
        ({"portal": "999999"}, "portal", "There is no such portal."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(
    cast: Cast, admin: Client, fields: dict[str, str], field: str, told: str
) -> None:
    for address in (NEW, f"{FORMS}{make(cast.hosting).pk}/"):
        answer = admin.post(address, shape(cast, **fields))
        page = html(answer)
        assert answer.status_code == 422
        assert told in page
        assert f'id="{field}-error"' in page
        assert "We answer within a day." in page or field == "intro_en"
    assert WebForm.objects.count() == 1
    assert not Event.objects.filter(kind__startswith="form.").exists()


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("supervisor", 403), ("anna", 403), ("observer", 403), ("partner_agent", 403),
        ("svetlana", 404), ("stranger", 401),
    ],
)  # fmt: skip
def test_only_administrators_make_forms(
    cast: Cast, signed_in: Callable[[Person], Client], who: str, code: int
) -> None:
    form = make(cast.hosting)
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    for address in (FORMS, NEW, f"{FORMS}{form.pk}/"):
        assert client.get(address).status_code == {401: 302}.get(code, code)
    for address in (NEW, f"{FORMS}{form.pk}/"):
        assert client.post(address, shape(cast, name_en="Taken over")).status_code == code
    assert WebForm.objects.get().names == form.names
    assert not Event.objects.filter(kind__startswith="form.").exists()


def test_hostile_names_stay_names(cast: Cast, admin: Client) -> None:
    """C21: in the settings, on the page, and in the script for other sites."""
    names = {f"{name}_{code}": HOSTILE for name in ("name", "intro") for code in ("ru", "bg", "en")}
    admin.post(NEW, shape(cast, **names))
    form = WebForm.objects.get()
    pages = [FORMS, f"{FORMS}{form.pk}/"]
    answers = [admin.get(page) for page in pages] + [Client().get(f"/forms/{form.key}/")]
    for answer in answers:
        assert "<script>alert" not in answer.content.decode()
    script = Client().get(f"/forms/{form.key}.js").content.decode()
    assert '"title": "\\">' in script


def test_the_list_asks_a_fixed_number_of_questions(
    cast: Cast, admin: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    portal = Portal.objects.create(partner=cast.partner_agent.staff.partner, name="North")
    make(cast.hosting)
    admin.get(FORMS)
    with django_assert_num_queries(5):
        admin.get(FORMS)
    for _one in range(5):
        make(cast.equipment, portal=portal)
        make(cast.hosting)
    with django_assert_num_queries(5):
        admin.get(FORMS)
