"""The customer wrote while an agent was answering: nothing is sent over it without a word."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import KeptDraft, Message
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


def test_what_colleagues_write_is_no_conflict(cast: Cast, signed_in: SignIn) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    address = f"/tickets/{ticket.number}/"
    form = form_of(agent, address, text="Restart it.")
    note(actor(cast.supervisor), ticket, Draft("For us"), via="web")
    reply(actor(cast.supervisor), ticket, Draft("Hello"), via="web")
    assert agent.post(f"{address}replies/", form).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "9" * 40, "-1"])
def test_a_form_that_says_nonsense_is_asked_nothing(
    cast: Cast, signed_in: SignIn, seen: str
) -> None:
    ticket, agent = open_by(cast.svetlana, cast.hosting), signed_in(cast.anna)
    form = {"text": "Hello", "seen": seen}
    assert agent.post(f"/tickets/{ticket.number}/replies/", form).status_code == 302
