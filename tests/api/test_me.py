"""Own settings through the API: what is sent changes and applies, what is wrong changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.people.models import Person
from tests.api.client import Api, fields, problem
from tests.cast import Cast

CHOSEN = {"given": None, "words": None}  # of staff alone
EVERYTHING = {
    "name": "Светлана Петрова",
    "phone": "+359 2 000 18 44",
    "language": "bg",
    "time_zone": "Asia/Yekaterinburg",
    "page_size": 100,
    "mails": {"receipts": False, "status": False, "alerts": False},
}


def test_settings_are_read(cast: Cast, api: Callable[..., Api]) -> None:
    assert api(cast.svetlana).get("me").json() == {
        "name": "Светлана Иванова",
        "email": "svetlana@orbita.example",
        "phone": "",
        "language": "en",
        "time_zone": "UTC",
        "page_size": 25,
        "mails": CHOSEN | {"receipts": True, "status": True, "alerts": True},
    }


def test_all_settings_change_at_once_and_apply_in_pages(
    cast: Cast, api: Callable[..., Api], signed_in: Callable[[Person], Client]
) -> None:
    client = api(cast.svetlana)
    changed = client.patch("me", EVERYTHING)
    assert changed.status_code == 200
    mails = CHOSEN | {"receipts": False, "status": False, "alerts": False}
    assert changed.json() == EVERYTHING | {"email": cast.svetlana.email, "mails": mails}
    assert client.get("me").json() == changed.json()
    page = signed_in(cast.svetlana).get("/portal/")
    assert page.headers["Content-Language"] == "bg"


def test_one_setting_leaves_the_others(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.svetlana)
    before = client.get("me").json()
    changed = client.patch("me", {"mails": {"status": False}}).json()
    assert changed == before | {"mails": before["mails"] | {"status": False}}
    assert client.patch("me", {}).json() == changed


def test_the_event_says_what_changed_from_what_to_what(cast: Cast, api: Callable[..., Api]) -> None:
    client = api(cast.svetlana)
    client.patch("me", {"page_size": 50, "language": "en"})
    client.patch("me", {"page_size": 50})
    event = Event.objects.get(kind="person.changed")
    assert (event.actor_id, event.subject_id, event.via) == (
        cast.svetlana.pk,
        cast.svetlana.pk,
        "api",
    )
    assert event.data == {"changes": {"page_size": [25, 50]}}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"name": ""}, {"name"}),
        ({"name": " \u202e\u200b "}, {"name"}),
        ({"name": "x" * 201}, {"name"}),
        ({"name": "a\x00b"}, {"name"}),
        ({"name": None}, {"name"}),
        ({"phone": "12"}, {"phone"}),
        ({"phone": "1" * 41}, {"phone"}),
        ({"language": "de"}, {"language"}),
        ({"time_zone": "Mars/Olympus"}, {"time_zone"}),
        ({"time_zone": "../etc/passwd"}, {"time_zone"}),
        ({"page_size": 26}, {"page_size"}),
        ({"page_size": "50"}, {"page_size"}),
        ({"page_size": True}, {"page_size"}),
        ({"mails": {"answers": False}}, {"mails.answers"}),
        ({"mails": {"status": "no"}}, {"mails.status"}),
        ({"name": "", "phone": "1"}, {"name", "phone"}),
        ({"name": "New", "language": "de"}, {"language"}),
        ({"email": "other@orbita.example"}, {"email"}),
        ({"level": "administrator"}, {"level"}),
        ({"is_active": True}, {"is_active"}),
        ({"company": 2}, {"company"}),
    ],
)
def test_a_wrong_value_is_told_by_field_and_changes_nothing(
    cast: Cast,
    api: Callable[..., Api],
    everything: Callable[[], Any],
    body: dict[str, Any],
    wrong: set[str],
) -> None:
    client = api(cast.svetlana)
    before = everything()
    assert fields(client.patch("me", body)) == wrong
    assert everything() == before


def test_a_name_becomes_one_line(cast: Cast, api: Callable[..., Api]) -> None:
    """C18, C26"""
    name = "Eve\r\nBcc: evil@evil.example\u202e gpj"
    answer = api(cast.svetlana).patch("me", {"name": name})
    assert answer.json()["name"] == "Eve Bcc: evil@evil.example gpj"


@pytest.mark.parametrize("scope", ["tickets:ticket:view", "tickets:ticket:reply"])
def test_a_token_needs_the_scope(
    cast: Cast, api: Callable[..., Api], everything: Callable[[], Any], scope: str
) -> None:
    client = api(cast.svetlana, scope)
    before = everything()
    problem(client.patch("me", EVERYTHING), 403)
    assert everything() == before
    assert api(cast.svetlana, "people:own:edit").patch("me", EVERYTHING).status_code == 200


def test_staff_choose_their_own_mails(cast: Cast, api: Callable[..., Api]) -> None:
    mails = api(cast.anna).patch("me", {"mails": {"words": False}}).json()["mails"]
    assert (mails["words"], mails["given"]) == (False, True)
    assert (
        api(cast.svetlana).patch("me", {"mails": {"words": False}}).json()["mails"]["words"] is None
    )
