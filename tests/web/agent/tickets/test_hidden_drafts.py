"""What was typed as a hidden comment stays marked, whichever way it comes back, until it is confirmed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.people.models import Person
from firstline.tickets.actions import pending
from firstline.tickets.actions.merge import merge
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import KeptDraft, Message, PendingMessage, Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import form_of, hidden_fields, html

SignIn = Callable[[Person], Client]
SECRET = "They do not pay"
# Where it was typed, where it was then to go, and the place on the page.
WAYS = [
    ("hidden", "replies", "reply", "composer"),
    ("between", "replies", "reply", "composer"),
    ("aside", "comments", "comment", "comment"),
]
ASKED = "This text was typed as a hidden comment."


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting)


def keep(agent: Client, ticket: Ticket, mode: str, text: str = SECRET, **more: str) -> None:
    answer = agent.post(f"/tickets/{ticket.number}/drafts/", {"mode": mode, "text": text, **more})
    assert answer.status_code == 200


def is_marked(agent: Client, ticket: Ticket, place: str) -> bool:
    """Whether the form of this place comes with the text, as one that was typed as hidden."""
    page = html(agent.get(f"/tickets/{ticket.number}/"))
    form = page.split(f' id="{place}"')[1].split("</form>")[0]
    assert SECRET in form
    return 'name="was_hidden" value="1"' in form


def nothing_left() -> bool:
    """Nothing is said, and nothing waits to be."""
    waits = PendingMessage.objects.filter(state="waiting").exists()
    return not waits and not Message.objects.filter(text__contains=SECRET).exists()


@pytest.mark.parametrize(("typed", "noun", "mode", "place"), WAYS)
@pytest.mark.parametrize("seconds", [0, 10])
def test_after_the_question_it_comes_back_marked(
    cast: Cast,
    ticket: Ticket,
    signed_in: SignIn,
    settings: Any,
    typed: str,
    noun: str,
    mode: str,
    place: str,
    seconds: int,
) -> None:
    settings.UNDO_SECONDS = seconds
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    keep(agent, ticket, typed)
    form = {"text": SECRET, "mode": mode, "was_hidden": "1"}
    assert agent.post(f"{address}{noun}/", form).status_code == 409
    for device in (agent, signed_in(cast.anna)):
        assert is_marked(device, ticket, place)
        answer = device.post(f"{address}{noun}/", {"text": SECRET, "mode": mode})
        assert answer.status_code == 409
        assert ASKED in html(answer)
    assert nothing_left()
    confirmed = {**hidden_fields(answer), "text": SECRET, "mode": mode}
    assert agent.post(f"{address}{noun}/", confirmed).status_code == 302
    assert not KeptDraft.objects.exists()


def test_a_resolution_keeps_the_mark(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/resolutions/"
    form = {"text": SECRET, "mode": "resolve"}
    assert agent.post(address, {**form, "was_hidden": "1"}).status_code == 409
    assert is_marked(agent, ticket, "resolve")
    assert agent.post(address, form).status_code == 409
    assert nothing_left()


@pytest.mark.parametrize("typed", ["hidden", "between"])
def test_a_page_that_knows_nothing_of_it_does_not_take_the_mark_away(
    cast: Cast, ticket: Ticket, signed_in: SignIn, typed: str
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    earlier = form_of(agent, address, text=f"{SECRET}.", mode="reply")
    keep(agent, ticket, typed)
    keep(agent, ticket, "reply", f"{SECRET}.")
    assert is_marked(agent, ticket, "composer")
    assert agent.post(f"{address}replies/", earlier).status_code == 409
    assert nothing_left()


def test_emptied_it_is_forgotten(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    keep(agent, ticket, "reply", was_hidden="1")
    assert is_marked(agent, ticket, "composer")
    keep(agent, ticket, "reply", "  ")
    keep(agent, ticket, "reply", "We are on it.")
    form = form_of(agent, address, text="We are on it.", mode="reply")
    assert agent.post(f"{address}replies/", form).status_code == 302


def test_taken_back_on_another_device_it_is_asked_about_again(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    _confirm(agent, address)
    elsewhere = signed_in(cast.anna)
    row = PendingMessage.objects.get()
    elsewhere.post(f"{address}pending/{row.pk}/withdrawals/")
    assert is_marked(elsewhere, ticket, "composer")
    form = {"text": SECRET, "mode": "reply"}
    assert elsewhere.post(f"{address}replies/", form).status_code == 409
    assert nothing_left()


def test_refused_before_it_left_it_is_asked_about_again(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    _confirm(agent, address)
    keep(agent, ticket, "reply", "Typed meanwhile")
    reply(actor(cast.svetlana), ticket, Draft("It works again"), via="portal")
    PendingMessage.objects.update(due_at=timezone.now())
    pending.sweep()
    other = signed_in(cast.anna)
    assert is_marked(other, ticket, "composer")
    form = {"text": SECRET, "mode": "reply"}
    assert other.post(f"{address}replies/", form).status_code == 409
    assert nothing_left()


def test_an_ended_session_does_not_take_the_mark_away(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    address = f"/tickets/{ticket.number}/replies/"
    earlier = {"text": SECRET, "mode": "reply", "was_hidden": ""}
    keep(signed_in(cast.anna), ticket, "hidden")
    ended = Client().post(address, earlier)
    assert ended.status_code == 401
    again = {**hidden_fields(ended), "text": SECRET}
    answer = signed_in(cast.anna).post(address, again)
    assert answer.status_code == 409
    assert ASKED in html(answer)
    assert nothing_left()


@pytest.mark.parametrize("there", ["", "Already typed there"])
def test_it_goes_along_with_a_merged_ticket(
    cast: Cast, ticket: Ticket, signed_in: SignIn, there: str
) -> None:
    into, agent = open_by(cast.svetlana, cast.hosting, "Another"), signed_in(cast.anna)
    address = f"/tickets/{into.number}/"
    keep(agent, ticket, "reply", was_hidden="1")
    if there:
        keep(agent, into, "reply", there)
    merge(actor(cast.supervisor), ticket, into, via="web")
    assert is_marked(agent, into, "composer")
    assert there in html(agent.get(address))
    assert agent.post(f"{address}replies/", {"text": SECRET, "mode": "reply"}).status_code == 409
    assert not KeptDraft.objects.filter(ticket=ticket).exists()
    assert nothing_left()


def _confirm(agent: Client, address: str) -> None:
    form = form_of(agent, address, text=SECRET, mode="reply", was_hidden="1")
    asked = agent.post(f"{address}replies/", form)
    form["public"] = hidden_fields(asked)["public"]
    assert agent.post(f"{address}replies/", form).status_code == 302
