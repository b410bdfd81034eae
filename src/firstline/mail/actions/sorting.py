"""What people do with mail that became nothing: a ticket, or spam."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.languages import guess
from firstline.events import log
from firstline.files import store
from firstline.mail import addresses
from firstline.mail.access import get_raw_for
from firstline.mail.inbound.place import draft_of
from firstline.mail.mime.parse import Mail, Unreadable, parse
from firstline.mail.models import UNSORTED, Outcome, RawMail
from firstline.people.access import Actor, as_customer
from firstline.people.actions.people import meet
from firstline.people.roles import Permission
from firstline.tickets.actions.open import Fields, first_message
from firstline.tickets.catalogue import departments_for
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Ticket

IS_UNSORTED = Q(state=RawMail.State.PARKED) | Q(state=RawMail.State.DONE, outcome__in=UNSORTED)


class AlreadySorted(Exception):
    """The mail became something meanwhile, or is being read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The ticket to make of a mail: whose it is, and for which department (its id)."""

    email: str
    name: str
    department: int


def make_ticket(actor: Actor, mail_id: int, wanted: Wanted, *, via: str) -> Ticket:
    """Open a ticket with what the mail says; nobody is written to until somebody answers.

    Raises NotFound, Forbidden, AlreadySorted, ValidationError.
    """
    with atomic():
        row = _locked(actor, mail_id)
        actor.demand(Permission.TICKET_OPEN_FOR_OTHERS)
        department = next(
            (one for one in departments_for(actor) if one.pk == wanted.department), None
        )
        problems = _wrong(wanted) | (
            {} if department else {"department": _("Choose a department.")}
        )
        if problems or department is None:
            raise ValidationError(problems)
        mail = _read(row)
        draft = draft_of(mail, row.proof) if mail else _unread(row)
        person = meet(wanted.email.strip(), wanted.name.strip(), guess(draft.text))
        fields = Fields(
            subject=(mail.subject if mail else "") or row.subject,
            department=department,
            requester=person,
            automatic=True,
        )
        message = first_message(as_customer(person), fields, draft, via="mail")
        row.outcome, row.ticket, row.message = Outcome.OPENED, message.ticket, message
        row.state = RawMail.State.DONE
        row.trace = [*row.trace, ["sorted-by", actor.person.display_name if actor.person else ""]]
        row.save(update_fields=("outcome", "ticket", "message", "state", "trace"))
        _record(actor, row, "mail.sorted", via)
    return message.ticket


def mark_spam(actor: Actor, mail_id: int, *, via: str) -> None:
    """Take the mail out of the list of those to be sorted; trying it again brings it back.

    Raises NotFound, Forbidden, AlreadySorted.
    """
    with atomic():
        row = _locked(actor, mail_id)
        row.outcome, row.state = Outcome.SPAM, RawMail.State.DONE
        row.save(update_fields=("outcome", "state"))
        _record(actor, row, "mail.marked_spam", via)


def _locked(actor: Actor, mail_id: int) -> RawMail:
    row = get_raw_for(actor, mail_id, Permission.MAIL_RETRY)
    found = RawMail.objects.select_for_update().filter(IS_UNSORTED, pk=row.pk).first()
    if found is None:
        raise AlreadySorted
    return found


def _wrong(wanted: Wanted) -> dict[str, str]:
    try:
        validate_email(wanted.email.strip())
    except ValidationError:
        return {"email": _("Enter the requester's email address.")}
    if addresses.is_ours(wanted.email):
        return {"email": _("This is an address of this desk. Enter the requester's own.")}
    return {}


def _read(row: RawMail) -> Mail | None:
    try:
        return parse(store.read(row.sha256))
    except Unreadable:
        return None


def _unread(row: RawMail) -> Draft:
    """What stands for a mail that no reader understands: its bytes, as a file."""
    text = _("The mail could not be read. Its source is attached.")
    return Draft(text, files=[Enclosure("mail.txt", store.read(row.sha256))])


def _record(actor: Actor, row: RawMail, kind: str, via: str) -> None:
    log.record(kind, subject_kind="mail", subject_id=row.pk, actor_id=actor.id, via=via)
