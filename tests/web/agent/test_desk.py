"""The desk: its groups, what they hold, and how many questions a page asks the database."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.people.models import Person
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Level
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignIn = Callable[[Person], Client]
MOST_QUERIES = 12


def groups_of(page: str) -> dict[str, str]:
    """The groups of the desk by their heading, with the text below each."""
    parts = page.split('class="group__head">')[1:]
    return {part.split("<h2")[1].split(">")[1].split("<")[0]: part for part in parts}


def test_tickets_stand_in_their_groups(cast: Cast, signed_in: SignIn) -> None:
    new = open_by(cast.svetlana, cast.hosting, "Brand new")
    talking = open_by(cast.svetlana, cast.hosting, "Under way")
    reply(actor(cast.anna), talking, Draft(text="And then?"), via="web")
    reply(actor(cast.svetlana), talking, Draft(text="Then this."), via="portal")
    waiting = open_by(cast.svetlana, cast.hosting, "Customer's turn")
    reply(actor(cast.anna), waiting, Draft(text="Please send the log."), via="web")
    second = open_by(cast.svetlana, cast.hosting, "Deep", level=Level.objects.get(key="second"))
    resolved = open_by(cast.svetlana, cast.hosting, "Done with")
    move(actor(cast.anna), resolved, "resolved", via="web")
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
    client.get(address)  # templates are compiled and the session is warm
    with CaptureQueriesContext(
        connection,
    ) as queries:
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
    page = agent.get("/desk/").text
    assert page.count('class="ticket-row__subject"') == 25
    assert "28" in groups_of(html(agent.get("/desk/")))["New tickets"]
    rest = agent.get("/desk/groups/new/first/?after=25", headers={"HX-Request": "true"}).text
    assert rest.count('class="ticket-row__subject"') == 3
    whole = agent.get("/desk/groups/new/first/").text
    assert whole.count('class="ticket-row__subject"') == 28
