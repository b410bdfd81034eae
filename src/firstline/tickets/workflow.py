"""What a workflow allows and what it does by itself (product 4). It reads data and decides; no more."""

from django.core.cache import cache

from firstline.base.lookups import Lookup
from firstline.people.access import Forbidden
from firstline.tickets.models import Automatic, Status, Ticket, Transition, Workflow
from firstline.tickets.models.ticket import Awaiting, DeskGroup
from firstline.tickets.models.workflow import Phase, Trigger

REMEMBERED = 5.0  # seconds; each page of a ticket asks what its status leads to


class MoveRefused(Forbidden):
    """The workflow has no such move."""

    def __init__(self, source: Status, target: Status | None, allowed: list[Status]) -> None:
        super().__init__(f"{source.key} → {target.key if target else '?'}")
        self.source, self.target, self.allowed = source, target, allowed


class TimeNeeded(ValueError):
    """A deferred status asks until when, and that must lie ahead."""


class AnswerNeeded(ValueError):
    """A ticket is resolved with an answer to the customer (`actions.resolve`), never by a bare move."""


def _initials(workflows: list[int]) -> dict[int, Status]:
    found = Status.objects.filter(workflow__in=workflows, is_initial=True)
    return {status.workflow_id: status for status in found}


_initial = Lookup(_initials)


def initial(workflow: Workflow) -> Status:
    """The status a new ticket begins with."""
    status = _initial(workflow.pk)
    if status is None:
        raise Status.DoesNotExist(f"workflow {workflow.pk} begins nowhere")
    return status


def allowed_moves(ticket: Ticket) -> list[Status]:
    """The statuses that people may move the ticket to, in the workflow's order; a merged one stays closed."""
    if ticket.merged_into_id is not None:
        return []
    moves = Transition.objects.filter(source=ticket.status_id).select_related("target")
    return sorted((move.target for move in moves), key=lambda status: status.position)


def moves_to_offer(ticket: Ticket) -> list[Status]:
    """`allowed_moves` as they were some seconds ago at most: the move itself is checked again."""
    key = f"moves:{ticket.status_id}"
    found: list[Status] | None = cache.get(key) if ticket.merged_into_id is None else []
    if found is None:
        found = allowed_moves(ticket)
        cache.set(key, found, REMEMBERED)
    return found


def can_be_reopened(closed: Status) -> bool:
    """Whether people may take a ticket out of this closed status again, as it was seconds ago at most."""
    key = f"reopens:{closed.pk}"
    found: bool | None = cache.get(key)
    if found is None:
        found = Transition.objects.filter(source=closed, target__phase=Phase.OPEN).exists()
        cache.set(key, found, REMEMBERED)
    return found


def check_move(ticket: Ticket, target: Status | None) -> Status:
    """The target, if the workflow has this move; there is no other way. Raises MoveRefused."""
    allowed = allowed_moves(ticket)
    if target is None or target not in allowed:
        raise MoveRefused(ticket.status, target, allowed)
    return target


def resolved_keys(ticket: Ticket) -> set[str]:
    """The keys of the resolved statuses of the ticket's workflow; empty where it knows none."""
    resolved = Status.objects.filter(workflow=ticket.status.workflow_id, phase=Phase.RESOLVED)
    return set(resolved.values_list("key", flat=True))


def by_itself(ticket: Ticket, trigger: Trigger) -> Status | None:
    """Where the trigger takes the ticket, None if it stays."""
    moves = Automatic.objects.filter(source=ticket.status_id, trigger=trigger).select_related(
        "target"
    )
    found = moves.first()
    return found.target if found else None


def desk_group(ticket: Ticket) -> DeskGroup:
    """The group of the desk that shows this ticket (product 5.1).

    Resolved and closed ones are not shown; on the first level only those that wait for us are, and
    a deferred one does so once its time has come.
    """
    if ticket.phase in {Phase.RESOLVED, Phase.CLOSED}:
        return DeskGroup.NONE
    if not ticket.level.is_first:
        return DeskGroup.LEVEL
    if ticket.phase == Phase.DEFERRED and ticket.pending_until is not None:
        return DeskGroup.NONE
    if ticket.first_reply_at is None:
        return DeskGroup.NEW
    return DeskGroup.REPLY if ticket.awaiting == Awaiting.SUPPORT else DeskGroup.NONE
