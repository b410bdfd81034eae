"""What leaves in a few seconds, unless its author takes it back (product 3.12).

Until then it is a row and nothing else: no message, no event, nothing for any customer. Exactly one
of the job and the author wins, because each settles the row by a conditional update.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from firstline.base.db import atomic, hold
from firstline.base.jobs import job
from firstline.base.work import Superseded
from firstline.files import store, upload
from firstline.files.models import File
from firstline.files.upload import Upload
from firstline.people.access import Actor, Forbidden, NotFound, actor_of
from firstline.people.models import Person
from firstline.tickets.actions import drafts
from firstline.tickets.actions.claim import Closed
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import PendingMessage, Ticket
from firstline.tickets.newer import ColleagueAnswered, CustomerWrote
from firstline.tickets.recipients import Recipients
from firstline.tickets.workflow import MoveRefused

log = structlog.get_logger(__name__)
State = PendingMessage.State
VERBS: dict[str, Callable[..., Any]] = {"reply": reply, "comment": comment, "resolve": resolve}
# Why a verb said no when the moment had come; pages have the words. The first that fits is told.
REFUSALS: dict[type[Exception], str] = {
    CustomerWrote: "customer-wrote",
    ColleagueAnswered: "colleague-answered",
    Closed: "closed",
    MoveRefused: "move-refused",
    ValidationError: "invalid",
    NotFound: "forbidden",
    Forbidden: "forbidden",
}
MARGIN = 0.3  # seconds: a job that comes too early finds nothing due
KEPT = timedelta(days=30)


class TooLate(Exception):
    """It has left already."""


def put_off(
    actor: Actor,
    ticket: Ticket,
    verb: str,
    draft: Draft,
    *,
    seen: int | None,
    via: str,
    is_internal: bool = False,
) -> PendingMessage:
    """Let a verb happen in `settings.UNDO_SECONDS`, if it could happen now.

    `is_internal`: it was typed as a hidden comment; taken back, it is marked as that again.
    Raises what the verb raises: NotFound, Forbidden, Closed, MoveRefused, NewerMessage, ValidationError.
    """
    author = actor.person
    if author is None or verb not in VERBS:
        raise NotFound(verb)
    with atomic():
        hold(Ticket.objects.filter(pk=ticket.pk))  # as everywhere before the rows below it
        with atomic():  # tried in earnest and undone: no rule stands anywhere twice
            VERBS[verb](actor, ticket, draft, via=via, seen=seen)
            transaction.set_rollback(True)
        _retire(actor, ticket, verb)
        now = timezone.now()
        row = PendingMessage.objects.create(
            ticket=ticket,
            person=author,
            verb=verb,
            text=draft.text.replace("\x00", ""),
            recipients=draft.recipients.as_kept() or {},
            seen=seen or 0,
            is_internal=is_internal,
            created_at=now,
            due_at=now + timedelta(seconds=settings.UNDO_SECONDS),
        )
        row.files.set(upload.save(Upload(one.name, one.content), actor.id) for one in draft.files)
        leave.after(settings.UNDO_SECONDS + MARGIN, row.pk)
    return row


def take_back(actor: Actor, ticket: Ticket, pending_id: int) -> PendingMessage:
    """Let it not happen: the text is a draft again, and the row says which; files are to be chosen anew.

    One that was refused is forgotten, its text has been a draft since then. Only its author may.
    Raises NotFound, TooLate.
    """
    row = _own(actor, ticket, pending_id)
    row.had_files = row.files.exists()
    with atomic():
        hold(Ticket.objects.filter(pk=ticket.pk))
        undecided = PendingMessage.objects.filter(pk=row.pk).exclude(state=State.DONE)
        if not undecided.update(state=State.DONE, text=""):
            raise TooLate
        if row.state == State.WAITING:
            drafts.put_back(row)
        _drop_files(row)
    return row


def send_now(actor: Actor, ticket: Ticket, pending_id: int) -> None:
    """Let it happen without waiting; only its author may. Raises NotFound, TooLate."""
    row = _own(actor, ticket, pending_id)
    waiting = PendingMessage.objects.filter(pk=row.pk, state=State.WAITING, attempts=row.attempts)
    if not waiting.update(due_at=timezone.now()):
        raise TooLate
    leave(row.pk)


@job
def leave(pending_id: int) -> None:
    """Do what was put off, as its author and with the rights that they have by now.

    What is refused becomes a draft again; a failure is tried again later.
    """
    row = PendingMessage.claim(pending_id)
    if row is None:
        return
    try:
        with atomic():
            _perform(row)
            if not row.finish(text=""):
                raise Superseded(str(row))
            _drop_files(row)
    except Superseded:
        log.info("taken back while it left", pending=row.pk)
    except tuple(REFUSALS) as problem:
        _give_back(row, next(why for kind, why in REFUSALS.items() if isinstance(problem, kind)))
    except Exception as problem:
        log.exception("said, but could not leave", pending=row.pk)
        if row.attempts < row.MOST_ATTEMPTS:
            row.retry(repr(problem))
        else:
            _give_back(row, "failed")


def sweep() -> int:
    """Do what is due and was left behind by a crash or a lost job."""
    return PendingMessage.sweep(leave)


def forget() -> None:
    """Delete what was settled long ago; run by the clock."""
    old = PendingMessage.objects.filter(created_at__lt=timezone.now() - KEPT)
    old.exclude(state=State.WAITING).delete()


def pending_for(actor: Actor, ticket: Ticket) -> list[PendingMessage]:
    """What leaves in a few seconds, whoever said it, and what of the actor's did not leave.

    Each with `file_count`. Only for members of staff.
    """
    if not getattr(ticket, "has_unsent", True):
        return []
    rows = PendingMessage.objects.filter(ticket=ticket).select_related("person", "ticket")
    told = Q(state=State.WAITING) | Q(state=State.PARKED, person=actor.id)
    return list(rows.filter(told).annotate(file_count=Count("files")).order_by("id"))


def accepted(
    actor: Actor, ticket: Ticket, mode: str, text: str, basis: drafts.Basis | None = None
) -> None:
    """A text was said from this mode's place: neither its draft nor an earlier refusal is news any more."""
    drafts.remove(actor, ticket, mode, text, basis)
    _retire(actor, ticket, mode)


