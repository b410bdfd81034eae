"""The inbox: four lists for the departments with the mailbox workflow, and the ticket beside them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.base.db import is_sqlite
from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets import inbox
from firstline.tickets.actions.add_agents import add_agents, agents_of
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Ticket, Workflow
from tests.cast import Cast, actor, open_by

SignIn = Callable[[Person], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
AT_INBOX = {"HTTP_X_LIST": "inbox-all-new"}


@pytest.fixture
def boris(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.boris)


def mails(cast: Cast, number: int, department: Department | None = None) -> list[Ticket]:
    subjects = [f"Mail {place:02}" for place in range(number)]
    return [open_by(cast.svetlana, department or cast.equipment, one) for one in subjects]


def counts(page: Any) -> dict[str, str]:
    return {tab["key"]: tab["count"] for tab in page.context["tabs"]}


def shown(page: Any) -> list[str]:
    return [ticket.subject for ticket in page.context["tickets"]]


def test_a_mail_goes_round_through_all_four(cast: Cast, boris: Client) -> None:
    (ticket,) = mails(cast, 1)
    where = {}
    for tab in inbox.TABS:
        where[tab] = lambda tab=tab: shown(boris.get(f"/inbox/all/{tab}/"))
    assert where["new"]() == ["Mail 00"]
    added = boris.post(f"/tickets/{ticket.number}/agents/", {"agent": [cast.boris.pk]})
    assert added.status_code == 302
    assert (where["new"](), where["open"]()) == ([], ["Mail 00"])
    reply(actor(cast.boris), ticket, Draft(text="Try it now"), via="web")
    assert (where["open"](), where["waiting"]()) == ([], ["Mail 00"])
    reply(actor(cast.svetlana), ticket, Draft(text="It does not"), via="mail")
    assert (where["waiting"](), where["open"]()) == ([], ["Mail 00"])
    page = boris.get("/inbox/all/open/")
    assert counts(page) == {"new": "0", "open": "1", "waiting": "0", "closed": "0"}
    boris.post(f"/tickets/{ticket.number}/moves/", {"status": "closed"})
    assert (where["open"](), where["closed"]()) == ([], ["Mail 00"])


def test_the_longest_waiting_come_first_page_by_page(
    cast: Cast, boris: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SIZE", 2)
    monkeypatch.setattr(inbox, "COUNT_LIMIT", 4)
    mails(cast, 5)
    first = boris.get("/inbox/all/new/")
    assert shown(first) == ["Mail 00", "Mail 01"]
    assert counts(first)["new"] == "4+"
    assert "data-adds" not in first.text
    more = f"/inbox/all/new/?after={first.context['following']}"
    rest = boris.get(more.replace("+", "%2B"), **HTMX)  # type: ignore[arg-type]
    assert shown(rest) == ["Mail 02", "Mail 03"]
    assert "<main" not in rest.text
    whole = boris.get(more.replace("+", "%2B"))
    assert shown(whole) == ["Mail 02", "Mail 03"]
    assert "To the beginning" in whole.text


def test_a_ticket_opens_beside_the_list_one_was_at(cast: Cast, boris: Client) -> None:
    one, two, three = mails(cast, 3)
    assert boris.get("/inbox/").headers["Location"] == "/inbox/all/new/"
    boris.get("/inbox/all/new/")
    page = boris.get(f"/tickets/{two.number}/")
    assert page.context["section"] == "inbox"
    assert shown(page) == ["Mail 00", "Mail 01", "Mail 02"]
    # to close it opens the next one of the same list; after the last, the first
    done = boris.post(f"/tickets/{two.number}/moves/", {"status": "closed"})
    assert done.headers["Location"] == f"/tickets/{three.number}/"
    done = boris.post(f"/tickets/{three.number}/moves/", {"status": "closed"})
    assert done.headers["Location"] == f"/tickets/{one.number}/"
    done = boris.post(f"/tickets/{one.number}/moves/", {"status": "closed"})
    assert done.headers["Location"] == f"/tickets/{one.number}/"
    # the desk is another list, and the way back to it holds
    boris.get("/desk/")
    assert boris.get(f"/tickets/{one.number}/").context["section"] == "desk"


def test_two_windows_do_not_disturb_each_other(cast: Cast, boris: Client) -> None:
    one, two = mails(cast, 2)
    boris.get("/desk/")  # the other window
    address = f"/tickets/{one.number}/moves/"
    done = boris.post(address, {"status": "closed"}, **HTMX, **AT_INBOX)  # type: ignore[arg-type]
    assert done.headers["HX-Push-Url"] == f"/tickets/{two.number}/"
    assert 'href="/inbox/all/new/"' in done.text  # back to the list
    assert f'<li id="row-{one.number}" hx-swap-oob="delete">' in done.text


def test_departments_apart_and_together(cast: Cast, boris: Client) -> None:
    prices = Department.objects.create(
        address="prices@desk.example",
        names={"en": "Prices"},
        workflow=Workflow.objects.get(key="mailbox"),
    )
    prices.agents.add(cast.boris.staff)
    inbox.forget()
    open_by(cast.svetlana, cast.equipment, "The printer")
    open_by(cast.svetlana, prices, "What does it cost?")
    open_by(cast.svetlana, cast.hosting, "Not a mailbox")
    assert shown(boris.get("/inbox/all/new/")) == ["The printer", "What does it cost?"]
    only = boris.get(f"/inbox/{prices.pk}/new/")
    assert shown(only) == ["What does it cost?"]
    assert counts(only)["new"] == "1"
    assert boris.get("/inbox/").headers["Location"] == f"/inbox/{prices.pk}/new/"
    for address in (f"/inbox/{cast.hosting.pk}/new/", "/inbox/all/mine/", "/inbox/x/new/"):
        assert boris.get(address).status_code == 404
    # who leaves the department finds the desk beside a ticket of theirs, and no inbox
    cast.hosting.agents.add(cast.boris.staff)
    prices.agents.clear()
    cast.equipment.agents.clear()
    inbox.forget()
    ticket = Ticket.objects.get(subject="Not a mailbox")
    assert boris.get(f"/tickets/{ticket.number}/").context["section"] == "desk"


def test_only_for_those_who_work_there(cast: Cast, signed_in: SignIn) -> None:
    (ticket,) = mails(cast, 1)
    rail = 'href="/inbox/"'
    for person in (cast.boris, cast.administrator):
        client = signed_in(person)
        assert rail in client.get("/desk/").text
        assert shown(client.get("/inbox/all/new/")) == ["Mail 00"]
        assert client.get("/inbox/all/new/news/").status_code == 200
    cast.equipment.agents.add(cast.partner_agent.staff)
    inbox.forget()
    for person in (cast.anna, cast.observer, cast.partner_agent, cast.svetlana):
        client = signed_in(person)
        for address in ("/inbox/", "/inbox/all/new/", f"/inbox/{cast.equipment.pk}/new/news/"):
            assert client.get(address).status_code == 404
        if person.level:
            assert rail not in client.get("/desk/").text
    assert Client().get("/inbox/").status_code == 302
    assert ticket.phase == "new"


ADDS = {"administrator": 302, "boris": 302, "anna": 404, "observer": 403, "svetlana": 404}


@pytest.mark.parametrize("verb", ["agents", "agent-removals"])
@pytest.mark.parametrize("who", [*ADDS, "stranger"])
def test_who_may_add_agents(cast: Cast, signed_in: SignIn, verb: str, who: str) -> None:
    (ticket,) = mails(cast, 1)
    cast.equipment.agents.add(cast.observer.staff)
    add_agents(actor(cast.boris), ticket, [cast.boris.staff], via="web")
    cast.equipment.agents.add(cast.supervisor.staff)
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    before = (Event.objects.count(), OutgoingMail.objects.count())
    agent = cast.supervisor if verb == "agents" else cast.boris
    answer = client.post(f"/tickets/{ticket.number}/{verb}/", {"agent": agent.pk})
    assert answer.status_code == ADDS.get(who, 401)
    there = [one.pk for one in agents_of(ticket)]
    if answer.status_code == 302:
        assert there == ([cast.boris.pk, cast.supervisor.pk] if verb == "agents" else [])
    else:
        assert there == [cast.boris.pk]
        assert (Event.objects.count(), OutgoingMail.objects.count()) == before


def test_the_window_keeps_what_was_ticked(cast: Cast, boris: Client) -> None:
    (ticket,) = mails(cast, 1)
    address = f"/tickets/{ticket.number}/agents/"
    assert cast.boris.name in boris.get(address).text
    assert "<main" not in boris.get(address, **HTMX).text  # type: ignore[arg-type]
    nobody = boris.post(address, {})
    assert nobody.status_code == 422
    assert "Choose at least one agent" in nobody.text
    wrong = boris.post(address, {"agent": [cast.boris.pk, cast.anna.pk]})
    assert wrong.status_code == 422
    assert f'value="{cast.boris.pk}" checked' in wrong.text
    assert agents_of(ticket) == []


def queries_of(client: Client, address: str) -> list[str]:
    for _time in range(2):  # what is remembered for seconds is remembered
        client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def test_an_answered_ticket_of_several_agents_is_within_the_budget(
    cast: Cast, boris: Client, settle: Callable[[], None]
) -> None:
    """With its mails on their way, it has all that a ticket of this workflow usually has."""
    (ticket,) = mails(cast, 1)
    add_agents(actor(cast.boris), ticket, [cast.boris.staff], via="web")
    reply(actor(cast.boris), ticket, Draft(text="Try it now"), via="web")
    settle()
    asked = queries_of(boris, f"/tickets/{ticket.number}/")
    assert len(asked) == 12


def test_a_fixed_small_number_of_questions(cast: Cast, boris: Client) -> None:
    ticket = mails(cast, 2)[0]
    add_agents(actor(cast.boris), ticket, [cast.boris.staff], via="web")
    pages = ("/inbox/all/new/", f"/tickets/{ticket.number}/", "/inbox/all/new/news/")
    boris.get("/inbox/all/new/")
    few = [len(queries_of(boris, page)) for page in pages]
    cast.equipment.agents.add(cast.supervisor.staff, cast.anna.staff)
    agents = [cast.supervisor.staff, cast.anna.staff]
    add_agents(actor(cast.boris), ticket, agents, via="web")
    mails(cast, 15)
    assert [len(queries_of(boris, page)) for page in pages] == few
    assert few[0] <= 3
    assert few[1] <= 12


@pytest.mark.parametrize("tab", inbox.TABS)
def test_every_list_is_led_by_an_index(cast: Cast, boris: Client, tab: str) -> None:
    if not is_sqlite():
        pytest.skip("another planner, which looks at the figures of the tables")
    for place, ticket in enumerate(mails(cast, 6)):
        if place % 2:
            move(actor(cast.boris), ticket, "closed" if place == 1 else "open", via="web")
    steps = []
    for sql in queries_of(boris, f"/inbox/all/{tab}/"):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps += [row[3] for row in cursor.fetchall()]
    index = "ticket_department_updated " if tab == "closed" else "ticket_inbox "
    assert [step for step in steps if index in step]
    assert not [step for step in steps if "SCAN tickets_ticket" in step]
    walked = [step for step in steps if " ticket_" in step]
    names = ("ticket_inbox ", "ticket_department_updated ")
    assert all(any(name in step for name in names) for step in walked), walked


def test_news_say_what_came_and_what_went(cast: Cast, boris: Client) -> None:
    one, two = mails(cast, 2)
    move(actor(cast.boris), one, "open", via="web")
    asked = f"/inbox/all/new/news/?whose=inbox&rows={one.number},none"
    news = boris.get(asked).json()
    told = {entry["number"]: entry["group"] for entry in news["tickets"]}
    assert told == {one.number: "open", two.number: "new"}
    assert news["gone"] == ["none"]
    assert news["counts"] == {"new": "1", "open": "1", "waiting": "0", "closed": "0"}
