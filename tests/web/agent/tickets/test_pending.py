"""Undo through the browser's door: what its author, other agents and the customer see meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.models import KeptDraft, Message, PendingMessage, Ticket
from tests.cast import Cast, open_by
from tests.web.pages import form_of, hidden_fields, html

SignIn = Callable[[Person], Client]
MARKER = "Nobody outside may read this yet"


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting)


def say(agent: Client, ticket: Ticket, noun: str = "replies", text: str = MARKER) -> Any:
    """Send the form of the page, as a browser does."""
    address = f"/tickets/{ticket.number}/"
    return agent.post(f"{address}{noun}/", form_of(agent, address, text=text))


@pytest.mark.parametrize(
    ("noun", "mode", "hidden"), [("replies", "reply", "hidden"), ("comments", "comment", "aside")]
)
def test_what_was_typed_as_hidden_comes_back_as_hidden(
    cast: Cast, ticket: Ticket, signed_in: SignIn, noun: str, mode: str, hidden: str
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    form = {"text": MARKER, "mode": mode, "was_hidden": "1"}
    asked = agent.post(f"{address}{noun}/", form)
    form["public"] = hidden_fields(asked)["public"]
    assert agent.post(f"{address}{noun}/", form).status_code == 302
    row = PendingMessage.objects.get()
    agent.post(f"{address}pending/{row.pk}/withdrawals/")
    assert (KeptDraft.objects.get().mode, KeptDraft.objects.get().text) == (hidden, MARKER)
    assert 'name="was_hidden" value="1"' in html(agent.get(address))


@pytest.mark.parametrize("noun", ["replies", "comments", "resolutions"])
def test_it_waits_and_then_leaves(
    cast: Cast, ticket: Ticket, signed_in: SignIn, settle: Callable[[], None], noun: str
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    settle()
    events, mails = Event.objects.count(), OutgoingMail.objects.count()
    assert say(agent, ticket, noun).status_code == 302
    settle()
    assert (Event.objects.count(), OutgoingMail.objects.count()) == (events, mails)
    own = html(agent.get(address))
    assert MARKER in own
    assert "Undo" in own
    assert "Leaves in 10 s" in own
    other = html(signed_in(cast.supervisor).get(address))
    assert MARKER not in other
    assert "An answer of Анна Соколова leaves in a few seconds" in other
    for page in (f"/portal{address}", "/portal/"):
        seen = html(signed_in(cast.svetlana).get(page))
        assert MARKER not in seen
        assert "leaves in" not in seen
    PendingMessage.objects.update(due_at=timezone.now())
    settle()
    assert Message.objects.get(author=cast.anna).text == MARKER
    assert OutgoingMail.objects.filter(kind="answered").count() == 1
    own = html(agent.get(address))
    assert "Undo" not in own
    assert own.count(MARKER) == 1


def test_a_hidden_comment_does_not_wait(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    say(signed_in(cast.anna), ticket, "hidden-comments")
    assert Message.objects.filter(kind="hidden").count() == 1


@pytest.mark.parametrize("is_htmx", [False, True])
def test_undo_gives_the_text_back(
    cast: Cast, ticket: Ticket, signed_in: SignIn, is_htmx: bool
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    say(agent, ticket, "resolutions")
    row = PendingMessage.objects.get()
    undo = f"{address}pending/{row.pk}/withdrawals/"
    assert signed_in(cast.supervisor).post(undo).status_code == 404
    answer = agent.post(undo, headers={"HX-Request": "true"} if is_htmx else {})
    page = html(answer if is_htmx else agent.get(answer.headers["Location"]))
    window = page.split('id="resolve"')[1]
    assert "dialog open" in page
    assert MARKER in window
    late = agent.post(undo)
    assert late.status_code == 409
    assert "It has left already" in html(late)
    assert ticket.messages.count() == 1


def test_send_now(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    say(agent, ticket)
    now = f"{address}pending/{PendingMessage.objects.get().pk}/departures/"
    assert signed_in(cast.supervisor).post(now).status_code == 404
    assert agent.post(now).status_code == 302
    assert Message.objects.get(author=cast.anna).text == MARKER
    assert agent.post(now).status_code == 409


def test_what_came_back_is_told_until_it_is_hidden(
    cast: Cast, ticket: Ticket, signed_in: SignIn, settle: Callable[[], None]
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    say(agent, ticket)
    form = {"text": "Wait, it works"}
    signed_in(cast.svetlana).post(f"/portal{address}replies/", form)
    PendingMessage.objects.update(due_at=timezone.now())
    settle()
    page = html(agent.get(address))
    assert "Your text was not sent; it is a draft again." in page
    assert "Came while you were writing" in page
    assert "Send as it is" in page
    assert MARKER in page.split('id="text"')[1]
    assert MARKER not in html(signed_in(cast.supervisor).get(address))
    row = PendingMessage.objects.get()
    agent.post(f"{address}pending/{row.pk}/withdrawals/")
    page = html(agent.get(address))
    assert "it is a draft again" not in page
    assert KeptDraft.objects.get().text == MARKER
    say(agent, ticket)
    PendingMessage.objects.update(due_at=timezone.now())
    settle()
    assert Message.objects.get(author=cast.anna).text == MARKER
    assert not KeptDraft.objects.exists()


def test_a_double_press_waits_once(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent = signed_in(cast.anna)
    form = form_of(agent, f"/tickets/{ticket.number}/", text=MARKER)
    for _press in range(2):
        assert agent.post(f"/tickets/{ticket.number}/replies/", form).status_code == 302
    assert PendingMessage.objects.count() == 1


def test_the_page_asks_no_more_however_much_waits(
    cast: Cast, ticket: Ticket, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    agent.get(address)
    counts = []
    for number in range(3):
        with django_assert_max_num_queries(20) as asked:
            agent.get(address, headers={"HX-Request": "true"})
        counts.append(len(asked))
        say(agent, ticket, text=f"{number}")
    nothing, one, two = counts
    assert nothing + 1 == one == two
