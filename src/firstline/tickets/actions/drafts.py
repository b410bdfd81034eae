"""Keep what is typed and not sent: on every device, whatever ends before it was said (C66)."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from firstline.base.db import atomic
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.models import KeptDraft, PendingMessage, Ticket
from firstline.tickets.models.workflow import Phase
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


def keep(
    actor: Actor, ticket: Ticket, mode: str, text: str, recipients: Recipients | None = None
) -> KeptDraft | None:
    """Keep a text as the actor's draft, with who else is to get it; an empty one removes it.

    None leaves the `recipients` as they are kept. A place has one text: kept as hidden, it is no
    draft of a reply any more. Raises NotFound, Forbidden.
    """
    if mode not in PLACE_OF:
        raise NotFound(mode)
    ticket = access.get_for(actor, ticket.number, Permission.TICKET_NOTE)
    text = text.replace("\x00", "").replace("\r\n", "\n")
    values: dict[str, Any] = {"text": text, "updated_at": timezone.now()}
    if recipients is not None:
        values["recipients"] = recipients.as_kept() or {}
    with atomic():
        here = _here(actor.id, ticket.pk, mode)
        if not text.strip():
            here.delete()
            return None
        here.exclude(mode=mode).delete()
        return KeptDraft.objects.update_or_create(
            person=actor.person,
            ticket=ticket,
            mode=mode,
            defaults=values,
        )[0]


def put_back(row: PendingMessage) -> None:
    """Let a text that was not sent after all be a draft again, above what was typed meanwhile."""
    _add(row.person_id, row.ticket, row.verb, row.text, row.recipients)


def move_to_composer(
    person_id: int, ticket: Ticket, text: str, recipients: dict[str, Any] | None
) -> None:
    """Let the text of the resolve window be the composer's draft: on a ticket that is resolved there
    is no such window. A closed ticket takes hidden comments alone.
    """
    with atomic():
        _here(person_id, ticket.pk, "resolve").delete()
        mode = "hidden" if ticket.phase == Phase.CLOSED else "reply"
        _add(person_id, ticket, mode, text.replace("\r\n", "\n"), recipients)


def _add(
    person_id: int, ticket: Ticket, mode: str, text: str, recipients: dict[str, Any] | None
) -> None:
    typed = _here(person_id, ticket.pk, mode).first()
    if typed is None:
        KeptDraft.objects.create(
            person_id=person_id, ticket=ticket, mode=mode, text=text, recipients=recipients
        )
    elif text not in typed.text:
        typed.text = f"{text}\n\n{typed.text}"
        typed.recipients = typed.recipients or recipients
        typed.updated_at = timezone.now()
        typed.save()


def remove(actor: Actor, ticket: Ticket, mode: str) -> None:
    """Forget the draft of a mode's place: its text was accepted."""
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