def _own(actor: Actor, ticket: Ticket, pending_id: int) -> PendingMessage:
    own = PendingMessage.objects.filter(pk=pending_id, ticket=ticket, person=actor.id)
    row = own.first()
    if row is None:
        raise NotFound(str(pending_id))
    return row


def _perform(row: PendingMessage) -> None:
    author = Person.objects.select_related("staff").get(pk=row.person_id)
    ticket = Ticket.objects.get(pk=row.ticket_id)
    files = [Enclosure(one.name, store.read(one.sha256)) for one in row.files.order_by("pk")]
    draft = Draft(row.text, files=files, recipients=Recipients.of(row.recipients))
    VERBS[row.verb](actor_of(author), ticket, draft, via="web", seen=row.seen or None)


def _give_back(row: PendingMessage, why: str) -> None:
    """The row keeps the text as well: a page that is still open could overwrite the draft."""
    with atomic():
        hold(Ticket.objects.filter(pk=row.ticket_id))
        if row.refuse(why):
            drafts.put_back(row)


def _retire(actor: Actor, ticket: Ticket, mode: str) -> None:
    verbs = [one for one in drafts.PLACES[drafts.PLACE_OF[mode]] if one in VERBS]
    told = PendingMessage.objects.filter(ticket=ticket, person=actor.id, verb__in=verbs)
    told.filter(state=State.PARKED).update(state=State.DONE, text="")


def _drop_files(row: PendingMessage) -> None:
    """Forget its own rows of files; the message has others, and the bytes are the same."""
    File.objects.filter(pk__in=list(row.files.values_list("pk", flat=True))).delete()
