"""Partners in the settings: the administrator's alone; a line that ends asks first."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.people.models import Partner, Person
from firstline.tickets.models import Ticket
from tests.cast import Cast, open_by
from tests.web.pages import form_of, html

SignIn = Callable[[Person], Client]
INDEX = "/settings/partners/"
LINE = {"own_first_line": "on", "silent_after_minutes": "90"}


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("administrator", 200, 302),
        ("supervisor", 403, 403),
        ("anna", 403, 403),
        ("partner_agent", 403, 403),
        ("kirill", 404, 404),
        ("stranger", 302, 401),
    ],
)
def test_who_may(cast: Cast, signed_in: SignIn, who: str, reads: int, writes: int) -> None:
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    for address in (INDEX, f"{INDEX}{cast.partner.pk}/"):
        before = (list(Partner.objects.values()), Event.objects.count())
        assert client.get(address).status_code == reads
        answer = client.post(address, {"name": f"New {len(address)}", **LINE})
        assert answer.status_code == writes
        changed = (list(Partner.objects.values()), Event.objects.count()) != before
        assert changed is (writes == 302)


def test_a_partner_is_added_and_renamed(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.administrator)
    form = form_of(client, INDEX, name="Северный контур", **LINE)
    made = client.post(INDEX, form)
    assert client.post(INDEX, form).status_code == 302  # pressed twice
    partner = Partner.objects.get(name="Северный контур")
    assert made.headers["Location"] == f"{INDEX}{partner.pk}/"
    assert (partner.own_first_line, partner.silent_after_minutes) == (True, 90)
    client.post(f"{INDEX}{partner.pk}/", {"name": "Южный контур", "silent_after_minutes": "30"})
    partner.refresh_from_db()
    assert (partner.name, partner.own_first_line) == ("Южный контур", False)
    assert "Южный контур" in html(client.get(INDEX))
    assert client.get(f"{INDEX}999/").status_code == 404
    page = html(client.get(f"{INDEX}{cast.partner.pk}/"))
    assert cast.partner_agent.name in page
    assert cast.partner_agent.email in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "Партнёр"),
        ("silent_after_minutes", "0"),
        ("silent_after_minutes", "soon"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    cast: Cast, signed_in: SignIn, field: str, value: str
) -> None:
    client = signed_in(cast.administrator)
    answer = client.post(INDEX, {"name": "Kept name", **LINE, field: value})
    assert answer.status_code == 422
    page = html(answer)
    assert f'id="{field}-error"' in page
    assert ("Kept name" in page) is (field != "name")
    assert Partner.objects.count() == 1


def test_a_line_that_ends_asks_why_and_hands_over(
    cast: Cast, signed_in: SignIn, settle: Callable[[], None]
) -> None:
    ticket = open_by(cast.kirill, cast.hosting)
    client, address = signed_in(cast.administrator), f"{INDEX}{cast.partner.pk}/"
    form = {"name": "Партнёр", "silent_after_minutes": "240"}
    asked = client.post(address, form)
    assert asked.status_code == 422
    assert "Open tickets on this line: 1." in html(asked)
    again = client.post(address, form | {"reason": " "})
    assert again.status_code == 422
    assert 'id="reason-error"' in html(again)
    assert Partner.objects.get().own_first_line
    assert client.post(address, form | {"reason": "They leave us"}).status_code == 302
    settle()
    assert Ticket.objects.get().custody == "platform"
    assert "They leave us" in html(signed_in(cast.anna).get(f"/tickets/{ticket.number}/"))


def test_a_line_without_tickets_ends_at_once(cast: Cast, signed_in: SignIn) -> None:
    form = {"name": "Партнёр", "silent_after_minutes": "240"}
    client = signed_in(cast.administrator)
    assert client.post(f"{INDEX}{cast.partner.pk}/", form).status_code == 302
    assert not Partner.objects.get().own_first_line
