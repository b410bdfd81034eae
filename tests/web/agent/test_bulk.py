"""A selection of tickets: the bar, its windows, the page of progress; all of it without scripts too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.people.models import Person
from firstline.tickets.actions import bulk
from firstline.tickets.models import Bulk, BulkItem, Ticket
from tests.cast import Cast, open_by

SignedIn = Callable[[Person], Client]
STATUSES = {"anna": 302, "administrator": 302, "observer": 403, "svetlana": 404, "stranger": 401}


@pytest.mark.parametrize("who", [*STATUSES, "boris"])
def test_who_may(cast: Cast, signed_in: SignedIn, who: str) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    body = {"verb": "claim", "number": ticket.number}
    # Boris does not see the ticket, so he has chosen nothing.
    assert client.post("/bulk/", body).status_code == STATUSES.get(who, 422)
    assert Bulk.objects.exists() is (STATUSES.get(who) == 302)
    asked = client.post("/bulk/choices/", body | {"verb": "tag"}).status_code
    assert asked == {302: 200, None: 200}.get(STATUSES.get(who), STATUSES.get(who))
    assert client.get("/bulk/").status_code in {302, 404, 405}
    seen = client.get("/bulk/999/").status_code
    assert seen == (302 if who == "stranger" else 404)


def test_the_bar_and_the_boxes_are_there_for_who_may(cast: Cast, signed_in: SignedIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    for address in ("/tickets/", "/desk/"):
        page = signed_in(cast.anna).get(address).content.decode()
        assert 'id="bulk"' in page
        assert f'value="{ticket.number}" form="bulk"' in page
        assert 'id="bulk"' not in signed_in(cast.observer).get(address).content.decode()


def test_ask_refuse_start_and_look(cast: Cast, signed_in: SignedIn) -> None:
    tickets = [open_by(cast.svetlana, cast.hosting, str(number)) for number in range(3)]
    numbers = [ticket.number for ticket in tickets]
    client = signed_in(cast.anna)
    body = {"verb": "resolve", "number": numbers, "back": "/tickets/?state=open"}
    for headers in ({}, {"HX-Request": "true"}):
        asked = client.post("/bulk/choices/", body, headers=headers)
        assert asked.content.decode().count('name="number"') == 3
    empty = client.post("/bulk/", body | {"text": " "})
    assert empty.status_code == 422
    assert empty.content.decode().count('name="number"') == 3
    answer = client.post("/bulk/", body | {"text": "Mended."})
    address = answer.headers["Location"]
    page = client.get(address).content.decode()
    assert "0 of 3 tickets are done" in page
    assert "hx-trigger" in page
    assert "/tickets/?state=open" in page
    bulk.work(Bulk.objects.get().pk)
    page = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "3 of 3 tickets are done" in page
    assert "hx-trigger" not in page
    again = client.post("/bulk/", body | {"verb": "move", "status": "in-progress"})
    bulk.work(Bulk.objects.latest("pk").pk)
    page = client.get(again.headers["Location"]).content.decode()
    assert "3 were left as they are" in page
    assert page.count("the workflow leads only to") == 3
    assert signed_in(cast.supervisor).get(address).status_code == 404
    assert set(Ticket.objects.values_list("phase", flat=True)) == {"resolved"}


def test_the_status_resolved_asks_for_the_answer(cast: Cast, signed_in: SignedIn) -> None:
    ticket, client = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    body = {"verb": "move", "status": "resolved", "number": [ticket.number]}
    answer = client.post("/bulk/", body)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Write the answer: a ticket is resolved with one." in page
    assert '<input type="hidden" name="verb" value="resolve">' in page
    assert 'id="bulk-text"' in page
    assert not Bulk.objects.exists()


def test_no_way_back_leads_out(cast: Cast, signed_in: SignedIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    client = signed_in(cast.anna)
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        body = {"verb": "tag", "number": ticket.number, "back": back}
        assert "evil" not in client.post("/bulk/choices/", body).content.decode()
        assert "alert(1)" not in client.post("/bulk/choices/", body).content.decode()


def test_too_many_at_once(cast: Cast, signed_in: SignedIn) -> None:
    open_by(cast.svetlana, cast.hosting)
    numbers = [f"SR{number}" for number in range(501)]
    answer = signed_in(cast.anna).post("/bulk/", {"verb": "claim", "number": numbers})
    assert answer.status_code == 422
    assert "Choose at most 500 tickets at once; these are 501." in answer.content.decode()
    assert not Bulk.objects.exists()


def test_a_page_of_progress_costs_the_same_however_many(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    tickets = [open_by(cast.svetlana, cast.hosting, str(number)) for number in range(6)]
    client = signed_in(cast.anna)
    for ticket in tickets:
        client.post(f"/tickets/{ticket.number}/claims/")
    numbers = [ticket.number for ticket in tickets]
    other = signed_in(cast.supervisor)
    address = other.post("/bulk/", {"verb": "claim", "number": numbers}).headers["Location"]
    bulk.work(Bulk.objects.get().pk)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert "6 were left as they are" in other.get(address).content.decode()


def test_the_page_of_progress_names_what_was_done_and_to_which(
    cast: Cast, signed_in: SignedIn
) -> None:
    tickets = [open_by(cast.svetlana, cast.hosting, f"No {number}") for number in range(22)]
    client = signed_in(cast.anna)
    numbers = [ticket.number for ticket in tickets]
    back = "/desk/?whose=mine"
    assert f'value="{back}"' in client.get(back).content.decode()
    body = {"verb": "tag", "add": "dns", "number": numbers, "back": back}
    address = client.post("/bulk/", body).headers["Location"]
    bulk.work(Bulk.objects.get().pk)
    page = client.get(address).content.decode()
    assert "<b>Tags:</b> dns" in page
    links = [number in page for number in numbers]
    assert (links.count(True), "and 2 more" in page) == (20, True)
    assert f'href="{back}"' in page
    body = {"verb": "assign", "to": f"staff-{cast.supervisor.pk}", "number": numbers[:1]}
    address = client.post("/bulk/", body).headers["Location"]
    page = client.get(address).content.decode()
    assert f"<b>Assign:</b> {cast.supervisor.display_name}" in page


@pytest.mark.parametrize(
    ("verb", "more", "end"),
    [
        ("resolve", {"text": "It works again."}, "resolved"),
        ("move", {"status": "closed"}, "closed"),
    ],
)
def test_what_ends_tickets_can_be_taken_back_for_ten_seconds(
    cast: Cast, signed_in: SignedIn, settings: Any, verb: str, more: dict[str, str], end: str
) -> None:
    settings.UNDO_SECONDS = 10
    department = cast.hosting if verb == "resolve" else cast.equipment
    tickets = [open_by(cast.svetlana, department) for _number in range(2)]
    client = signed_in(cast.administrator)
    body = {"verb": verb, "number": [one.number for one in tickets], "back": "/tickets/"} | more
    page = client.post("/bulk/", body).headers["Location"]
    made = Bulk.objects.get()
    bulk.work(made.pk)
    assert "until then you can take it back" in client.get(page).text
    address = f"/bulk/{made.pk}/withdrawals/"
    assert signed_in(cast.supervisor).post(address).status_code == 404
    assert signed_in(cast.svetlana).post(address).status_code == 404
    assert client.post(address, {"back": "/tickets/"}).headers["Location"] == "/tickets/"
    assert not Bulk.objects.exists()
    assert not Ticket.objects.filter(phase=end).exists()
    client.post("/bulk/", body)
    made = Bulk.objects.get()
    BulkItem.objects.update(due_at=timezone.now())
    bulk.work(made.pk)
    assert Ticket.objects.filter(phase=end).count() == 2
    assert client.post(f"/bulk/{made.pk}/withdrawals/").headers["Location"].startswith("/bulk/")
    assert Ticket.objects.filter(phase=end).count() == 2
