"""One's own password: the old one is needed, other sessions end, a letter tells of it (C36, C75)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from tests.cast import PASSWORD, Cast
from tests.doors import Sink
from tests.flows.test_main_job import body_of
from tests.web.pages import html

PATH = "/settings/password/"
NEW = "an entirely new passphrase"
FORM = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


def sign_in(person: Person, password: str = PASSWORD) -> Client:
    """A client that came in through the door, as a browser does."""
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    answer = client.post("/sign-in/", {"login": person.email, "password": password})
    assert answer.status_code == 302
    return client


def test_the_new_password_signs_in_and_the_old_one_does_not(cast: Cast) -> None:
    page = html(sign_in(cast.svetlana).post(PATH, FORM, follow=True))
    assert "Your password is changed" in page
    person = Person.objects.get(pk=cast.svetlana.pk)
    assert person.check_password(NEW)
    assert not person.check_password(PASSWORD)
    sign_in(cast.svetlana, NEW)


def test_other_sessions_end_and_this_one_stays(cast: Cast) -> None:
    here, elsewhere = sign_in(cast.svetlana), sign_in(cast.svetlana)
    before = here.cookies["firstline_session"].value
    here.post(PATH, FORM)
    assert here.get("/portal/").status_code == 200
    assert elsewhere.get("/portal/").status_code == 302
    assert here.cookies["firstline_session"].value != before
    stolen = Client()
    stolen.cookies["firstline_session"] = before
    assert stolen.get("/portal/").status_code == 302
    assert html(here.get("/settings/sessions/")).count("<tr role") == 2  # the head and this browser


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"oldpassword": "wrong"}, "oldpassword", "The current password is wrong."),
        ({"oldpassword": ""}, "oldpassword", "This field is required."),
        ({"password2": "another"}, "password2", "same password"),
        ({"password1": "short", "password2": "short"}, "password1", "at least 8 characters"),
        ({"password1": "password123", "password2": "password123"}, "password1", "too common"),
        ({"password1": "", "password2": ""}, "password1", "This field is required."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    cast: Cast, change: dict[str, str], field: str, told: str
) -> None:
    client = sign_in(cast.svetlana)
    elsewhere = sign_in(cast.svetlana)
    response = client.post(PATH, FORM | change)
    page = html(response)
    assert response.status_code == 422
    assert f'<a href="#id_{field}">' in page
    assert told in page
    assert "The password is not changed yet" in page
    assert Person.objects.get(pk=cast.svetlana.pk).check_password(PASSWORD)
    assert elsewhere.get("/portal/").status_code == 200
    for typed in FORM.values():
        assert typed not in page


def test_a_letter_tells_of_it_in_the_readers_language_and_zone(
    stage: Cast, sink: Sink, settle: Callable[[], None]
) -> None:
    client = sign_in(stage.svetlana)
    Person.objects.filter(pk=stage.svetlana.pk).update(language="ru", time_zone="Europe/Moscow")
    client.post(PATH, FORM)
    settle()
    [mail] = sink.to(stage.svetlana.email)
    assert "Firstline" in mail["Subject"]
    assert "изменён" in mail["Subject"]
    text = body_of(mail)
    assert "(UTC+3)" in text
    assert "http://127.0.0.1:8000/password/" in text
    assert NEW not in text
    assert PASSWORD not in text


def test_no_letter_and_no_trace_without_a_change(cast: Cast, settle: Callable[[], None]) -> None:
    client = sign_in(cast.svetlana)
    settle()
    before = Event.objects.count()
    client.post(PATH, FORM | {"oldpassword": "wrong"})
    settle()
    assert Event.objects.count() == before
    assert OutgoingMail.objects.count() == 0


def test_no_event_holds_a_password(cast: Cast) -> None:
    sign_in(cast.svetlana).post(PATH, FORM)
    assert Event.objects.filter(kind="person.changed_password").count() == 1
    said = " ".join(str(event.data) for event in Event.objects.all())
    assert NEW not in said
    assert PASSWORD not in said


def test_the_old_password_cannot_be_guessed(cast: Cast) -> None:
    client = sign_in(cast.svetlana)
    codes = [client.post(PATH, FORM | {"oldpassword": f"guess {n}"}).status_code for n in range(7)]
    assert codes == [422] * 5 + [429] * 2
    assert client.post(PATH, FORM).status_code == 429


def test_a_form_that_expired_repeats_no_password(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.svetlana)
    response = client.post(PATH, FORM)
    assert response.status_code == 403
    for typed in FORM.values():
        assert typed not in html(response)


def test_staff_change_theirs_in_their_own_frame(cast: Cast) -> None:
    client = sign_in(cast.anna)
    assert 'class="rail"' in html(client.get(PATH))
    client.post(PATH, FORM)
    assert Person.objects.get(pk=cast.anna.pk).check_password(NEW)
    assert client.get("/desk/").status_code == 200


def test_a_stranger_is_led_to_the_sign_in(db: None, signed_in: Any) -> None:
    assert Client().get(PATH).headers["Location"] == "/sign-in/?next=%2Fsettings%2Fpassword%2F"
    refused = Client().post(PATH, FORM)
    assert refused.status_code == 401
    assert NEW not in html(refused)
