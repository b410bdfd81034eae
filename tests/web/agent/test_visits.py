"""Inside a project, by the browser's door: entering, what is open and what is not, leaving (cap 81)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from firstline.base import clock
from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people import sessions
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person, Portal, Token, Visit
from firstline.people.visits import IDLE
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Rating, Ticket
from firstline.web.ui.inside import may_open
from tests.cast import Cast, actor, open_by
from tests.web.pages import form_of, hidden_fields, html

SignedIn = Callable[[Person], Client]
BAR = "You look through the eyes of: Светлана Иванова"
ENDINGS = "/visits/endings/"
TEXT = "What was typed must not be lost"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting, project=cast.project)


@pytest.fixture
def anna(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.anna)


@pytest.fixture
def inside(cast: Cast, ticket: Ticket, anna: Client) -> Client:
    """Anna's browser, looking through Svetlana's eyes."""
    assert enter(anna, ticket, cast.svetlana).status_code == 302
    return anna


def enter(client: Client, ticket: Ticket, person: Person, **more: str) -> Any:
    address = f"/tickets/{ticket.number}/visits/"
    return client.post(address, form_of(client, address, person=person.pk, **more))


def test_from_a_ticket_into_the_portal_and_back_to_the_ticket(
    cast: Cast, ticket: Ticket, anna: Client
) -> None:
    assert f'hx-get="/tickets/{ticket.number}/visits/"' in html(
        anna.get(f"/tickets/{ticket.number}/")
    )
    window = anna.get(f"/tickets/{ticket.number}/visits/", headers={"HX-Request": "true"})
    assert re.search(rf'value="{cast.svetlana.pk}"[^>]* checked', html(window))  # the owner
    assert cast.pyotr.name in html(window)
    answer = enter(anna, ticket, cast.svetlana, reason="She asked me to")
    assert answer.headers["Location"] == "/portal/projects/orbita-shop/"
    page = html(anna.get(answer.headers["Location"]))
    assert BAR in page
    assert "Магазин" in page
    back = anna.post(ENDINGS, follow=True)
    assert back.redirect_chain == [(f"/tickets/{ticket.number}/", 302)]
    assert "You have left the project" in html(back)
    assert BAR not in html(back)
    visit = Visit.objects.get()
    assert (visit.reason, visit.agent, visit.person) == (
        "She asked me to",
        cast.anna,
        cast.svetlana,
    )
    assert visit.ended_at is not None


def test_it_is_the_portal_as_the_customer_sees_it(
    cast: Cast, ticket: Ticket, inside: Client, signed_in: SignedIn
) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(language="bg", time_zone="Asia/Vladivostok")
    hers = signed_in(cast.svetlana)
    other = open_by(cast.zlata, cast.hosting)
    for address in ("/portal/", f"/portal/tickets/{ticket.number}/", "/portal/projects/"):
        seen, own = html(inside.get(address)), html(hers.get(address))
        assert main_of(seen) == main_of(own)
        assert '<html lang="bg">' in seen
        assert '<aside class="banner banner--eyes" lang="en"' in seen
        assert "banner--eyes" not in own
    assert inside.get(f"/portal/tickets/{other.number}/").status_code == 404


def main_of(page: str) -> str:
    """The page between its marks, without what is fresh each time."""
    fresh = re.compile(r'name="(csrfmiddlewaretoken|submission)" value="[^"]*"')
    return fresh.sub("", page[page.index("<main") : page.index("</main>")])


def test_every_route_but_the_portals_is_refused_inside(
    cast: Cast, ticket: Ticket, inside: Client
) -> None:
    """Settings, passwords, sessions, invitations, the desk, and whatever is added later."""
    tried = set()
    before = state()
    for name, address in addresses():
        if may_open(name):
            continue
        for method in (inside.get, inside.post):
            answer = method(address, {"text": TEXT, "helped": "yes"})
            assert answer.status_code == 403, (name, address)
            assert BAR in html(answer), name
            assert "Leave project" in html(answer)
        assert TEXT in html(answer)
        tried.add(name)
    assert state() == before
    assert {
        "agent:desk",
        "agent:replies",
        "agent:customer_invitations",
        "agent:visits",
        "portal:ratings",
        "settings:profile",
        "settings:password",
        "settings:sessions",
        "settings:endings",
        "settings:ending",
        "settings:portals",
        "account_login",
        "account_reset_password",
        "account_reset_password_from_key",
        "first_password",
        "invitation",
        "register",
    } <= tried
    assert not any(name.startswith(("settings:", "agent:", "account_reset")) for name in opened())


def state() -> tuple[object, ...]:
    people = [tuple(row.values()) for row in Person.objects.order_by("pk").values()]
    counts = (Message, Event, OutgoingMail, Token, Rating, Visit)
    return (people, *(model.objects.count() for model in counts))


def opened() -> set[str]:
    return {name for name, _address in addresses() if may_open(name)}


def addresses() -> list[tuple[str, str]]:
    """Every named route but the API's, with an address that leads to it."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], space: str, outer: tuple[str, ...]) -> None:
        for pattern in patterns:
            named = (*outer, *pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, pattern.namespace or space, named)
            elif pattern.name:
                name = f"{space}:{pattern.name}" if space else pattern.name
                found.append((name, reverse(name, kwargs=arguments_of(named))))

    pages = [one for one in get_resolver().url_patterns if str(one.pattern) != "api/"]
    walk(pages, "", ())
    return found


