"""Resolving answers the customer, once: nothing is closed by it that the workflow keeps resolved."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from firstline.events.models import Event
from firstline.tickets import bulks, workflow
from firstline.tickets.actions import bulk, drafts, incident, pending
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.link import link
from firstline.tickets.actions.move import close
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.ended import AlreadyResolved, words
from firstline.tickets.messages import Draft
from firstline.tickets.models import (
    KeptDraft,
    Level,
    Message,
    PendingMessage,
    Status,
    Ticket,
    Transition,
)
from tests.cast import Cast, actor, close_by, open_by, resolve_by

MINE = Draft("The certificate was renewed.")


def phase(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).phase


def written() -> tuple[int, int]:
    return Message.objects.count(), Event.objects.count()


def test_a_second_resolve_is_refused_and_says_who_was_faster(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    resolve_by(cast.supervisor, ticket)
    before = written()
    with pytest.raises(AlreadyResolved) as told:
        resolve(actor(cast.anna), ticket, MINE, via="web")
    assert (told.value.phase, told.value.who) == ("resolved", "Старшая Смирнова")
    assert told.value.at == Ticket.objects.get().resolved_at
    assert words(told.value).startswith("Already resolved by Старшая Смирнова, ")
    assert (phase(ticket), written()) == ("resolved", before)


def test_what_the_customer_has_ended_names_the_customer(cast: Cast) -> None:
    ticket, boxed = open_by(cast.svetlana, cast.hosting), open_by(cast.svetlana, cast.equipment)
    close(actor(cast.svetlana), ticket, via="portal")
    close(actor(cast.svetlana), boxed, via="portal")
    for person, one, ended in ((cast.anna, ticket, "resolved"), (cast.boris, boxed, "closed")):
        with pytest.raises(AlreadyResolved) as told:
            resolve(actor(person), one, MINE, via="web")
        assert (told.value.phase, told.value.who) == (ended, "Светлана Иванова")


def test_nothing_is_closed_where_the_workflow_has_a_resolved_status(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    claim(actor(cast.anna), ticket, via="web")
    opened, closed = (
        Status.objects.get(workflow__key="service", key=k) for k in ("open", "closed")
    )
    Transition.objects.filter(source=opened, target__phase="resolved").delete()
    Transition.objects.create(source=opened, target=closed)
    before = written()
    with pytest.raises(workflow.MoveRefused):
        resolve(actor(cast.anna), ticket, MINE, via="web")
    assert (phase(ticket), written()) == ("open", before)


def test_where_there_is_no_resolved_status_resolving_closes(cast: Cast) -> None:
    boxed = open_by(cast.svetlana, cast.equipment)
    resolve(actor(cast.boris), boxed, MINE, via="web")
    assert phase(boxed) == "closed"


def test_bulk_leaves_resolved_tickets_as_they_are(cast: Cast) -> None:
    done, closed, fresh = (open_by(cast.svetlana, cast.hosting, f"No {n}") for n in range(3))
    resolve_by(cast.supervisor, done)
    close_by(cast.supervisor, closed)
    chosen = [one.number for one in (done, closed, fresh)]
    made = bulk.start(actor(cast.anna), "resolve", {"text": MINE.text}, chosen, via="web")
    bulk.work(made.pk)
    assert [phase(one) for one in (done, closed, fresh)] == ["resolved", "closed", "resolved"]
    refused = [one.why for one in bulks.progress(actor(cast.anna), made.pk).refused]
    assert [why.split(",")[0] for why in refused] == [
        "Already resolved by Старшая Смирнова",
        "Already closed by Старшая Смирнова",
    ]
    assert Message.objects.filter(text=MINE.text).count() == 1


def test_bulk_moves_to_no_resolved_status(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    with pytest.raises(ValidationError) as told:
        bulk.start(actor(cast.anna), "move", {"status": "resolved"}, [ticket.number], via="web")
    assert set(told.value.message_dict) == {"status"}
    # a key that is a resolved status here and another one elsewhere is settled ticket by ticket
    boxed = Status.objects.get(workflow__key="mailbox", key="waiting")
    Status.objects.filter(pk=boxed.pk).update(key="resolved")
    made = bulk.start(actor(cast.anna), "move", {"status": "resolved"}, [ticket.number], via="web")
    bulk.work(made.pk)
    (refused,) = bulks.progress(actor(cast.anna), made.pk).refused
    assert refused.why == "A ticket is resolved with an answer to the customer. Choose “Resolve”."
    assert phase(ticket) == "new"


def test_a_part_that_was_resolved_meanwhile_stays_resolved(cast: Cast) -> None:
    part = open_by(cast.svetlana, cast.hosting)
    main = open_by(cast.svetlana, cast.hosting, level=Level.objects.get(key="incidents"))
    link(actor(cast.anna), part, main, "part", via="web")
    made = incident.resolve_parts(actor(cast.anna), main, {"en": MINE.text}, via="web")
    resolve_by(cast.supervisor, part)
    bulk.work(made.pk)
    assert phase(part) == "resolved"
    assert not part.messages.filter(text=MINE.text).exists()


def test_of_two_that_wait_to_leave_the_second_is_a_draft_that_can_be_sent(
    cast: Cast, settings: Any
) -> None:
    settings.UNDO_SECONDS = 10
    ticket = open_by(cast.svetlana, cast.hosting)
    for person in (cast.supervisor, cast.anna):
        pending.put_off(actor(person), ticket, "resolve", MINE, seen=None, via="web")
    drafts.keep(actor(cast.anna), ticket, "reply", "By the way")
    PendingMessage.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    pending.sweep()
    assert phase(ticket) == "resolved"
    assert ticket.messages.filter(text=MINE.text).get().author == cast.supervisor
    refused = PendingMessage.objects.get(person=cast.anna)
    assert (refused.state, refused.problem) == ("parked", "already-resolved")
    kept = KeptDraft.objects.get(person=cast.anna)
    assert (kept.mode, kept.text) == ("reply", f"{MINE.text}\n\nBy the way")
