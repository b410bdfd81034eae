"""An agent's own tickets that wait for the customer or are deferred: off the desk, in one place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.base.db import is_sqlite
from firstline.people.models import Person
from firstline.tickets import desk, timers, waiting
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Level, Ticket
from tests.cast import Cast, actor, open_by, resolve_by
from tests.plans import steps_of

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}
CUSTOMER, DEFERRED = "/waiting/customer/", "/waiting/deferred/"


@pytest.fixture
def anna(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.anna)


def defer(person: Person, ticket: Ticket, **wait: int) -> None:
    until = timezone.now() + timedelta(**wait)
    move(actor(person), ticket, "needs-clarification", via="web", until=until)


def taken(cast: Cast, subject: str, **fields: Any) -> Ticket:
    ticket = open_by(cast.svetlana, cast.hosting, subject, **fields)
    claim(actor(cast.anna), ticket, via="web")
    return ticket


def shown(page: Any) -> list[str]:
    return [ticket.subject for ticket in page.context["tickets"]]


def counts(page: Any) -> dict[str, str]:
    return {tab["key"]: tab["count"] for tab in page.context["tabs"]}


def on_desk(person: Person) -> dict[str, int]:
    return {group.name: group.count for group in desk.desk(actor(person)) if group.count}


def test_a_deferred_ticket_leaves_the_desk_and_comes_back_at_its_time(cast: Cast) -> None:
    new, talking = taken(cast, "Brand new"), taken(cast, "Under way")
    reply(actor(cast.anna), talking, Draft("And then?"), via="web")
    reply(actor(cast.svetlana), talking, Draft("Then this."), via="portal")
    assert on_desk(cast.anna) == {"new": 1, "reply": 1}
    for ticket in (new, talking):
        defer(cast.anna, ticket, hours=1)
    assert on_desk(cast.anna) == {}
    timers.tick()
    assert on_desk(cast.anna) == {}
    Ticket.objects.update(pending_until=timezone.now() - timedelta(seconds=1))
    timers.tick()
    assert on_desk(cast.anna) == {"new": 1, "reply": 1}


def test_what_the_customer_writes_brings_it_back_at_once(cast: Cast) -> None:
    ticket = taken(cast, "Brand new")
    defer(cast.anna, ticket, days=3)
    reply(actor(cast.svetlana), ticket, Draft("It got worse."), via="portal")
    assert on_desk(cast.anna) == {"new": 1}


def test_a_partners_desk_is_alike(cast: Cast) -> None:
    theirs = open_by(cast.kirill, cast.hosting)
    claim(actor(cast.partner_agent), theirs, via="web")
    assert on_desk(cast.partner_agent) == {"new": 1}
    defer(cast.partner_agent, theirs, hours=1)
    assert on_desk(cast.partner_agent) == {}
    found = waiting.shown(actor(cast.partner_agent), "deferred")
    assert [one.pk for one in found.tickets] == [theirs.pk]


def test_where_the_workflow_leads_nowhere_a_deferred_ticket_comes_back_all_the_same(
    cast: Cast,
) -> None:
    ticket = taken(cast, "Brand new")
    defer(cast.anna, ticket, hours=1)
    ticket.status.workflow.statuses.get(key="needs-clarification").automatic.all().delete()
    Ticket.objects.update(pending_until=timezone.now() - timedelta(seconds=1))
    timers.tick()
    assert on_desk(cast.anna) == {"new": 1}


def test_on_a_level_it_stays_and_says_when_it_comes_back(cast: Cast, anna: Client) -> None:
    deep = taken(cast, "Deep down", level=Level.objects.get(key="second"))
    defer(cast.anna, deep, days=400)
    page = anna.get("/desk/").text
    row = page.split(f'id="row-{deep.number}"')[1].split("</li>")[0]
    assert "comes back" in row
    assert "data-unread" not in row


def test_one_place_lists_what_waits_of_mine(cast: Cast, anna: Client) -> None:
    asked, later, soon = (taken(cast, name) for name in ("Asked back", "Later", "Soon"))
    reply(actor(cast.anna), asked, Draft("Which browser?"), via="web")
    defer(cast.anna, later, days=9)
    defer(cast.anna, soon, days=2)
    resolve_by(cast.anna, taken(cast, "Done with"))
    taken(cast, "Waits for us")
    theirs = open_by(cast.svetlana, cast.hosting, "Of a colleague")
    reply(actor(cast.supervisor), theirs, Draft("Which one?"), via="web")
    assert anna.get("/waiting/").headers["Location"] == CUSTOMER
    page = anna.get(CUSTOMER)
    assert shown(page) == ["Asked back"]
    assert counts(page) == {"customer": "1", "deferred": "2"}
    page = anna.get(DEFERRED)
    assert shown(page) == ["Soon", "Later"]
    assert page.text.count("comes back") >= 2
    assert 'href="/waiting/"' in anna.get("/desk/").text
    assert 'data-does="waiting"' in anna.get("/tickets/").text
    # answered while it is deferred it stays so, and stands in one list only
    reply(actor(cast.anna), soon, Draft("We wait for the part."), via="web")
    assert shown(anna.get(CUSTOMER)) == ["Asked back"]


def test_page_by_page_from_a_key_on(
    cast: Cast, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "SIZE", 2)
    monkeypatch.setattr(waiting, "COUNT_LIMIT", 4)
    for place in range(5):
        defer(cast.anna, taken(cast, f"No {place}"), days=place + 1)
    first = anna.get(DEFERRED)
    assert (shown(first), counts(first)["deferred"]) == (["No 0", "No 1"], "4+")
    more = {"after": first.context["following"]}
    second = anna.get(DEFERRED, more, headers=HTMX)
    assert shown(second) == ["No 2", "No 3"]
    assert "<main" not in second.text
    last = anna.get(DEFERRED, {"after": second.context["following"]})
    assert (shown(last), last.context["following"]) == (["No 4"], None)
    assert shown(anna.get(DEFERRED, {"after": "nonsense"})) == ["No 0", "No 1"]


def test_a_ticket_opens_beside_the_list_and_the_next_one_follows(cast: Cast, anna: Client) -> None:
    one, two = taken(cast, "One"), taken(cast, "Two")
    for days, ticket in enumerate((one, two), 1):
        defer(cast.anna, ticket, days=days)
    anna.get(DEFERRED)
    page = anna.get(f"/tickets/{one.number}/")
    assert shown(page) == ["One", "Two"]
    assert f'href="{DEFERRED}"' in page.text
    done = anna.post(f"/tickets/{one.number}/resolutions/", {"text": "Mended."}, headers=HTMX)
    assert done.headers["HX-Push-Url"] == f"/tickets/{two.number}/"
    anna.get("/desk/")
    assert "groups" in anna.get(f"/tickets/{two.number}/").context


def test_it_asks_as_much_whatever_it_holds(cast: Cast, anna: Client) -> None:
    costs = []
    for upto in (1, 12):
        for place in range(upto):
            defer(cast.anna, taken(cast, f"No {place}"), days=place + 1)
        with CaptureQueriesContext(connection) as queries:
            anna.get(DEFERRED)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


@pytest.mark.skipif("not is_sqlite()")
@pytest.mark.parametrize(("name", "index"), [("customer", "waiting"), ("deferred", "deferred")])
def test_each_list_walks_its_own_index(cast: Cast, name: str, index: str) -> None:
    assert is_sqlite()
    who = actor(cast.anna)
    with CaptureQueriesContext(connection) as queries:
        waiting.shown(who, name)
        waiting.counts(who)
    steps = steps_of(one for one in queries.captured_queries if "UNION ALL" in one["sql"])
    assert any(f"ticket_{index} " in step for step in steps)
    assert not any(step.startswith("SCAN tickets_ticket") for step in steps)
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps)


@pytest.mark.parametrize("address", ["/waiting/", CUSTOMER, DEFERRED, DEFERRED + "news/"])
def test_who_may(cast: Cast, signed_in: SignIn, address: str) -> None:
    ticket = taken(cast, "A marker")
    defer(cast.anna, ticket, days=1)
    for person in cast.staff:
        answer = signed_in(person).get(address, {"rows": ticket.number}, follow=True)
        assert answer.status_code == 200
        if person in (cast.boris, cast.partner_agent):
            assert "A marker" not in answer.text
    assert signed_in(cast.svetlana).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert signed_in(cast.anna).get("/waiting/closed/").status_code == 404


def test_the_news_tell_what_has_left_the_list(cast: Cast, anna: Client) -> None:
    ticket = taken(cast, "Back soon")
    defer(cast.anna, ticket, hours=1)
    address = DEFERRED + "news/"
    (told,) = anna.get(address, {"rows": ticket.number}).json()["tickets"]
    assert told["group"] == "deferred"
    reply(actor(cast.svetlana), ticket, Draft("Now!"), via="portal")
    news = anna.get(address, {"rows": ticket.number}).json()
    assert [one["group"] for one in news["tickets"]] == [""]
    assert news["counts"] == {"customer": "0", "deferred": "0"}
