"""What became of the mails that carried a message."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from firstline.mail.deliveries import deliveries_of
from firstline.mail.models import OutgoingMail
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message
from tests.cast import Cast, actor, open_by


@pytest.fixture
def answer(cast: Cast, settle: Callable[[], None]) -> Message:
    """An answer whose mail has gone."""
    ticket = open_by(cast.svetlana, cast.hosting)
    message = reply(actor(cast.anna), ticket, Draft("On it."), via="web")
    settle()
    return message


def test_a_mail_that_no_server_took(answer: Message) -> None:
    delivery = deliveries_of([answer.pk])[answer.pk]
    assert (delivery.state, delivery.recipient, delivery.problem) == (
        "kept",
        "svetlana@orbita.example",
        "",
    )
    assert delivery.sent_at is not None


@pytest.mark.parametrize(
    ("state", "attempts", "problem", "shown"),
    [
        ("waiting", 0, "", "queued"),
        ("waiting", 1, "", "queued"),
        ("waiting", 2, "450 later", "retry"),
        ("parked", 3, "550 no", "failed"),
        ("done", 1, "", "kept"),
    ],
)
def test_states(state: str, attempts: int, problem: str, shown: str, answer: Message) -> None:
    due = timezone.now() + timedelta(minutes=5)
    OutgoingMail.objects.filter(message=answer).update(
        state=state, attempts=attempts, problem=problem, due_at=due
    )
    delivery = deliveries_of([answer.pk])[answer.pk]
    assert (delivery.state, delivery.problem, delivery.due_at) == (shown, problem, due)


def test_sent_is_what_a_server_took(answer: Message) -> None:
    OutgoingMail.objects.filter(message=answer).update(state="done", server="mx.desk.example:25")
    assert deliveries_of([answer.pk])[answer.pk].state == "sent"


def test_what_was_not_mailed_has_none(
    cast: Cast, answer: Message, settle: Callable[[], None]
) -> None:
    hidden = note(actor(cast.anna), answer.ticket, Draft("For us."), via="web")
    settle()
    assert set(deliveries_of([answer.pk, hidden.pk, 10**9])) == {answer.pk}
    assert deliveries_of([]) == {}


def test_the_one_that_needs_attention_speaks_for_all(answer: Message) -> None:
    mail = OutgoingMail.objects.get(message=answer)
    for number, state in enumerate(("parked", "waiting")):
        mail.pk, mail.state, mail.problem = None, state, "550 no" if state == "parked" else ""
        mail.recipient, mail.header_id = f"copy{number}@orbita.example", f"<{number}@desk.example>"
        mail.save()
    delivery = deliveries_of([answer.pk])[answer.pk]
    assert (delivery.state, delivery.recipient) == ("failed", "copy0@orbita.example")


@pytest.mark.parametrize(
    ("state", "unheard", "may_be_double"),
    [("done", None, False), ("done", 0, False), ("done", 1, True), ("parked", 2, True)],
)
def test_an_attempt_of_which_nobody_heard(
    state: str, unheard: int | None, may_be_double: bool, answer: Message
) -> None:
    OutgoingMail.objects.filter(message=answer).update(state=state, unheard=unheard)
    assert deliveries_of([answer.pk])[answer.pk].may_be_double is may_be_double


def test_a_claim_counts_until_its_end_is_written(answer: Message) -> None:
    due = {"state": "waiting", "attempts": 0, "due_at": timezone.now()}
    OutgoingMail.objects.filter(message=answer).update(unheard=None, **due)
    mail = OutgoingMail.claim(OutgoingMail.objects.get(message=answer).pk)
    assert mail is not None
    assert OutgoingMail.objects.get(pk=mail.pk).unheard == 1
    assert not deliveries_of([answer.pk])[answer.pk].may_be_double  # it is on its way
    mail.finish(sent_at=timezone.now())
    assert OutgoingMail.objects.get(pk=mail.pk).unheard == 0
