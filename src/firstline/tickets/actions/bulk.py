"""One act on many tickets: each by its own verb, as its author, with the rights of that moment."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.ids import read_id
from firstline.base.jobs import job
from firstline.base.languages import known
from firstline.base.work import Superseded
from firstline.people.access import Actor, NotFound, actor_of
from firstline.people.models import Person, Staff, Team
from firstline.people.roles import Permission
from firstline.tickets import access, answerers, bulks
from firstline.tickets.actions.assign import assign, hand_on
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.link import link
from firstline.tickets.actions.move import move
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.actions.tag import read, tag
from firstline.tickets.messages import Draft
from firstline.tickets.models import Bulk, BulkItem, Status, Ticket
from firstline.tickets.models.workflow import Phase
from firstline.tickets.workflow import AnswerNeeded

log = structlog.get_logger(__name__)
MOST = 500
MARGIN = 0.3  # seconds: a job that comes too early finds nothing due
Params = Mapping[str, Any]


class TooLate(Exception):
    """It has begun already."""


def start(actor: Actor, verb: str, params: Params, numbers: Iterable[str], *, via: str) -> Bulk:
    """Let a worker do `verb` to the tickets with these numbers, one by one.

    Numbers of tickets that the actor does not see are as if they were not there.
    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.BULK_OPEN)
    if verb in NEEDS:  # the worker acts with all rights of the person, a token has perhaps fewer
        actor.demand(NEEDS[verb])
    wanted = {number for number in numbers if "\x00" not in number}
    if len(wanted) > MOST:
        text = _("Choose at most %(most)d tickets at once; these are %(number)d.")
        raise ValidationError({"numbers": text % {"most": MOST, "number": len(wanted)}})
    seen = access.each_of(access.visible_to(actor)).filter(number__in=wanted).order_by("pk")
    ids = list(seen.values_list("pk", flat=True))
    if not ids:
        raise ValidationError({"numbers": _("Choose the tickets first.")})
    return enqueue(actor, verb, checked(actor, verb, params) | {"via": via}, ids)


def enqueue(actor: Actor, verb: str, params: dict[str, Any], ids: Iterable[int]) -> Bulk:
    """Write the rows of a bulk that was checked; a worker begins after the commit.

    What people resolve or close can be taken back for `settings.UNDO_SECONDS`, as one by one.
    """
    wait = settings.UNDO_SECONDS if params.get("via") == "web" and _ends(verb, params) else 0
    due_at = timezone.now() + timedelta(seconds=wait)
    with atomic():
        bulk = Bulk.objects.create(by_id=actor.id or 0, verb=verb, params=params)
        BulkItem.objects.bulk_create(BulkItem(bulk=bulk, ticket_id=pk, due_at=due_at) for pk in ids)
        if wait:
            work.after(wait + MARGIN, bulk.pk)
        else:
            work.later(bulk.pk)
    return bulk


def _ends(verb: str, params: Params) -> bool:
    closed = Status.objects.filter(key=params.get("status", ""), phase=Phase.CLOSED)
    return verb == "resolve" or (verb == "move" and closed.exists())


def take_back(actor: Actor, bulk_id: int) -> None:
    """Let a bulk of the actor's own not happen, if it has not begun. Raises NotFound, TooLate."""
    if not Bulk.objects.filter(pk=bulk_id, by=actor.id).exists():
        raise NotFound(str(bulk_id))
    items = BulkItem.objects.filter(bulk=bulk_id)
    with atomic():
        fresh = items.filter(state=BulkItem.State.WAITING, attempts=0)
        fresh.filter(due_at__gt=timezone.now()).delete()
        if items.exists():
            raise TooLate
        Bulk.objects.filter(pk=bulk_id).delete()


def checked(actor: Actor, verb: str, params: Params) -> dict[str, Any]:
    """What the verb needs, so that nothing is refused five hundred times. Raises ValidationError."""
    match verb:
        case "claim":
            return {}
        case "assign":
            return {"to": _someone(actor, str(params.get("to", "")))}
        case "move" if params.get("status"):
            return {"status": _goal(str(params["status"]))}
        case "move":
            raise ValidationError({"status": _("Choose a status.")})
        case "tag":
            add, remove = read(params.get("add", ())), read(params.get("remove", ()))
            if not add and not remove:
                raise ValidationError({"add": _("Name a tag to add or to remove.")})
            return {"add": add, "remove": remove}
        case "resolve":
            Draft(str(params.get("text", ""))).check()
            return {"text": str(params["text"])}
        case "link" if params.get("incident"):
            return {"incident": str(params["incident"])}
        case "link":
            raise ValidationError({"incident": _("Name the incident.")})
    raise ValidationError({"verb": _("There is no such act.")})


