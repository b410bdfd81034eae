"""The desk: its groups, what they hold, and how many questions a page asks the database."""

import gzip
import re
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.people.models import Person, Team
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Level, Status, Ticket
from tests.cast import Cast, actor, open_by, resolve_by
from tests.tickets.test_desk import put
from tests.web.pages import html

SignIn = Callable[[Person], Client]
MOST_QUERIES = 12
MOST_BYTES = 30_000  # of a page, as gzip packs it


def groups_of(page: str) -> dict[str, str]:
    """The groups of the desk by their heading, with the text below each."""
    parts = page.split('class="group__head">')[1:]
    return {part.split("<h2")[1].split(">")[1].split("<")[0]: part for part in parts}


def openings(page: str) -> dict[str, bool]:
    """The groups that fold, and whether each stands open."""
    return {key: bool(rest) for key, rest in re.findall(r'data-fold="([^"]+)"( open)?>', page)}


def test_tickets_stand_in_their_groups(cast: Cast, signed_in: SignIn) -> None:
    new = open_by(cast.svetlana, cast.hosting, "Brand new")
    talking = open_by(cast.svetlana, cast.hosting, "Under way")
    reply(actor(cast.anna), talking, Draft(text="And then?"), via="web")
    reply(actor(cast.svetlana), talking, Draft(text="Then this."), via="portal")
    waiting = open_by(cast.svetlana, cast.hosting, "Customer's turn")
    reply(actor(cast.anna), waiting, Draft(text="Please send the log."), via="web")
    second = open_by(cast.svetlana, cast.hosting, "Deep", level=Level.objects.get(key="second"))
    resolved = open_by(cast.svetlana, cast.hosting, "Done with")
    resolve_by(cast.anna, resolved)
    groups = groups_of(html(signed_in(cast.anna).get("/desk/")))
    assert list(groups) == [
        "New tickets",
        "First level — reply needed",
        "Second level",
        "Marketing",
        "Vendor",
        "Incidents",
    ]
    assert new.subject in groups["New tickets"]
    assert talking.subject in groups["First level — reply needed"]
    assert second.subject in groups["Second level"]
    page = "".join(groups.values())
    assert waiting.subject not in page
    assert resolved.subject not in page


def test_whose_tickets(cast: Cast, signed_in: SignIn) -> None:
    mine = open_by(cast.svetlana, cast.hosting, "This one is mine")
    open_by(cast.svetlana, cast.hosting, "This one is free")
    agent = signed_in(cast.anna)
    agent.post(f"/tickets/{mine.number}/claims/")
    assert "is free" not in agent.get("/desk/?whose=mine").text
    assert "is mine" not in agent.get("/desk/?whose=free").text
    assert "is mine" not in agent.get("/desk/").text  # the choice is remembered
    assert "is mine" in agent.get("/desk/?whose=all").text


def test_another_department_s_tickets_are_not_there(cast: Cast, signed_in: SignIn) -> None:
    ticket = open_by(cast.svetlana, cast.equipment, "Belt of the fan")
    agent = signed_in(cast.anna)
    assert ticket.subject not in agent.get("/desk/").text
    assert ticket.subject not in agent.get("/tickets/?state=all").text
    assert agent.get(f"/tickets/{ticket.number}/").status_code == 404


def queries_of(client: Client, address: str) -> int:
    for _time in range(2):  # templates are compiled; what is remembered for seconds is remembered
        client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_ask_a_fixed_small_number_of_questions(cast: Cast, signed_in: SignIn) -> None:
    agent = signed_in(cast.anna)
    ticket = open_by(cast.svetlana, cast.hosting)
    reply(actor(cast.anna), ticket, Draft(text="The first answer."), via="web")
    pages = ["/desk/", f"/tickets/{ticket.number}/", "/tickets/", "/tickets/?q=site"]
    few = [queries_of(agent, page) for page in pages]
    for number in range(15):
        another = open_by(cast.pyotr, cast.hosting, f"Site {number}")
        reply(actor(cast.anna), another, Draft(text="And?"), via="web")
        reply(actor(cast.pyotr), another, Draft(text="So."), via="portal")
        reply(actor(cast.anna), ticket, Draft(text=f"Answer {number}"), via="web")
    many = [queries_of(agent, page) for page in pages]
    print(dict(zip(pages, many, strict=True)))
    assert many == few
    assert max(many) <= MOST_QUERIES


