"""Both shipped workflows, move by move, and what happens by itself (product 4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from firstline.tickets import timers, workflow
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.move import close, move, reopen
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Status, Ticket
from tests.cast import Cast, actor, open_by

SERVICE = {
    "new": {"open", "in-progress", "needs-clarification", "resolved"},
    "open": {"in-progress", "needs-clarification", "resolved"},
    "in-progress": {"needs-clarification", "resolved"},
    "needs-clarification": {"open", "in-progress", "resolved"},
    "resolved": {"closed", "open"},
    "closed": set(),
}
SOON = timedelta(hours=3)


def put(ticket: Ticket, key: str) -> None:
    """Set the scene: the ticket in a status, however it came there."""
    status = Status.objects.get(workflow=ticket.department.workflow, key=key)
    Ticket.objects.filter(pk=ticket.pk).update(status=status, phase=status.phase)


def status_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status.key


@pytest.mark.parametrize("source", SERVICE)
@pytest.mark.parametrize("target", SERVICE)
def test_the_service_workflow_allows_these_moves_and_no_others(
    cast: Cast, source: str, target: str
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    put(ticket, source)
    until = timezone.now() + SOON
    if target == "resolved" and target in SERVICE[source]:
        with pytest.raises(workflow.AnswerNeeded):
            move(actor(cast.anna), ticket, target, via="web")
        resolve(actor(cast.anna), ticket, Draft("Done."), via="web")
        assert status_of(ticket) == target
    elif target in SERVICE[source]:
        move(actor(cast.anna), ticket, target, via="web", until=until)
        assert status_of(ticket) == target
    else:
        with pytest.raises(workflow.MoveRefused):
            move(actor(cast.anna), ticket, target, via="web", until=until)
        assert status_of(ticket) == source


@pytest.mark.parametrize("until", [None, timedelta(hours=-1)])
def test_needs_clarification_asks_until_when(cast: Cast, until: timedelta | None) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    moment = timezone.now() + until if until else None
    with pytest.raises(workflow.TimeNeeded):
        move(actor(cast.anna), ticket, "needs-clarification", via="web", until=moment)
    assert status_of(ticket) == "new"


def test_a_deferred_ticket_returns_by_itself_once(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=timezone.now() + SOON)
    timers.tick()
    assert status_of(ticket) == "needs-clarification"
    Ticket.objects.update(pending_until=timezone.now() - timedelta(minutes=1))
    timers.tick()
    timers.tick()
    found = Ticket.objects.get(pk=ticket.pk)
    assert (found.status.key, found.awaiting, found.pending_until) == ("open", "support", None)


def test_a_deferred_ticket_that_was_resumed_stays_as_it_is(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=timezone.now() + SOON)
    move(actor(cast.anna), ticket, "in-progress", via="web")
    Ticket.objects.update(pending_until=timezone.now() - timedelta(minutes=1))
    timers.tick()
    assert status_of(ticket) == "in-progress"


def test_resolved_tickets_close_by_themselves(cast: Cast) -> None:
    old, fresh = open_by(cast.svetlana, cast.hosting), open_by(cast.svetlana, cast.hosting)
    for ticket in (old, fresh):
        resolve(actor(cast.anna), ticket, Draft(text="Done."), via="web")
    Ticket.objects.filter(pk=old.pk).update(resolved_at=timezone.now() - timedelta(days=8))
    timers.tick()
    assert (status_of(old), status_of(fresh)) == ("closed", "resolved")


def test_the_mailbox_workflow_goes_round(cast: Cast) -> None:
    """New → (an agent is added) Open → (a reply) Waiting → (the customer writes) Open → Closed."""
    ticket = open_by(cast.svetlana, cast.equipment)
    boris, svetlana = actor(cast.boris), actor(cast.svetlana)
    seen = [status_of(ticket)]
    claim(boris, ticket, via="web")
    seen.append(status_of(ticket))
    reply(boris, ticket, Draft(text="An answer."), via="web")
    seen.append(status_of(ticket))
    reply(svetlana, ticket, Draft(text="More."), via="portal")
    seen.append(status_of(ticket))
    close(boris, ticket, via="web")
    seen.append(status_of(ticket))
    assert seen == ["new", "open", "waiting", "open", "closed"]


def test_a_customer_s_message_reopens_what_was_resolved(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    resolve(actor(cast.anna), ticket, Draft(text="Done."), via="web")
    assert status_of(ticket) == "resolved"
    reply(actor(cast.svetlana), ticket, Draft(text="It is back."), via="portal")
    assert status_of(ticket) == "open"


def test_closing_and_reopening(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    with pytest.raises(workflow.MoveRefused):
        close(actor(cast.anna), ticket, via="web")
    close(actor(cast.svetlana), ticket, via="portal")
    assert status_of(ticket) == "resolved"
    reopen(actor(cast.svetlana), ticket, via="portal")
    assert status_of(ticket) == "open"
    put(ticket, "closed")
    with pytest.raises(workflow.MoveRefused):
        reopen(actor(cast.anna), ticket, via="web")
