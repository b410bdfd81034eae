"""Whether the answer helped: who may say so, what follows from it, and what does not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.access import SYSTEM, Forbidden
from firstline.people.models import Person
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import close
from firstline.tickets.actions.rate import rate
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Rating, Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import form_of, hidden_fields, html

SignedIn = Callable[[Person], Client]
STATE = ("status_id", "phase", "awaiting", "waiting_since", "desk_group", "resolved_at")


@pytest.fixture
def answered(cast: Cast, ticket: Ticket) -> Ticket:
    """A resolved ticket with an answer to rate."""
    resolve(actor(cast.anna), ticket, Draft("Restarted, it works"), via="web")
    return Ticket.objects.get(pk=ticket.pk)


def page_of(ticket: Ticket) -> str:
    return f"/portal/tickets/{ticket.number}/"


def press(client: Client, ticket: Ticket, **fields: Any) -> Any:
    """Fill in the form of the rating and send it."""
    form = form_of(client, page_of(ticket), **fields)
    return client.post(f"{page_of(ticket)}ratings/", form)


def state(ticket: Ticket) -> dict[str, Any]:
    found: dict[str, Any] = Ticket.objects.filter(pk=ticket.pk).values(*STATE).get()
    return found


def ratings() -> list[bool]:
    return list(Rating.objects.values_list("helped", flat=True))


@pytest.mark.parametrize("phase", ["resolved", "closed"])
def test_thanks_without_reopening(
    cast: Cast, answered: Ticket, signed_in: SignedIn, settle: Callable[[], None], phase: str
) -> None:
    if phase == "closed":
        close(actor(cast.anna), answered, via="web")
    settle()
    before, mails = state(answered), OutgoingMail.objects.count()
    client = signed_in(cast.svetlana)
    assert "Thanks, that helped" in html(client.get(page_of(answered)))
    response = press(client, answered, helped="yes")
    assert response.headers["Location"] == page_of(answered)
    settle()
    page = html(client.get(page_of(answered)))
    assert "The support team sees that the answer helped." in page
    assert "You said that the answer helped." in page
    assert "Thanks, that helped" not in page
    assert "Светлана Иванова: the answer helped" in page
    rating = Rating.objects.get()
    assert (rating.ticket, rating.person, rating.helped) == (answered, cast.svetlana, True)
    assert state(answered) == before
    assert (Message.objects.count(), OutgoingMail.objects.count()) == (2, mails)
    event = Event.objects.get(kind="ticket.rated")
    assert (event.data, event.via, event.actor) == ({"helped": True}, "portal", cast.svetlana)


def test_words_go_to_the_support_team_and_open_nothing(
    cast: Cast, answered: Ticket, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    before = state(answered)
    press(signed_in(cast.svetlana), answered, helped="no", text="It was <slow> walruses")
    settle()
    message = Message.objects.latest("pk")
    assert (message.text, message.kind, message.channel, message.visibility, message.author) == (
        "It was <slow> walruses", "in", "portal", "public", cast.svetlana,
    )  # fmt: skip
    assert Event.objects.get(kind="ticket.rated").data == {"helped": False, "message": message.pk}
    assert state(answered) == before
    assert Ticket.objects.get(pk=answered.pk).last_customer_message_at == message.at
    agent = html(signed_in(cast.anna).get(f"/tickets/{answered.number}/"))
    assert "It was <slow> walruses" in agent
    assert "Светлана Иванова: the answer did not help" in agent
    assert "<dt>Rating</dt>" in agent
    assert "did not help" in agent[agent.index("<dt>Rating</dt>") :]
    found = signed_in(cast.svetlana).get("/portal/?q=walruses&state=all")
    assert answered.number in html(found)


def test_words_do_not_pull_a_ticket_that_waits(
    cast: Cast, boxed: Ticket, signed_in: SignedIn
) -> None:
    reply(actor(cast.boris), boxed, Draft("Hold the button for three seconds"), via="web")
    before = state(boxed)
    assert before["phase"] == "waiting"
    press(signed_in(cast.svetlana), boxed, helped="yes", text="Nice")
    assert state(boxed) == before


def test_a_rating_can_be_changed(cast: Cast, answered: Ticket, signed_in: SignedIn) -> None:
    client = signed_in(cast.svetlana)
    for helped in ("yes", "no", "no", "yes"):
        press(client, answered, helped=helped)
    assert ratings() == [True]
    told = Event.objects.filter(kind="ticket.rated").order_by("pk")
    assert [event.data["helped"] for event in told] == [True, False, True]
    page = html(client.get(page_of(answered)))
    assert "Change the rating" in page
    assert 'value="yes" required checked' in page
    assert 'value="no" required checked' not in page


def test_a_company_wide_reader_may_rate_and_other_readers_may_not(
    cast: Cast, signed_in: SignedIn
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, project=cast.project, company=cast.orbita)
    resolve(actor(cast.anna), ticket, Draft("Done"), via="web")
    client = signed_in(cast.pyotr)
    page = client.get(page_of(ticket))
    assert page.status_code == 200
    assert "Did the answer help?" not in html(page)
    assert "Thanks, that helped" not in html(page)
    assert client.post(f"{page_of(ticket)}ratings/", {"helped": "no"}).status_code == 403
    assert ratings() == []
    client = signed_in(cast.vera)
    assert "Did the answer help?" not in html(client.get(page_of(ticket)))
    assert client.post(f"{page_of(ticket)}ratings/", {"helped": "no"}).status_code == 302
    assert Rating.objects.get().person == cast.vera
    assert "You said that" not in html(signed_in(cast.svetlana).get(page_of(ticket)))


def test_an_alert_is_rated_only_after_an_answer_to_a_question(
    cast: Cast, signed_in: SignedIn
) -> None:
    told = alert(actor(cast.anna), cast.project, "information", "T", Draft("Told"), via="web")
    client, asks = signed_in(cast.svetlana), "Did the answer help?"
    page = html(client.get(page_of(told)))
    assert asks not in page
    assert "Your answer is needed." not in page
    refused = client.post(f"{page_of(told)}ratings/", {"helped": "no"})
    assert refused.status_code == 422
    reply(actor(cast.svetlana), told, Draft("What does it mean?"), via="portal")
    assert asks not in html(client.get(page_of(told)))
    reply(actor(cast.anna), told, Draft("Nothing bad"), via="web")
    page = html(client.get(page_of(told)))
    assert asks in page
    assert "Answered." in page
    press(client, told, helped="yes", text="Thanks")
    assert "Change the rating" in html(client.get(page_of(told)))
    assert ratings() == [True]


def test_a_no_is_acknowledged_with_what_to_do(
    cast: Cast, answered: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    assert "You can also reopen" not in html(client.get(page_of(answered)))
    press(client, answered, helped="no")
    page = html(client.get(page_of(answered)))
    assert "You said that the answer did not help." in page
    assert "You can also reopen this ticket." in page


def test_strangers_and_staff_find_nothing_to_rate(
    cast: Cast, answered: Ticket, signed_in: SignedIn
) -> None:
    for person in (cast.pyotr, cast.zlata, *cast.staff):
        response = signed_in(person).post(f"{page_of(answered)}ratings/", {"helped": "no"})
        assert response.status_code == 404
    assert Client().post(f"{page_of(answered)}ratings/", {"helped": "no"}).status_code == 401
    for one in (actor(cast.anna), actor(cast.administrator), SYSTEM):
        with pytest.raises(Forbidden):
            rate(one, answered, True, Draft(""), via="web")
    assert ratings() == []
    assert not Event.objects.filter(kind="ticket.rated").exists()


def test_without_an_answer_there_is_nothing_to_rate(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    close(actor(cast.svetlana), ticket, via="portal")
    client = signed_in(cast.svetlana)
    assert "Did the answer help?" not in html(client.get(page_of(ticket)))
    response = press(client, ticket, helped="yes", text="Thanks for nothing")
    assert response.status_code == 422
    assert "There is no answer to rate yet." in html(response)
    assert (ratings(), Message.objects.count()) == ([], 1)


@pytest.mark.parametrize("helped", ["", "maybe", "True", "\x00"])
def test_a_rating_says_yes_or_no(
    cast: Cast, answered: Ticket, signed_in: SignedIn, helped: str
) -> None:
    response = press(signed_in(cast.svetlana), answered, helped=helped, text="My words")
    page = html(response)
    assert response.status_code == 422
    assert '<a href="#helped">Choose whether the answer helped.</a>' in page
    assert "My words</textarea>" in page
    assert page.count("My words") == 1  # not in the answer's field as well
    assert '<details class="answer__field" id="answer">' in page
    assert ratings() == []


def test_a_text_without_end_is_refused_and_kept(
    cast: Cast, answered: Ticket, signed_in: SignedIn
) -> None:
    response = press(signed_in(cast.svetlana), answered, helped="no", text="я" * 500_001)
    page = html(response)
    assert response.status_code == 422
    assert 'href="#rating-text"' in page
    assert 'value="no" required checked' in page
    assert ratings() == []


def test_a_form_sent_twice_is_carried_out_once(
    cast: Cast, answered: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    form = form_of(client, page_of(answered), helped="no", text="Once")
    for _time in range(2):
        assert client.post(f"{page_of(answered)}ratings/", form).status_code == 302
    assert Message.objects.filter(text="Once").count() == 1
    assert "sent already" in html(client.get(page_of(answered)))


def test_a_refused_rating_can_be_sent_corrected(
    cast: Cast, answered: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    refused = press(client, answered, text="My words")
    form = {**hidden_fields(refused), "helped": "no", "text": "My words"}
    assert client.post(f"{page_of(answered)}ratings/", form).status_code == 302
    assert ratings() == [False]


def test_a_rating_does_not_take_the_draft_of_an_answer(
    cast: Cast, answered: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    press(client, answered, helped="yes")
    page = html(client.get(page_of(answered)))
    assert f'data-sent="rating-{answered.number}"' in page
    assert f'data-sent="portal-{answered.number}"' not in page


def test_looking_rates_nothing(cast: Cast, answered: Ticket, signed_in: SignedIn) -> None:
    response = signed_in(cast.svetlana).get(f"{page_of(answered)}ratings/?helped=yes")
    assert response.status_code == 405
    assert ratings() == []
