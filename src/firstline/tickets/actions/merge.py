"""Merge a ticket into another, and take that back (product 3.10, C67)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.base.db import atomic, hold
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, change, workflow
from firstline.tickets.actions import drafts
from firstline.tickets.family import end_of
from firstline.tickets.models import Merge, Status, Ticket
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import UNRESOLVED, Phase, Trigger

TURNS = 20
MOMENTS = ("waiting_since", "pending_until", "resolved_at", "closed_at")


class ConsentNeeded(Exception):
    """More people would read the ticket than do now: the one who merges has to agree to that."""


class _MovedOn(Exception):
    """The other ticket was merged meanwhile: its conversation goes on elsewhere."""


def merge(actor: Actor, ticket: Ticket, into: Ticket, *, via: str, agreed: bool = False) -> Ticket:
    """Close the ticket and show its messages in `into`, or where that goes on itself.

    Of two merged into each other at once one survives. `agreed`: others of the same company may
    read it from now on. Returns the ticket that it goes on in.
    Raises NotFound, Forbidden, ConsentNeeded, ValidationError.
    """
    actor.demand(Permission.TICKET_MERGE)
    for _turn in range(TURNS):
        end = end_of(Ticket.objects.get(pk=into.pk))
        if end.pk == ticket.pk:
            raise _refused(_("A ticket can't be merged into itself."))
        try:
            with atomic():
                return _put(actor, ticket, end, via, agreed=agreed)
        except _MovedOn:
            continue
    raise _refused(_("The other ticket changes too fast. Try again."))


def unmerge(actor: Actor, ticket: Ticket, *, via: str) -> Ticket:
    """Separate a merged ticket again, with the status it had; what was said since stays where it is.

    Raises NotFound, Forbidden, ValidationError.
    """
    with atomic():
        hold(Ticket.objects.filter(pk__in=[ticket.pk, *filter(None, [ticket.merged_into_id])]))
        ticket = access.get_for(actor, ticket.number, Permission.TICKET_MERGE)
        row = Merge.objects.filter(ticket=ticket, undone_at=None).select_related("into").first()
        if row is None or ticket.merged_into_id is None:
            raise _refused(_("The ticket is not merged into another one."))
        Merge.objects.filter(pk=row.pk).update(undone_at=clock.now())
        ticket.merged_into = None
        _restore(actor, ticket, row.before["ticket"], via)
        into = {"number": row.into.number, "other": row.into_id}
        change.record(actor, ticket, "ticket.unmerged", via, **into)
        mine = {"number": ticket.number, "other": ticket.pk}
        change.record(actor, row.into, "ticket.gave_back", via, **mine)
        change.save(ticket)
    return ticket


def _put(actor: Actor, ticket: Ticket, into: Ticket, via: str, *, agreed: bool) -> Ticket:
    """Both rows are ours from here on, taken in the order of their keys whoever merges what."""
    hold(Ticket.objects.filter(pk__in=[ticket.pk, into.pk]))
    ticket = access.get_for(actor, ticket.number, Permission.TICKET_MERGE)
    into = access.get_for(actor, into.number, Permission.TICKET_MERGE)
    if into.merged_into_id is not None:
        raise _MovedOn
    if ticket.merged_into_id is not None:
        raise _refused(_("This ticket is merged into another one already."))
    if into.phase == Phase.CLOSED:
        raise _refused(_("That ticket is closed: reopen it first, or merge the other way round."))
    if _asks(ticket, into) and not agreed:
        raise ConsentNeeded
    before = {"ticket": _state(ticket), "into": _state(into)}
    waits = ticket.phase in UNRESOLVED and ticket.awaiting == Awaiting.SUPPORT
    since = ticket.waiting_since
    ticket.merged_into = into
    Merge.objects.create(ticket=ticket, into=into, by=actor.person, before=before)
    change.record(actor, ticket, "ticket.merged", via, number=into.number, other=into.pk)
    _close(actor, ticket, via)
    change.save(ticket)
    change.record(actor, into, "ticket.took_in", via, number=ticket.number, other=ticket.pk)
    if waits:
        _wait(actor, into, since, via)
    into.agents.add(*ticket.agents.all())
    drafts.move(ticket, into)
    change.save(into)
    return into


def _asks(ticket: Ticket, into: Ticket) -> bool:
    """Whether somebody new would read the ticket; refuse where that must not be (LEAK rule).

    Raises ValidationError: other companies, partners and lines never read each other's words, and
    nobody loses sight of what they asked.
    """
    same_line = (ticket.partner_id, ticket.custody) == (into.partner_id, into.custody)
    strangers = ticket.company_id != into.company_id or (
        ticket.company_id is None and ticket.requester_id != into.requester_id
    )
    lost = ticket.requester is not None and not access.belongs(ticket.requester, into)
    other_project = into.project_id is not None and into.project_id != ticket.project_id
    project = into.project if other_project else None
    if project is not None and project.company_id != into.company_id:
        strangers = True
    if ticket.alert_type or into.alert_type:
        raise _refused(_("Alerts can't be merged. Link the tickets instead."))
    if not same_line or strangers or lost:
        raise _refused(
            _("Their customers may not read each other's words. Link the tickets instead.")
        )
    return other_project or ticket.requester_id != into.requester_id


def _close(actor: Actor, ticket: Ticket, via: str) -> None:
    """The workflow has no say in it: what goes on elsewhere is closed here."""
    if ticket.phase == Phase.CLOSED:
        return
    statuses = Status.objects.filter(workflow=ticket.status.workflow_id)
    ends = {status.phase: status for status in statuses.order_by("-position")}
    target = ends.get(Phase.CLOSED) or ends.get(Phase.RESOLVED)
    if target is None:
        raise _refused(_("The workflow of this ticket has no status that ends it."))
    change.set_status(actor, ticket, target, via, why="merged")


def _wait(actor: Actor, into: Ticket, since: Any, via: str) -> None:
    """Whoever waited for us in the merged ticket waits in this one."""
    waited = into.awaiting == Awaiting.SUPPORT and into.phase in UNRESOLVED
    into.waiting_since = min(since, into.waiting_since) if waited else since
    into.awaiting = Awaiting.SUPPORT
    change.pull(actor, into, Trigger.CUSTOMER_WROTE, via)


def _state(ticket: Ticket) -> dict[str, Any]:
    state: dict[str, Any] = {"status": ticket.status_id, "awaiting": ticket.awaiting}
    for name in MOMENTS:
        moment = getattr(ticket, name)
        state[name] = moment.isoformat() if moment else None
    return state


def _restore(actor: Actor, ticket: Ticket, state: dict[str, Any], via: str) -> None:
    """Put the ticket where it was; in a workflow changed meanwhile, at its beginning."""
    statuses = Status.objects.filter(workflow=ticket.status.workflow_id)
    target = statuses.filter(pk=state["status"]).first()
    target = target or workflow.initial(ticket.status.workflow)
    if target.pk != ticket.status_id:
        change.set_status(actor, ticket, target, via, why="unmerged")
    ticket.awaiting = state["awaiting"]
    for name in MOMENTS:
        if state[name] or name != "waiting_since":
            setattr(ticket, name, parse_datetime(state[name]) if state[name] else None)


def _refused(text: str) -> ValidationError:
    return ValidationError({"into": text})
