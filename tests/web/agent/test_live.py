"""What open screens ask for: rows, news of a ticket, and who looks at it (product 5.7, 3.12)."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.live.models import Presence
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from tests.cast import Cast, actor, open_by

SignedIn = Callable[[Person], Client]


def test_rows_are_told_as_they_are_now(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    shown = open_by(cast.svetlana, cast.hosting, "Shown")
    other = open_by(cast.svetlana, cast.hosting, "Not shown yet")
    foreign = open_by(cast.zlata, cast.equipment, "Foreign")
    client = signed_in(cast.anna)
    address = f"/desk/news/?rows={shown.number},{foreign.number},NOTHING"
    client.get(address)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        told = client.get(address).json()
    entries = {one["number"]: one for one in told["tickets"]}
    assert entries.keys() == {shown.number, other.number}
    assert "Shown" in entries[shown.number]["row"]
    assert entries[other.number] == {
        "number": other.number,
        "group": "new",
        "row": "",
        "is_new": True,
    }
    assert told["gone"] == [foreign.number, "NOTHING"]
    assert told["counts"]["new"] == "2"


def test_news_of_a_ticket_begin_at_the_last_known_message(cast: Cast, signed_in: SignedIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, text="Said first")
    known = reply(actor(cast.svetlana), ticket, Draft(text="Said second"), via="portal")
    reply(actor(cast.svetlana), ticket, Draft(text="Said third"), via="portal")
    client = signed_in(cast.anna)
    news = client.get(f"/tickets/{ticket.number}/news/?after={known.pk}").text
    assert "Said third" in news
    assert "Said first" not in news
    assert 'id="composer"' not in news
    assert "Said first" in client.get(f"/tickets/{ticket.number}/news/?after=x").text


@pytest.mark.parametrize("state", ["looks", "types", "left"])
def test_presence_is_no_work_on_the_ticket(cast: Cast, signed_in: SignedIn, state: str) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    before = Event.objects.count(), ticket.updated_at
    client, address = signed_in(cast.anna), f"/tickets/{ticket.number}/presences/"
    client.post(address, {"state": "looks"})
    assert client.post(address, {"state": state}).status_code == 204
    ticket.refresh_from_db()
    assert (Event.objects.count(), ticket.updated_at) == before
    told = list(Presence.objects.values_list("person", "is_typing"))
    assert told == ([] if state == "left" else [(cast.anna.pk, state == "types")])
