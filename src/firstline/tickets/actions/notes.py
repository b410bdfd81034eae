"""Write the notes for support (cap 82-83): of two editors at once nobody's text is lost (C67)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import Actor, Forbidden
from firstline.people.roles import Permission
from firstline.tickets import change, notes
from firstline.tickets.access import partner_of
from firstline.tickets.models import NotesVersion, Ticket

LONGEST = 20_000


class NotesChanged(Exception):
    """Somebody wrote meanwhile: `theirs` stands now, `mine` was not saved."""

    def __init__(self, theirs: NotesVersion, mine: str) -> None:
        super().__init__(theirs.number)
        self.theirs, self.mine = theirs, mine


def write_notes(
    actor: Actor, ticket: Ticket, text: str, *, based_on: int, via: str
) -> NotesVersion | None:
    """Leave `text` as the notes of the actor's own line, on top of the version that they saw.

    `based_on` is the number of that version, 0 where there was none. The same text again writes
    nothing. Returns what stands now. Raises NotFound, Forbidden, NotesChanged, ValidationError.
    """
    author = actor.person
    if author is None:
        raise Forbidden(Permission.NOTES_EDIT)  # nothing writes notes but people
    wanted = text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    if len(wanted) > LONGEST:
        most = _("The notes are too long: at most %(number)s characters.") % {"number": LONGEST}
        raise ValidationError({"text": most})
    with atomic():
        ticket = change.begin(actor, ticket, Permission.NOTES_EDIT)
        now = notes.current(actor, ticket)
        if wanted == (now.text if now else ""):
            return now
        if now is not None and now.number != based_on:
            raise NotesChanged(now, wanted)
        version = NotesVersion.objects.create(
            ticket=ticket,
            partner_id=partner_of(actor),
            number=now.number + 1 if now else 1,
            text=wanted,
            author=author,
            at=clock.now(),
        )
        # The text stands in its version alone: events travel further than notes may.
        line = partner_of(actor) or 0
        change.record(actor, ticket, "ticket.notes_changed", via, line=line, version=version.number)
    return version