def arguments_of(names: tuple[str, ...]) -> dict[str, object]:
    """Something for each argument of an address: most of them are numbers of rows."""
    words = {"number", "identifier", "key", "level", "version", "name"}
    return {name: "x" if name in words else 7 for name in names}


def test_an_answer_inside_says_who_really_wrote_it(
    cast: Cast,
    ticket: Ticket,
    inside: Client,
    signed_in: SignedIn,
    settle: Callable[[], None],
) -> None:
    settle()
    address = f"/portal/tickets/{ticket.number}/"
    sent = form_of(inside, address, text="I write for her.")
    assert inside.post(f"{address}replies/", sent).status_code == 302
    message = Message.objects.get(text="I write for her.")
    assert (message.author, message.written_by) == (cast.svetlana, cast.anna)
    written = re.compile(
        r"<b>Светлана Иванова</b>\s*<span class=\"msg__kind\">.*?written by Анна Соколова \(support\)"
    )
    assert written.search(html(inside.get(address)))
    assert written.search(html(signed_in(cast.svetlana).get(address)))
    assert written.search(html(signed_in(cast.pyotr).get(address)))
    assert written.search(html(signed_in(cast.supervisor).get(f"/tickets/{ticket.number}/")))
    settle()
    mail = OutgoingMail.objects.get(message=message)
    assert mail.recipient == cast.svetlana.email
    assert "Done by Анна Соколова (support) in the name of Светлана Иванова" in mail.text
    assert "Done by Анна Соколова (support) in the name of Светлана Иванова" in mail.html
    assert mail.sender_name.startswith("Анна Соколова (")


def test_the_api_says_it_as_well_and_knows_no_visits(
    cast: Cast, ticket: Ticket, inside: Client
) -> None:
    address = f"/portal/tickets/{ticket.number}/"
    inside.post(f"{address}replies/", form_of(inside, address, text="I write for her."))
    inside.post(f"{address}closures/", form_of(inside, address))
    timeline = f"/api/v1/tickets/{ticket.number}/timeline"
    assert inside.get(timeline).status_code == 401  # a session is nothing to it
    bearer = {"Authorization": f"Bearer {create_token(cast.pyotr, ['*'])}"}
    items = inside.get(timeline, headers=bearer).json()["items"]
    said = next(one for one in items if one["text"] == "I write for her.")
    assert (said["author"]["name"], said["written_by"]["name"]) == (
        "Светлана Иванова",
        "Анна Соколова",
    )
    assert said["written_by"]["email"] is None
    closed = items[-1]
    assert closed["kind"] == "event"
    assert (closed["author"]["name"], closed["written_by"]["name"]) == (
        "Светлана Иванова",
        "Анна Соколова",
    )
    assert "Светлана Иванова (by Анна Соколова, support)" in closed["text"]
    mine = {"Authorization": f"Bearer {create_token(cast.anna, ['*'])}"}
    assert inside.get("/api/v1/me", headers=mine).json()["email"] == cast.anna.email


