"""What leaves in a few seconds: taken back, left, refused; of two at once one wins (product 3.12)."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from firstline.events.models import Event
from firstline.files.models import File
from firstline.people.access import Forbidden, NotFound
from firstline.tickets.actions import drafts, pending
from firstline.tickets.actions.claim import Closed
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import KeptDraft, Message, PendingMessage, Ticket
from firstline.tickets.newer import CustomerWrote
from tests.cast import Cast, actor, close_by, make_cast, open_by

SAID = Draft("The disk is full.", files=[Enclosure("df.txt", b"100 %")])


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


def put_off(cast: Cast, ticket: Ticket, verb: str = "reply", draft: Draft = SAID) -> PendingMessage:
    """Anna says it, having seen all that there is."""
    seen = Message.objects.filter(ticket=ticket).latest("pk").pk
    return pending.put_off(actor(cast.anna), ticket, verb, draft, seen=seen, via="web")


def make_due() -> None:
    PendingMessage.objects.update(due_at=timezone.now())


def state(ticket: Ticket) -> tuple[object, ...]:
    """All that a customer or a reaction could learn of."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return row, Message.objects.count(), Event.objects.count()


@pytest.mark.parametrize("verb", ["reply", "comment", "resolve"])
def test_it_is_nothing_before_it_is_due_and_everything_after(cast: Cast, verb: str) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    before = state(ticket)
    put_off(cast, ticket, verb)
    assert pending.sweep() == 0
    assert state(ticket) == before
    make_due()
    pending.sweep()
    message = Message.objects.get(author=cast.anna)
    assert (message.text, message.kind) == (SAID.text, "comment" if verb == "comment" else "out")
    assert [one.file.name for one in message.attachments.all()] == ["df.txt"]
    assert File.objects.count() == 1
    ticket.refresh_from_db()
    assert ticket.phase == {"reply": "open", "comment": "new", "resolve": "resolved"}[verb]
    assert PendingMessage.objects.get().text == ""
    pending.leave(PendingMessage.objects.get().pk)
    assert Message.objects.filter(author=cast.anna).count() == 1


def test_what_the_verb_refuses_is_refused_at_once(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    before = state(ticket)
    with pytest.raises(ValidationError):
        put_off(cast, ticket, draft=Draft("  "))
    for person, refusal in ((cast.observer, Forbidden), (cast.boris, NotFound)):
        with pytest.raises(refusal):
            pending.put_off(actor(person), ticket, "reply", SAID, seen=None, via="web")
    reply(actor(cast.svetlana), ticket, Draft("One more thing"), via="portal")
    with pytest.raises(CustomerWrote):
        pending.put_off(actor(cast.anna), ticket, "reply", SAID, seen=1, via="web")
    close_by(cast.anna, ticket)
    with pytest.raises(Closed):
        put_off(cast, ticket)
    assert not PendingMessage.objects.exists()
    assert before[0] != state(ticket)[0]


def test_taken_back_it_is_a_draft_and_only_its_author_may(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    row = put_off(cast, ticket)
    with pytest.raises(NotFound):
        pending.take_back(actor(cast.supervisor), ticket, row.pk)
    drafts.keep(actor(cast.anna), ticket, "reply", "Typed meanwhile")
    pending.take_back(actor(cast.anna), ticket, row.pk)
    assert KeptDraft.objects.get().text == f"{SAID.text}\n\nTyped meanwhile"
    with pytest.raises(pending.TooLate):
        pending.take_back(actor(cast.anna), ticket, row.pk)
    make_due()
    assert pending.sweep() == 0
    assert not Message.objects.filter(author=cast.anna).exists()
    assert not File.objects.exists()


def test_refused_when_the_moment_comes_it_is_a_draft_again(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    put_off(cast, ticket, "resolve")
    reply(actor(cast.svetlana), ticket, Draft("Stop, it works again"), via="portal")
    make_due()
    pending.sweep()
    row = PendingMessage.objects.get()
    assert (row.state, row.problem) == ("parked", "customer-wrote")
    assert KeptDraft.objects.values_list("mode", "text").get() == ("resolve", SAID.text)
    assert not Message.objects.filter(author=cast.anna).exists()
    assert pending.pending_for(actor(cast.anna), ticket) == [row]
    assert pending.pending_for(actor(cast.supervisor), ticket) == []


def test_rights_lost_meanwhile_count(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    put_off(cast, ticket)
    cast.hosting.agents.remove(cast.anna.staff)
    make_due()
    pending.sweep()
    assert PendingMessage.objects.get().problem == "forbidden"
    assert not Message.objects.filter(author=cast.anna).exists()


def test_a_worker_that_died_leaves_it_to_the_next(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    row = put_off(cast, ticket)
    make_due()
    assert PendingMessage.claim(row.pk)
    assert pending.sweep() == 0
    PendingMessage.objects.update(due_at=timezone.now())
    assert pending.sweep() == 1
    assert Message.objects.filter(author=cast.anna).count() == 1


def test_sent_now_it_does_not_wait(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    row = put_off(cast, ticket)
    pending.send_now(actor(cast.anna), ticket, row.pk)
    assert Message.objects.filter(author=cast.anna).count() == 1
    with pytest.raises(pending.TooLate):
        pending.send_now(actor(cast.anna), ticket, row.pk)


def test_old_drafts_and_rows_are_forgotten(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    put_off(cast, ticket)
    drafts.keep(actor(cast.anna), ticket, "hidden", "Old")
    long_ago = timezone.now() - timedelta(days=31)
    KeptDraft.objects.update(updated_at=long_ago)
    PendingMessage.objects.update(created_at=long_ago)
    drafts.forget()
    pending.forget()
    assert not KeptDraft.objects.exists()
    assert PendingMessage.objects.exists()  # whatever its age, it has not left
    PendingMessage.objects.update(state="done")
    pending.forget()
    assert not PendingMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_of_the_job_and_its_author_one_wins(turn: int) -> None:
    cast = make_cast()
    ticket = open_by(cast.svetlana, cast.hosting)
    row = put_off(cast, ticket)
    make_due()
    start, results = threading.Barrier(2), []
    author = actor(cast.anna)

    def take_back() -> None:
        start.wait(10)
        try:
            pending.take_back(author, ticket, row.pk)
            results.append("back")
        except pending.TooLate:
            results.append("late")
        finally:
            connections.close_all()

    def leave() -> None:
        start.wait(10)
        try:
            pending.leave(row.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for one in (take_back, leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    left = Message.objects.filter(author=cast.anna).count()
    kept = KeptDraft.objects.count()
    assert (results, left, kept) in ((["back"], 0, 1), (["late"], 1, 0))
    assert Event.objects.filter(kind="ticket.replied").count() == left
