"""Keep what is typed and not sent: on every device, whatever ends before it was said (C66)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from firstline.base.db import atomic, hold
from firstline.people.access import Actor, NotFound, actor_of
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.models import KeptDraft, PendingMessage, Ticket
from firstline.tickets.recipients import Recipients

# The places where one types on a ticket, each with the ways in which its one text can be sent.
PLACES = {
    "composer": ("reply", "hidden", "between"),
    "comment": ("comment", "aside"),
    "resolve": ("resolve",),
}
PLACE_OF = {mode: place for place, modes in PLACES.items() for mode in modes}
NOT_PUBLIC = frozenset({"aside", "between", "hidden"})
HIDDEN_OF = {"reply": "hidden", "comment": "aside"}
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a text was typed over.

    `version`: the `KeptDraft.version` that its page had last, empty for none. `page`: which open page
    it is; it may have missed the answer about a version of its own.
    """

    version: str = ""
    page: str = ""

    def covers(self, kept: KeptDraft, text: str) -> bool:
        """Whether nothing typed elsewhere is lost when `text` takes the place of `kept`."""
        is_own = bool(self.page) and self.page == kept.page
        return is_own or self.version == kept.version or text.startswith(kept.text.rstrip())


class ChangedElsewhere(Exception):
    """The draft was changed in another window or on another device; `kept` is how it is now."""

    def __init__(self, kept: KeptDraft) -> None:
        super().__init__(kept.version)
        self.kept = kept


def keep(
    actor: Actor,
    ticket: Ticket,
    mode: str,
    text: str,
    recipients: Recipients | None = None,
    *,
    is_internal: bool = False,
    basis: Basis | None = None,
) -> KeptDraft | None:
    """Keep a text as the actor's draft, with who else is to get it; an empty one removes it.

    None leaves the `recipients` as they are kept. A place has one text. Typed as a hidden comment
    once (`is_internal`, or a mode that is not public), it stays one until it is sent or emptied:
    kept for a public mode it comes back as hidden. Without a `basis` it takes the place of whatever
    is kept. Raises NotFound, Forbidden, ChangedElsewhere.
    """
    if mode not in PLACE_OF:
        raise NotFound(mode)
    ticket = access.get_for(actor, ticket.number, Permission.TICKET_NOTE)
    text = text.replace("\x00", "").replace("\r\n", "\n")
    with atomic():
        kept = _held(actor.id, ticket.pk, mode)
        if basis is not None and kept is not None and not basis.covers(kept, text):
            raise ChangedElsewhere(kept)
        if not text.strip():
            _here(actor.id, ticket.pk, mode).delete()
            return None
        draft = kept or KeptDraft(person=actor.person, ticket=ticket)
        draft.is_internal = draft.is_internal or is_internal or mode in NOT_PUBLIC
        draft.mode = HIDDEN_OF.get(mode, mode) if draft.is_internal else mode
        draft.text, draft.page = text, basis.page if basis else ""
        if recipients is not None:
            draft.recipients = recipients.as_kept() or {}
        _save(draft)
    return draft


def is_internal(actor: Actor, ticket: Ticket, mode: str) -> bool:
    """Whether the draft of a mode's place was typed as a hidden comment."""
    return _here(actor.id, ticket.pk, mode).filter(is_internal=True).exists()


def put_back(row: PendingMessage) -> None:
    """Let a text that was not sent after all be a draft again, above what was typed meanwhile."""
    with atomic():
        typed = _held(row.person_id, row.ticket_id, row.verb)
        draft = typed or KeptDraft(person_id=row.person_id, ticket_id=row.ticket_id, mode=row.verb)
        if row.text not in draft.text:
            draft.text = _joined(row.text, draft.text)
        draft.recipients = draft.recipients or row.recipients
        _mark(draft, row.is_internal)
        _save(draft)


def move(ticket: Ticket, into: Ticket) -> None:
    """Let drafts on a merged ticket go along, below what is typed on the other one already.

    The caller holds both tickets. Whoever does not see the other one finds theirs where it was.
    """
    for draft in KeptDraft.objects.filter(ticket=ticket).select_related("person__staff"):
        if not access.visible_to(actor_of(draft.person)).filter(pk=into.pk).exists():
            continue
        typed = _held(draft.person_id, into.pk, draft.mode)
        if typed is None:
            draft.ticket = into
            _save(draft)
            continue
        typed.text = _joined(typed.text, draft.text)
        _mark(typed, draft.is_internal)
        draft.delete()
        _save(typed)


def remove(actor: Actor, ticket: Ticket, mode: str, text: str, basis: Basis | None = None) -> None:
    """Forget the draft of a mode's place: `text` was accepted. What was typed elsewhere stays."""
    with atomic():
        kept = _held(actor.id, ticket.pk, mode)
        if kept is not None and (basis is None or basis.covers(kept, text)):
            _here(actor.id, ticket.pk, mode).delete()


def kept_for(actor: Actor, ticket: Ticket) -> dict[str, KeptDraft]:
    """The actor's drafts on a ticket by place."""
    kept = KeptDraft.objects.filter(person=actor.id, ticket=ticket).order_by("updated_at")
    return {PLACE_OF[draft.mode]: draft for draft in kept if draft.mode in PLACE_OF}


def forget() -> None:
    """Delete drafts that nobody has touched for a month; run by the clock."""
    KeptDraft.objects.filter(updated_at__lt=timezone.now() - KEPT).delete()


def _here(person_id: int | None, ticket_id: int, mode: str) -> QuerySet[KeptDraft]:
    modes = PLACES[PLACE_OF[mode]]
    return KeptDraft.objects.filter(person=person_id, ticket=ticket_id, mode__in=modes)


def _held(person_id: int | None, ticket_id: int, mode: str) -> KeptDraft | None:
    """The draft of a mode's place as it is now. The ticket is locked, because there may be none yet."""
    hold(Ticket.objects.filter(pk=ticket_id))
    return _here(person_id, ticket_id, mode).order_by("updated_at").last()


def _joined(first: str, second: str) -> str:
    return f"{first}\n\n{second}" if second.strip() else first


def _mark(draft: KeptDraft, is_internal: bool) -> None:
    """What was typed as hidden in part is hidden as a whole; the open pages have not seen it yet."""
    draft.is_internal, draft.page = draft.is_internal or is_internal, ""
    if draft.is_internal:
        draft.mode = HIDDEN_OF.get(draft.mode, draft.mode)


def _save(draft: KeptDraft) -> None:
    """Write the one draft of its place, as a new version."""
    draft.updated_at = timezone.now()
    _here(draft.person_id, draft.ticket_id, draft.mode).exclude(pk=draft.pk).delete()
    draft.save()
