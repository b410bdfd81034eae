"""Pass words of a ticket on to somebody outside (product 7.6): a colleague's firm, a vendor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.files.models import File
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, change
from firstline.tickets.family import family
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Attachment, Message, Ticket
from firstline.tickets.models.message import Kind, Visibility
from firstline.tickets.recipients import MOST, Mailbox, Recipients, check_address


@dataclass(frozen=True, slots=True)
class Passed:
    """What is passed on: one message, or for None the whole conversation; which of their files."""

    message_id: int | None = None
    files: Sequence[int] = ()


def forward(
    actor: Actor, ticket: Ticket, to: Sequence[Mailbox], draft: Draft, passed: Passed, *, via: str
) -> Message:
    """Send what the customer may read anyway to addresses outside, below the text of `draft`.

    Nothing that is internal can be named, whoever asks (C19). The message is for staff of the line;
    answers to it come back as from outside, and the customer sees neither.
    Raises NotFound, Forbidden, ValidationError.
    """
    _check(to, draft)
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_FORWARD)
        public = passable(ticket)
        chosen = [one for one in public if passed.message_id in {None, one.pk}]
        if not chosen:
            raise ValidationError({"message": _("Only what the customer can read is passed on.")})
        files = _files(public, passed.files)
        letter = replace(draft, quote=quoted(chosen), recipients=Recipients(to=tuple(to)))
        message = write(
            ticket,
            actor.person,
            letter,
            kind=Kind.FORWARD,
            channel=via,
            visibility=Visibility.INTERNAL,
            partner_id=access.partner_of(actor),
        )
        _copy(files, message)
        line = {"line": access.partner_of(actor) or 0}
        change.record(actor, ticket, "ticket.forwarded", via, message=message.pk, **line)
        change.save(ticket)
    return message


def passable(ticket: Ticket) -> list[Message]:
    """What of a ticket may leave the house: what its customers read, oldest first."""
    messages = Message.objects.filter(access.PUBLIC, ticket__in=family(ticket))
    return list(messages.select_related("author", "written_by").order_by("id"))


def quoted(messages: Sequence[Message]) -> str:
    """Messages as one text, each with who wrote it and when."""
    parts = []
    for one in messages:
        moment = timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M %Z")
        parts.append(f"{_writer(one)}, {moment}:\n\n{one.text.strip()}")
    return "\n\n".join(parts)


def _writer(message: Message) -> str:
    """Who wrote it, and on whose behalf."""
    if message.written_by is None:
        return message.author_name or "?"
    agent = message.written_by.display_name
    if not message.author_name:
        return agent
    names = {"agent": agent, "customer": message.author_name}
    return _("%(agent)s on behalf of %(customer)s") % names


def _check(to: Sequence[Mailbox], draft: Draft) -> None:
    if not to:
        raise ValidationError({"to": _("Write to whom it goes.")})
    if len(to) > MOST:
        most = {"number": MOST}
        raise ValidationError({"to": _("It goes to at most %(number)s people.") % most})
    for _name, address in to:
        check_address("to", address)
    draft.check()


def _files(messages: Sequence[Message], wanted: Sequence[int]) -> list[Attachment]:
    """The chosen files, all of them of messages that may leave. Raises ValidationError."""
    if not wanted:
        return []
    found = Attachment.objects.select_related("file").filter(message__in=messages, pk__in=wanted)
    rows = list(found.order_by("pk"))
    if len(rows) != len(set(wanted)):
        raise ValidationError({"files": _("A chosen file is not there any more. Choose again.")})
    return rows


def _copy(files: Sequence[Attachment], message: Message) -> None:
    """The same bytes under a row of their own: the content is named by its hash (C65)."""
    for one in files:
        file = File.objects.create(
            owner_id=one.file.owner_id,
            name=one.file.name,
            content_type=one.file.content_type,
            size=one.file.size,
            sha256=one.file.sha256,
        )
        Attachment.objects.create(message=message, file=file)