def test_a_portal_that_hides_names_hides_this_one(
    cast: Cast, ticket: Ticket, inside: Client, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    Portal.objects.update(shows_agents=False)
    cache.clear()
    address = f"/portal/tickets/{ticket.number}/"
    inside.post(f"{address}replies/", form_of(inside, address, text="I write for her."))
    page = html(signed_in(cast.pyotr).get(address))
    assert "written by the support team" in page
    assert cast.anna.name not in page
    settle()
    mail = OutgoingMail.objects.get(message__text="I write for her.")
    assert "Done by the support team in the name of Светлана Иванова" in mail.text
    assert cast.anna.name not in mail.text + mail.html + mail.sender_name


def test_a_new_ticket_is_hers_and_the_receipt_tells(
    cast: Cast, inside: Client, settle: Callable[[], None]
) -> None:
    settle()
    sent = form_of(
        inside, "/portal/tickets/new/", department=cast.hosting.pk, project=cast.project.pk,
        contract=cast.contract.number, callback_name="С", callback_phone="+7 900 000-00-00",
        subject="Opened for her", text="She can't just now.",
    )  # fmt: skip
    assert inside.post("/portal/tickets/new/", sent).status_code == 302
    made = Ticket.objects.get(subject="Opened for her")
    assert (made.requester, made.messages.get().written_by) == (cast.svetlana, cast.anna)
    settle()
    mail = OutgoingMail.objects.get(ticket=made, kind="received")
    assert "Done by Анна Соколова (support)" in mail.text
    assert "because the support team opened this ticket for you" in mail.text


def test_a_rating_is_the_customers_own_word(cast: Cast, ticket: Ticket, inside: Client) -> None:
    reply(actor(cast.anna), ticket, Draft(text="An answer."), via="web")
    address = f"/portal/tickets/{ticket.number}/"
    assert "ratings/" not in html(inside.get(address))
    answer = inside.post(f"{address}ratings/", {"helped": "yes"})
    assert answer.status_code == 403
    assert "A rating is the customer's own word" in html(answer)
    assert not Rating.objects.exists()


def test_signing_out_ends_it(inside: Client) -> None:
    inside.post("/sign-out/")
    assert Visit.objects.get().ended_at is not None
    assert Event.objects.get(kind="project.left").data["why"] == "signed_out"
    assert inside.get("/portal/").status_code == 302


def test_ending_ones_sessions_elsewhere_ends_it(
    cast: Cast, inside: Client, signed_in: SignedIn
) -> None:
    elsewhere = signed_in(cast.anna)
    elsewhere.get("/settings/sessions/")
    inside_key = inside.session.session_key
    sessions.remember(cast.anna, str(inside_key), agent="x", address="127.0.0.1")
    assert elsewhere.post("/settings/sessions/endings/").status_code == 302
    assert Visit.objects.get().ended_at is not None
    assert inside.get("/portal/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("who", ["anna", "svetlana"])
def test_deactivation_ends_it_at_the_next_press(
    cast: Cast, ticket: Ticket, inside: Client, who: str
) -> None:
    Person.objects.filter(pk=getattr(cast, who).pk).update(is_active=False)
    address = f"/portal/tickets/{ticket.number}/"
    answer = inside.post(f"{address}replies/", {"text": TEXT})
    assert answer.status_code in {401, 403}
    assert TEXT in html(answer)
    assert not Message.objects.filter(text=TEXT).exists()


def test_an_hour_without_a_press_ends_it_and_nothing_typed_is_lost(
    cast: Cast, ticket: Ticket, inside: Client
) -> None:
    Visit.objects.update(seen_at=clock.now() - IDLE + timedelta(minutes=2))
    assert inside.get("/portal/").status_code == 200  # a press begins the hour anew
    Visit.objects.update(seen_at=clock.now() - IDLE)
    answer = inside.post(f"/portal/tickets/{ticket.number}/replies/", {"text": TEXT})
    assert answer.status_code == 403
    page = html(answer)
    assert "nothing happened for an hour" in page
    assert TEXT in page
    assert f'href="/tickets/{ticket.number}/"' in page
    assert BAR not in page
    assert not Message.objects.filter(text=TEXT).exists()
    assert inside.get("/desk/").status_code == 200


def test_eight_hours_end_it(ticket: Ticket, inside: Client) -> None:
    Visit.objects.update(started_at=clock.now() - timedelta(hours=8))
    answer = inside.get("/portal/", follow=True)
    assert answer.redirect_chain == [(f"/tickets/{ticket.number}/", 302)]
    assert "a visit ends after eight hours" in html(answer)


def test_a_tab_that_stayed_open_says_that_one_is_out(ticket: Ticket, inside: Client) -> None:
    inside.post(ENDINGS)
    inside.post(ENDINGS)  # pressed twice
    answer = inside.post(f"/portal/tickets/{ticket.number}/replies/", {"text": TEXT})
    assert answer.status_code == 404
    assert "You are no longer inside the project" in html(answer)
    assert TEXT in html(answer)
    assert Event.objects.filter(kind="project.left").count() == 1


def test_a_page_of_other_eyes_is_not_sent_through_these(cast: Cast, ticket: Ticket) -> None:
    """Two tabs: a form that was opened through Svetlana's eyes, sent while looking through Pyotr's."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.anna)
    token = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

    def go_in(person: Person) -> str:
        address = f"/tickets/{ticket.number}/visits/"
        page = client.get(address)
        sent = {**hidden_fields(page), "person": person.pk}
        assert client.post(address, sent).status_code == 302
        found = token.search(html(client.get(f"/portal/tickets/{ticket.number}/")))
        assert found is not None
        return found[1]

    old = go_in(cast.svetlana)
    client.post(ENDINGS, {"csrfmiddlewaretoken": old})
    new = go_in(cast.pyotr)
    replies = f"/portal/tickets/{ticket.number}/replies/"
    answer = client.post(replies, {"text": TEXT, "csrfmiddlewaretoken": old})
    assert answer.status_code == 403
    assert TEXT in html(answer)
    assert not Message.objects.filter(text=TEXT).exists()
    assert client.post(replies, {"text": TEXT, "csrfmiddlewaretoken": new}).status_code == 302


def test_leaving_takes_no_address_of_strangers(ticket: Ticket, inside: Client) -> None:
    answer = inside.post(ENDINGS, {"next": "https://evil.example/"})
    assert answer.headers["Location"] == f"/tickets/{ticket.number}/"


def test_refused_pages_lead_on_to_where_one_wanted(inside: Client) -> None:
    page = inside.get("/desk/?whose=mine")
    answer = inside.post(ENDINGS, hidden_fields(page))
    assert answer.headers["Location"] == "/desk/?whose=mine"


def test_the_customers_one_time_password_is_not_asked_for_inside(
    cast: Cast, inside: Client
) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(must_choose_password=True)
    assert inside.get("/portal/").status_code == 200
    assert inside.get("/password/first/").status_code == 403


def test_nothing_of_the_customers_signs_in(cast: Cast, inside: Client) -> None:
    inside.get("/portal/")
    assert inside.session["_auth_user_id"] == str(cast.anna.pk)
    assert inside.session["visit"] == Visit.objects.get().pk
    before = Person.objects.values("last_login").get(pk=cast.svetlana.pk)
    assert before["last_login"] is None


def test_another_sessions_visit_is_nothing_here(
    cast: Cast, inside: Client, signed_in: SignedIn
) -> None:
    client = signed_in(cast.supervisor)
    session = client.session
    session["visit"] = Visit.objects.get().pk
    session.save()
    assert client.get("/portal/").status_code == 404
    assert client.get("/desk/").status_code == 200


def test_refused_entering_says_why(cast: Cast, anna: Client) -> None:
    address = "/customers/projects/orbita-shop/visits/"
    assert "No ticket of this project is in your departments" in html(anna.get(address))
    answer = anna.post(address, {"person": cast.svetlana.pk})
    assert answer.status_code == 403
    assert not Visit.objects.exists()


def test_eyes_that_are_not_offered_are_refused(cast: Cast, ticket: Ticket, anna: Client) -> None:
    for number in (cast.boris.pk, cast.zlata.pk, 0, "x", "9" * 30):
        answer = anna.post(f"/tickets/{ticket.number}/visits/", {"person": number})
        assert answer.status_code == 403
        assert "Choose one of those who take part" in html(answer)
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("observer", 403), ("boris", 404), ("partner_agent", 404), ("svetlana", 404)],
)
def test_who_has_no_button_has_no_door(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, who: str, status: int
) -> None:
    client = signed_in(getattr(cast, who))
    address = f"/tickets/{ticket.number}/visits/"
    assert client.get(address).status_code == status
    assert client.post(address, {"person": cast.svetlana.pk}).status_code == status
    assert "visits/" not in html(client.get(f"/tickets/{ticket.number}/"))
    assert not Visit.objects.exists()


def test_the_eyes_of_who_asked_are_chosen(cast: Cast, ticket: Ticket, anna: Client) -> None:
    theirs = open_by(cast.pyotr, cast.hosting, project=cast.project)
    strangers = open_by(cast.vera, cast.hosting)
    Ticket.objects.filter(pk=strangers.pk).update(project=cast.project)
    owner = cast.svetlana
    for one, person in ((ticket, owner), (theirs, cast.pyotr), (strangers, owner)):
        page = html(anna.get(f"/tickets/{one.number}/visits/"))
        chosen = re.findall(r'value="(\d+)"[^>]* checked', page)
        assert chosen == [str(person.pk)]


def test_the_menu_inside_leads_nowhere_forbidden(cast: Cast, inside: Client) -> None:
    settings = "/settings/profile/"
    assert settings not in html(inside.get("/portal/tickets/"))


def test_a_ticket_without_a_project_has_nothing_to_enter(cast: Cast, anna: Client) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    assert anna.get(f"/tickets/{ticket.number}/visits/").status_code == 404
    assert "visits/" not in html(anna.get(f"/tickets/{ticket.number}/"))


def test_the_projects_page_and_its_list_of_visits(
    cast: Cast, ticket: Ticket, anna: Client, django_assert_max_num_queries: Any
) -> None:
    page = html(anna.get("/customers/projects/?find=orbita"))
    address = "/customers/projects/orbita-shop/visits/"
    assert address in page
    for _number in range(3):
        assert anna.post(address, form_of(anna, address, person=cast.pyotr.pk)).status_code == 302
        assert anna.post(ENDINGS).headers["Location"] == address
    with django_assert_max_num_queries(12):
        page = html(anna.get(address))
    assert page.count(f"<b>{cast.anna.name}</b>") == 3
    assert cast.pyotr.name in page


def test_a_page_inside_costs_a_fixed_number_of_queries(
    cast: Cast, ticket: Ticket, inside: Client, signed_in: SignedIn
) -> None:
    hers = signed_in(cast.svetlana)
    counts = []
    for client in (hers, inside):
        client.get("/portal/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/portal/")
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2  # the visit, and who is its agent
