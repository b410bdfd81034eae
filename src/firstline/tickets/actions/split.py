"""Make a ticket of its own from one message (product 3.10)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.events.models import Event
from firstline.files.models import File
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, change
from firstline.tickets.actions.open import Fields, register
from firstline.tickets.messages import Draft
from firstline.tickets.models import Attachment, Message, Ticket, TicketLink
from firstline.tickets.models.message import Kind, Visibility


def split(actor: Actor, ticket: Ticket, message_id: int, subject: str, *, via: str) -> Ticket:
    """Open a ticket with a customer's message, its words and files, for the same people.

    The message stays where it is, and both tickets are linked. Only what the customer wrote can be
    split: hidden words would become public, and ours would look like theirs.
    Raises NotFound, Forbidden, ValidationError.
    """
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_SPLIT)
        message = access.messages_for(actor, ticket).filter(pk=message_id).first()
        if message is None:
            raise NotFound(str(message_id))
        _check(ticket, message, subject)
        draft = Draft(text=message.text, quote=message.quote)
        made, first = register(
            actor,
            _fields(ticket, subject),
            draft,
            {},
            via=message.channel,
            author=message.author,
            written_by=message.written_by,
            at=message.at,
        )
        made.custody = ticket.custody
        change.save(made)
        # What was cleaned once is taken as it is.
        Message.objects.filter(pk=first.pk).update(html=message.html)
        _copy_files(message, first)
        TicketLink.objects.create(
            ticket=ticket, other=made, kind=TicketLink.Kind.RELATED, by=actor.person
        )
        here = {"number": made.number, "other": made.pk, "message": message.pk}
        change.record(actor, ticket, "ticket.split", via, **here)
        there = {"split_from": ticket.number, "number": ticket.number, "other": ticket.pk}
        change.record(actor, made, "ticket.opened", via, message=first.pk, **there)
    return made


def _check(ticket: Ticket, message: Message, subject: str) -> None:
    if message.visibility != Visibility.PUBLIC or message.is_foreign or message.kind != Kind.IN:
        raise ValidationError(
            {"message": _("Only what the customer wrote can become a ticket of its own.")}
        )
    if not subject.strip():
        raise ValidationError({"subject": _("Write the subject.")})
    split_before = Event.objects.filter(
        subject_kind=change.SUBJECT,
        subject_id=ticket.pk,
        kind="ticket.split",
        data__message=message.pk,
    )
    if split_before.exists():
        raise ValidationError({"message": _("This message is a ticket of its own already.")})


def _fields(ticket: Ticket, subject: str) -> Fields:
    return Fields(
        subject=subject,
        department=ticket.department,
        requester=ticket.requester,
        company=ticket.company,
        project=ticket.project,
        level=ticket.level,
        category=ticket.category,
        priority=ticket.priority,
        contract=ticket.contract,
        contract_text=ticket.contract_text,
        object=ticket.object,
        equipment=ticket.equipment,
    )


def _copy_files(message: Message, first: Message) -> None:
    """The same bytes under a row of their own: the content is named by its hash (C65)."""
    for one in message.attachments.select_related("file").order_by("pk"):
        file = File.objects.create(
            owner_id=one.file.owner_id,
            name=one.file.name,
            content_type=one.file.content_type,
            size=one.file.size,
            sha256=one.file.sha256,
        )
        Attachment.objects.create(
            message=first, file=file, content_id=one.content_id, is_inline=one.is_inline
        )
