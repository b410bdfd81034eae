"""Writing a message with its files, the same for all verbs that say something."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.base.html import clean
from firstline.files import upload
from firstline.files.upload import Upload
from firstline.people.models import Person
from firstline.tickets.models import Attachment, Message, Ticket
from firstline.tickets.models.message import Kind, Visibility
from firstline.tickets.recipients import Recipients

TEXT_LIMIT = 500_000
MOST_ID_BYTES = 2000  # of a Message-ID: an index of PostgreSQL takes no more than 2,700


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with a message; `content_id` where the HTML shows it inside the text."""

    name: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say. A mail also has its quote, HTML, Message-ID and subject."""

    text: str
    quote: str = ""
    html: str = ""
    header_id: str = ""
    subject: str = ""  # of a mail, where it is another than the ticket's
    files: Sequence[Enclosure] = field(default_factory=tuple)
    recipients: Recipients = field(default_factory=Recipients)
    reading: dict[str, Any] | None = None  # of a mail: `mail.mime.identity.reading`

    def check(self) -> None:
        """Refuse an empty or boundless text from a form or client. Raises ValidationError."""
        if not self.text.strip():
            raise ValidationError({"text": _("Write a text.")})
        if len(self.text) > TEXT_LIMIT:
            raise ValidationError({"text": _("The text is too long; attach it as a file.")})
        self.recipients.check()
        try:
            upload.check([Upload(file.name, file.content) for file in self.files])
        except ValidationError as problem:
            raise ValidationError({"files": problem.messages}) from problem


def write(
    ticket: Ticket,
    author: Person | None,
    draft: Draft,
    *,
    kind: Kind,
    channel: str,
    visibility: Visibility = Visibility.PUBLIC,
    is_foreign: bool = False,
    partner_id: int | None = None,
    written_by: Person | None = None,
    at: datetime | None = None,
) -> Message:
    """Store the message and its files; call it inside the transaction of the verb.

    `partner_id`: whose staff may read an internal one; None for the platform's. `written_by`: the
    agent who really wrote it, while inside a project.
    """
    recipients = draft.recipients
    if kind in {Kind.OUT, Kind.COMMENT} and ticket.requester:
        contact = (ticket.requester.name, ticket.requester.email)
        recipients = replace(recipients, to=(contact,))
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        visibility=visibility,
        channel=channel,
        author=author,
        author_name=author.display_name if author else "",
        text=draft.text.replace("\x00", ""),
        quote=draft.quote.replace("\x00", ""),
        html=clean(draft.html) if draft.html else "",
        header_id=_indexed(draft.header_id[:998]),
        subject=draft.subject.replace("\x00", "")[:300],
        recipients=recipients.as_kept(),
        reading=draft.reading,
        is_foreign=is_foreign,
        partner_id=partner_id,
        written_by=written_by,
        at=at or clock.now(),
    )
    _enclose(message, draft.files, author.pk if author else None)
    return message


def _indexed(header_id: str) -> str:
    return header_id if len(header_id.encode()) <= MOST_ID_BYTES else ""


def _enclose(message: Message, files: Sequence[Enclosure], owner_id: int | None) -> None:
    """Store the files of a message."""
    if not files:
        return
    kept = upload.save_all([Upload(file.name, file.content) for file in files], owner_id)
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            file=row,
            content_id=file.content_id[:250],
            is_inline=file.is_inline,
        )
        for file, row in zip(files, kept, strict=True)
    )


def excerpt(text: str) -> str:
    """The beginning of a text on one line, for lists."""
    line = " ".join(text[:2000].replace("\x00", "").split())
    return line if len(line) <= 200 else line[:199].rsplit(" ", 1)[0] + "…"
