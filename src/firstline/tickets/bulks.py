"""How far a bulk is, and why some of its tickets were left as they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from firstline.base.ids import read_id
from firstline.people.access import Actor, Forbidden, NotFound
from firstline.people.models import Staff, Team
from firstline.tickets import ended
from firstline.tickets.access import OtherLine, each_of, visible_to
from firstline.tickets.actions.claim import Closed, TakenBy
from firstline.tickets.models import Bulk, BulkItem, Status, Ticket
from firstline.tickets.workflow import AnswerNeeded, MoveRefused, TimeNeeded

NAMED = 20  # of the tickets it was done to: the rest is a number
REFUSALS = (
    ended.AlreadyResolved,
    AnswerNeeded,
    Closed,
    Forbidden,
    MoveRefused,
    NotFound,
    TakenBy,
    TimeNeeded,
    ValidationError,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A ticket that was left as it is; None where the reader can't see it any more."""

    ticket: Ticket | None
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is."""

    pk: int
    verb: str
    total: int
    done: int
    refused: list[Refused]
    begins_at: datetime | None = None  # until then it can be taken back

    @property
    def ended(self) -> int:
        return self.done + len(self.refused)

    @property
    def is_over(self) -> bool:
        return self.ended == self.total


def progress(actor: Actor, pk: int) -> Progress:
    """A bulk of the actor's own; four queries. Raises NotFound."""
    bulk = Bulk.objects.filter(pk=pk, by=actor.id).first() if actor.is_staff else None
    if bulk is None:
        raise NotFound(str(pk))
    states = BulkItem.objects.filter(bulk=bulk).values_list("state").order_by()
    found = list(states.annotate(Count("pk"), Max("attempts"), Min("due_at")))
    counts = {state: number for state, number, _attempts, _due in found}
    waits = len(found) == 1 and found[0][0] == BulkItem.State.WAITING and found[0][2] == 0
    begins_at = found[0][3] if waits and found[0][3] > timezone.now() else None
    left = BulkItem.objects.filter(bulk=bulk, state=BulkItem.State.PARKED).order_by("pk")
    rows = list(left.values_list("ticket", "problem"))
    seen = each_of(visible_to(actor)).in_bulk([ticket_id for ticket_id, _problem in rows])
    refused = [Refused(seen.get(ticket_id), problem) for ticket_id, problem in rows]
    total = sum(counts.values())
    done = counts.get(BulkItem.State.DONE, 0)
    return Progress(bulk.pk, bulk.verb, total, done, refused, begins_at)


@dataclass(frozen=True, slots=True)
class Account:
    """What was asked for, in words, and the first of the tickets it was done to."""

    what: str
    tickets: list[Ticket]
    more: int


def account(actor: Actor, far: Progress) -> Account:
    """What a bulk of the actor's own did; four queries at most. Read `progress` first: it checks."""
    bulk = Bulk.objects.get(pk=far.pk, by=actor.id)
    items = BulkItem.objects.filter(bulk=bulk, state=BulkItem.State.DONE).order_by("pk")
    first = list(items.values_list("ticket", flat=True)[:NAMED])
    seen = each_of(visible_to(actor)).in_bulk(first)
    tickets = [seen[pk] for pk in first if pk in seen]
    return Account(_what(bulk.verb, bulk.params), tickets, max(0, far.done - len(first)))


def _what(verb: str, params: dict[str, Any]) -> str:
    """What the verb was given: a name, a status, tags, an incident; empty where it needs nothing."""
    match verb:
        case "assign":
            return _answerer(params["to"])
        case "move":
            status = Status.objects.filter(key=params["status"]).order_by("pk").first()
            return status.label if status else str(params["status"])
        case "tag":
            return ", ".join([*params["add"], *(f"− {name}" for name in params["remove"])])
        case "link":
            return str(params["incident"])
    return ""


def _answerer(to: str) -> str:
    kind, _dash, text = to.partition("-")
    pk = read_id(text) or 0
    if kind == "staff":
        staff = Staff.objects.select_related("person").filter(pk=pk).first()
        return staff.person.display_name if staff else ""
    team = Team.objects.filter(pk=pk).first() if kind == "team" else None
    return team.label if team else pgettext("agent", "Nobody")


def words(refusal: Exception) -> str:
    """Why a ticket was left as it is, in the language of whoever asked for it."""
    match refusal:
        case TakenBy():
            return _("%(who)s has the ticket.") % {"who": refusal.person.display_name}
        case Closed():
            return _("The ticket is closed.")
        case ended.AlreadyResolved():
            return ended.words(refusal)
        case AnswerNeeded():
            return _("A ticket is resolved with an answer to the customer. Choose “Resolve”.")
        case MoveRefused(allowed=[]):
            return _("“%(status)s” is final: the status can't be changed any more.") % {
                "status": refusal.source.label
            }
        case MoveRefused():
            return _("From “%(status)s” the workflow leads only to: %(allowed)s.") % {
                "status": refusal.source.label,
                "allowed": ", ".join(status.label for status in refusal.allowed),
            }
        case TimeNeeded():
            return _("Choose when the ticket comes back: a date and time in the future.")
        case OtherLine():
            return _("The other line works on this ticket.")
        case ValidationError():
            return " ".join(refusal.messages)
        case NotFound():
            return _("It is not there, or it is not for you.")
    return _("You may not do this with this ticket.")