def test_a_group_shows_the_rest_on_request(cast: Cast, signed_in: SignIn) -> None:
    for number in range(28):
        open_by(cast.svetlana, cast.hosting, f"Number {number:02}")
    agent = signed_in(cast.anna)
    page = html(agent.get("/desk/"))
    assert page.count('class="ticket-row__subject"') == 25
    assert '<span class="count" data-count="new">28</span>' in page
    assert "Show 3 more" in page
    address = re.findall(r'hx-get="(/desk/groups/new/first/\?after=[^"]+)"', page)[0]
    rest = agent.get(address, headers={"HX-Request": "true"}).text
    assert rest.count('class="ticket-row__subject"') == 3
    assert "<html" not in rest
    assert "Show" not in rest
    assert "<html" in agent.get(address).text
    whole = agent.get("/desk/groups/new/first/").text
    assert whole.count('class="ticket-row__subject"') == 28


def test_a_row_says_what_one_looks_for(cast: Cast, signed_in: SignIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, "Who is it", project=cast.project, priority=3)
    team = Team.objects.create(names={"en": "Night shift"})
    of_team = open_by(cast.svetlana, cast.hosting, "A team's", priority=2)
    Ticket.objects.filter(pk=of_team.pk).update(team=team)
    claim(actor(cast.anna), ticket, via="web")
    rows = html(signed_in(cast.anna).get("/desk/")).split("<li ")[1:]
    row = next(row for row in rows if f'id="row-{ticket.number}"' in row)
    for text in ("Who is it", ticket.number, "Орбита", "Магазин", "High", "0 min", "Анна Соколова"):
        assert text in row
    assert f'data-looking="{ticket.number}"' in row
    assert any("A team's" in row and "Night shift" in row for row in rows)


def test_groups_have_names_that_live_updates_find(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.anna).get("/desk/").text
    places = {"new": "group-new", "reply": "group-reply"}
    places |= {key: f"level-{key}" for key in ("second", "marketing", "vendor", "incidents")}
    for name, place in places.items():
        for part in (f'id="{place}"', f'data-count="{name}"', f'data-more="{name}"'):
            assert page.count(part) == 1, part


def test_what_an_agent_unfolds_stays_so_for_them(cast: Cast, signed_in: SignIn) -> None:
    anna, boris = signed_in(cast.anna), signed_in(cast.boris)
    closed = dict.fromkeys(("second", "marketing", "vendor", "incidents"), False)
    assert openings(anna.get("/desk/").text) == closed
    assert anna.post("/desk/folds/", {"key": "vendor", "open": "1"}).status_code == 204
    assert openings(anna.get("/desk/").text) == {**closed, "vendor": True}
    assert openings(boris.get("/desk/").text) == closed
    anna.post("/desk/folds/", {"key": "vendor"})
    assert openings(anna.get("/desk/").text) == closed
    for key in ("", "nothing", "\x00", "x" * 500):
        assert anna.post("/desk/folds/", {"key": key, "open": "1"}).status_code == 404
    assert set(Person.objects.get(pk=cast.anna.pk).staff.folded) == {"vendor"}


def test_the_group_of_the_open_ticket_stands_open(cast: Cast, signed_in: SignIn) -> None:
    deep = open_by(cast.svetlana, cast.hosting, "Deep", level=Level.objects.get(key="second"))
    page = signed_in(cast.anna).get(f"/tickets/{deep.number}/").text
    assert openings(page)["second"]


