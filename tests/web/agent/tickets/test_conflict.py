"""Somebody else wrote while an agent was answering: nothing is sent over it without a word."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.people.models import Person
from firstline.tickets.actions import pending
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import KeptDraft, Message, PendingMessage
from tests.cast import Cast, actor, open_by
from tests.web.pages import form_of, hidden_fields, html

SignIn = Callable[[Person], Client]


@pytest.mark.parametrize("noun", ["replies", "comments", "resolutions"])
@pytest.mark.parametrize("is_htmx", [False, True])
def test_the_answer_waits_until_the_new_message_was_seen(
    cast: Cast, signed_in: SignIn, noun: str, is_htmx: bool
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    address = f"/tickets/{ticket.number}/"
    headers = {"HX-Request": "true"} if is_htmx else {}
    form = form_of(agent, address, text="Restart it.")
    reply(actor(cast.svetlana), ticket, Draft("I have restarted it."), via="portal")
    answer = agent.post(f"{address}{noun}/", form, headers=headers)
    page = html(answer)
    assert answer.status_code == 409
    assert "The customer wrote while you were answering." in page
    assert page.index("Came while you were writing") < page.index("I have restarted it.")
    field = {"replies": "text", "comments": "comment-text", "resolutions": "resolve-text"}[noun]
    assert (
        "Restart it."
        in page.split(f'<textarea class="input" id="{field}"')[1].split("</textarea>")[0]
    )
    assert "Send as it is" in page
    assert not Message.objects.filter(author=cast.anna).exists()
    assert KeptDraft.objects.get().text == "Restart it."
    again = {**hidden_fields(answer), "text": "Restart it."}
    assert again["seen"] != form["seen"]
    sent = agent.post(f"{address}{noun}/", again, headers=headers)
    assert sent.status_code == (200 if is_htmx else 302)
    assert Message.objects.get(author=cast.anna).text == "Restart it."
    assert not KeptDraft.objects.exists()


@pytest.mark.parametrize("noun", ["replies", "comments", "resolutions"])
@pytest.mark.parametrize("verb", [reply, comment, resolve])
def test_a_colleague_s_answer_stops_one_as_well(
    cast: Cast, signed_in: SignIn, noun: str, verb: Callable[..., Any]
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    address = f"/tickets/{ticket.number}/"
    form = form_of(agent, address, text="Restart it.")
    by = comment if (verb, noun) == (resolve, "resolutions") else verb
    by(actor(cast.supervisor), ticket, Draft("It is restarted."), via="api")
    answer = agent.post(f"{address}{noun}/", form)
    page = html(answer)
    assert answer.status_code == 409
    assert "A colleague answered while you were writing." in page
    assert "The customer wrote" not in page
    assert page.index("Came while you were writing") < page.index("It is restarted.")
    assert "Restart it." in page.split('id="composer"')[1]
    assert not Message.objects.filter(author=cast.anna).exists()
    assert KeptDraft.objects.get().text == "Restart it."
    again = {**hidden_fields(answer), "text": "Restart it."}
    assert agent.post(f"{address}{noun}/", again).status_code == 302
    assert Message.objects.get(author=cast.anna).text == "Restart it."


def test_a_colleague_s_answer_stops_what_waits_to_leave(
    cast: Cast, signed_in: SignIn, settings: Any
) -> None:
    settings.UNDO_SECONDS = 10
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    address = f"/tickets/{ticket.number}/"
    agent.post(f"{address}replies/", form_of(agent, address, text="Restart it."))
    reply(actor(cast.supervisor), ticket, Draft("It is restarted."), via="web")
    PendingMessage.objects.update(due_at=timezone.now())
    pending.sweep()
    page = html(agent.get(address))
    assert "A colleague answered before it left." in page
    assert "A colleague answered while you were writing." in page
    assert "Restart it." in page.split('id="text"')[1]
    assert not Message.objects.filter(author=cast.anna).exists()


def test_hidden_comments_and_one_s_own_answers_are_no_conflict(
    cast: Cast, signed_in: SignIn
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    address = f"/tickets/{ticket.number}/"
    form = form_of(agent, address, text="Restart it.")
    note(actor(cast.supervisor), ticket, Draft("For us"), via="web")
    reply(actor(cast.anna), ticket, Draft("Hello"), via="web")
    assert agent.post(f"{address}replies/", form).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "9" * 40, "-1"])
def test_a_form_that_says_nonsense_is_asked_nothing(
    cast: Cast, signed_in: SignIn, seen: str
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    form = {"text": "Hello", "seen": seen}
    assert agent.post(f"/tickets/{ticket.number}/replies/", form).status_code == 302