def needs_answer(key: str) -> bool:
    """Whether tickets get to the statuses with this key by resolving alone, which answers them."""
    phases = Status.objects.filter(key=key.replace("\x00", "")).values_list("phase", flat=True)
    return set(phases) == {Phase.RESOLVED}


def _goal(key: str) -> str:
    """The key of the status to move to, unless that needs an answer."""
    if needs_answer(key):
        raise ValidationError({"status": bulks.words(AnswerNeeded())})
    return key.replace("\x00", "")


def _someone(actor: Actor, to: str) -> str:
    """`staff-1`, `team-2` or `nobody`, if there is such a one whom the actor may name."""
    if to != "nobody" and not answerers.may_name(actor, _find(to)):
        raise ValidationError({"to": _("Choose who is to answer.")})
    return to


def _find(to: str) -> Staff | Team | None:
    kind, _dash, text = to.partition("-")
    pk = read_id(text) or 0
    if kind == "staff":
        return Staff.objects.select_related("person").filter(pk=pk).first()
    return Team.objects.filter(pk=pk).first() if kind == "team" else None


@job
def work(bulk_id: int) -> None:
    """Do what is left of a bulk; two at once share it, and each ticket is done once."""
    left = BulkItem.objects.filter(bulk=bulk_id, state=BulkItem.State.WAITING).order_by("pk")
    for pk in list(left.values_list("pk", flat=True)):
        work_one(pk)


def work_one(item_id: int) -> None:
    """Do one ticket of a bulk, if nobody else does; what it did and that it is done are one commit."""
    item = BulkItem.claim(item_id)
    if item is None:
        return
    bulk = Bulk.objects.select_related("by__staff").get(pk=item.bulk_id)
    with translation.override(known(bulk.by.language)):
        try:
            with atomic():
                ticket = Ticket.objects.get(pk=item.ticket_id)
                VERBS[bulk.verb](_author(bulk), ticket, bulk.params)
                if not item.finish():
                    raise Superseded
        except Superseded:
            log.warning("bulk item was done by another worker", item=item.pk)
        except bulks.REFUSALS as refusal:
            item.refuse(bulks.words(refusal))
        except Exception:
            log.exception("bulk item failed", item=item.pk)
            item.retry(_("Something failed on our side. It is written to the log."))


def sweep() -> int:
    """Take up what a crash or a lost job left behind."""
    return BulkItem.sweep(work_one)


def _author(bulk: Bulk) -> Actor:
    """Who asked for it, with what they may do now."""
    return actor_of(Person.objects.select_related("staff").get(pk=bulk.by_id))


def _claim(actor: Actor, ticket: Ticket, params: Params) -> None:
    claim(actor, ticket, via=params["via"])


def _assign(actor: Actor, ticket: Ticket, params: Params) -> None:
    if "from" in params:  # of somebody who was deactivated (tickets/actions/staff.py)
        hand_on(actor, ticket, params["from"], _find(params["to"]), via=params["via"])
    else:
        assign(actor, ticket, _find(params["to"]), via=params["via"])


def _move(actor: Actor, ticket: Ticket, params: Params) -> None:
    move(actor, ticket, params["status"], via=params["via"])


def _tag(actor: Actor, ticket: Ticket, params: Params) -> None:
    tag(actor, ticket, params["add"], params["remove"], via=params["via"])


def _resolve(actor: Actor, ticket: Ticket, params: Params) -> None:
    """The same text to all, or to each customer the one in their language."""
    texts = params.get("texts")
    text = params.get("text", "")
    if texts:
        reader = ticket.requester.language if ticket.requester else None
        text = texts.get(known(reader), "")
    resolve(actor, ticket, Draft(text), via=params["via"])


def _link(actor: Actor, ticket: Ticket, params: Params) -> None:
    incident = Ticket.objects.filter(number=params["incident"]).first()
    if incident is None:
        raise NotFound(params["incident"])
    link(actor, ticket, incident, "part", via=params["via"])


NEEDS = {
    "assign": Permission.TICKET_ASSIGN,
    "claim": Permission.TICKET_CLAIM,
    "link": Permission.TICKET_LINK,
    "move": Permission.TICKET_MOVE,
    "resolve": Permission.TICKET_RESOLVE,
    "tag": Permission.TICKET_TAG,
}
VERBS: dict[str, Callable[[Actor, Ticket, Params], None]] = {
    "assign": _assign,
    "claim": _claim,
    "link": _link,
    "move": _move,
    "resolve": _resolve,
    "tag": _tag,
}