def test_the_next_ticket_comes_up_when_one_is_finished(cast: Cast, signed_in: SignIn) -> None:
    first = open_by(cast.svetlana, cast.hosting, "First", priority=3)
    second = open_by(cast.svetlana, cast.hosting, "Second")
    agent, answer = signed_in(cast.anna), {"text": "It works again."}
    done = agent.post(
        f"/tickets/{first.number}/resolutions/", answer, headers={"HX-Request": "true"}
    )
    assert done.headers["HX-Push-Url"] == f"/tickets/{second.number}/"
    assert f"{first.number}: " in html(done)
    third = open_by(cast.svetlana, cast.hosting, "Third")
    Ticket.objects.filter(pk=second.pk).update(
        status=Status.objects.get(workflow__key="service", key="resolved"), phase="resolved"
    )
    moved = agent.post(
        f"/tickets/{second.number}/moves/", {"status": "closed"}, headers={"HX-Request": "true"}
    )
    assert moved.headers["HX-Push-Url"] == f"/tickets/{third.number}/"
    assert f'data-number="{third.number}"' in moved.text
    assert f"{second.number}: Status: Closed" in html(moved)
    assert f'<li id="row-{second.number}" hx-swap-oob="delete"></li>' in moved.text


def test_without_scripts_the_next_ticket_comes_up_too(cast: Cast, signed_in: SignIn) -> None:
    first = open_by(cast.svetlana, cast.hosting, "First", priority=3)
    second = open_by(cast.svetlana, cast.hosting, "Second")
    agent = signed_in(cast.anna)
    Ticket.objects.filter(pk=first.pk).update(
        status=Status.objects.get(workflow__key="service", key="resolved"), phase="resolved"
    )
    done = agent.post(f"/tickets/{first.number}/moves/", {"status": "closed"})
    assert done.headers["Location"] == f"/tickets/{second.number}/"
    page = html(agent.get(done.headers["Location"]))
    assert f"{first.number}: Status: Closed" in page
    assert f'data-sent="ticket-{first.number}"' in page


def test_the_last_ticket_stays_when_it_is_finished(cast: Cast, signed_in: SignIn) -> None:
    only = open_by(cast.svetlana, cast.hosting)
    done = signed_in(cast.anna).post(f"/tickets/{only.number}/resolutions/", {"text": "Done."})
    assert done.headers["Location"] == f"/tickets/{only.number}/"


def test_the_details_say_who_and_when(cast: Cast, signed_in: SignIn) -> None:
    ticket = open_by(
        cast.pyotr,
        cast.hosting,
        project=cast.project,
        contract=cast.contract,
        object=cast.site,
        equipment=cast.machine,
    )
    agent = signed_in(cast.anna)
    side = side_of(agent, ticket)
    for text in (
        "Светлана Иванова",  # who made the project
        "Пётр Петров",  # who opened the ticket
        "Орбита",
        "С-0412/25",
        "Корпус 5",
        "2318-044",
    ):
        assert text in side
    assert re.search(r"today \d\d:\d\d, the customer", side)
    comment(actor(cast.anna), ticket, Draft(text="We look."), via="web")
    note(actor(cast.supervisor), ticket, Draft(text="Among us."), via="web")
    assert re.search(r"today \d\d:\d\d, support<small>Анна Соколова", side_of(agent, ticket))


def side_of(client: Client, ticket: Ticket) -> str:
    page = html(client.get(f"/tickets/{ticket.number}/"))
    return page.split('class="ticket__side"')[1].split("</details>")[0]


def test_a_desk_of_thousands_stays_light(cast: Cast, signed_in: SignIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, project=cast.project)
    reply(actor(cast.anna), ticket, Draft(text="The first answer."), via="web")
    groups = [("first", "new"), ("first", "reply")]
    groups += [(key, "level") for key in ("second", "marketing", "vendor", "incidents")]
    for level, group in groups:
        put(cast, 834, level=level, group=group, project=cast.project, responsible=cast.anna.staff)
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    page = agent.get(address)
    packed = len(gzip.compress(page.content, compresslevel=6))
    asked = queries_of(agent, address)
    print(f"{packed} bytes packed, {len(page.content)} as they are, {asked} queries")
    assert page.text.count('class="ticket-row__subject"') == 2 * 25 + 4 * 8
    assert packed < MOST_BYTES
    assert asked <= MOST_QUERIES
