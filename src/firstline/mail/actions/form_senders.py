"""Which addresses send filled-in forms to a department, so that their Reply-To is the customer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.events import log
from firstline.mail import addresses
from firstline.mail.models import FormSender
from firstline.people.access import Actor, NotFound
from firstline.people.actions.people import meet
from firstline.people.roles import Permission
from firstline.tickets.access import get_for, message_for
from firstline.tickets.actions.requester import change_requester
from firstline.tickets.models import Department, Message
from firstline.tickets.models.message import Kind, Visibility


def form_senders_of(actor: Actor, department: Department) -> list[FormSender]:
    """The addresses that send forms to a department, by name. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    return list(FormSender.objects.filter(department=department).order_by("address"))


def add_form_sender(actor: Actor, department: Department, address: str, *, via: str) -> FormSender:
    """Take mails from an address for forms, from the next one on; twice is once.

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise ValidationError({"address": problem.messages}) from problem
    if addresses.is_ours(address):
        text = _("Mail from an address of this desk counts as a form anyway.")
        raise ValidationError({"address": text})
    with atomic():
        row, is_new = FormSender.objects.get_or_create(address=address, department=department)
        if is_new:
            _record(actor, row, "form_sender.added", via)
    return row


def remove_form_sender(actor: Actor, department: Department, pk: int, *, via: str) -> str:
    """Take the address for an ordinary sender again; returns it. Raises Forbidden, NotFound."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        row = FormSender.objects.filter(department=department, pk=pk).first()
        if row is None:
            raise NotFound(str(pk))
        _record(actor, row, "form_sender.removed", via)
        address = row.address
        row.delete()
    return address


def treat_as_form(actor: Actor, number: str, message_id: int, *, via: str) -> str:
    """Take the sender of this mail for one that sends forms, and its Reply-To for the ticket's contact.

    The contact changes only where the ticket began with this mail and nobody answered yet: what was
    written to one is not shown to another. Returns the sender's address. Raises NotFound, Forbidden,
    ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        ticket = get_for(actor, number, Permission.TICKET_VIEW)
        message = message_for(actor, number, message_id)
        sender, customer = senders_of(message)
        if not sender or not customer:
            raise ValidationError(_("This mail names nobody else to answer."))
        add_form_sender(actor, ticket.department, sender, via=via)
        reading = dict(message.reading or {}) | {"form": sender}
        reading["doubts"] = [one for one in reading.get("doubts", ()) if one != "reply-elsewhere"]
        Message.objects.filter(pk=message.pk).update(reading=reading)
        first = ticket.messages.order_by("pk").values_list("pk", flat=True).first()
        answers = ticket.messages.filter(kind__in=(Kind.OUT, Kind.COMMENT))
        if first == message.pk and not answers.filter(visibility=Visibility.PUBLIC).exists():
            change_requester(actor, ticket, meet(customer[1], customer[0]), via=via)
    return sender


def senders_of(message: Message) -> tuple[str, list[str]]:
    """Who sent a mail, and the [name, address] of who asks in its Reply-To; empty where there is none."""
    reading: dict[str, Any] = message.reading or {}
    sent = [address.lower() for _name, address in reading.get("from", ()) if address]
    named = [box for box in reading.get("reply_to", ()) if box[1] and box[1].lower() not in sent]
    others = [box for box in named if not addresses.is_ours(box[1])]
    return (sent[0], others[0]) if sent and others else ("", [])


def _record(actor: Actor, row: FormSender, kind: str, via: str) -> None:
    log.record(
        kind,
        subject_kind="form_sender",
        subject_id=row.pk,
        **actor.signature,
        via=via,
        data={"address": row.address, "department": row.department_id},
    )
