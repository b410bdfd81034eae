"""What replies, comments, hidden comments and resolutions have in common: a text with files."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.enclosures import TextAndFiles
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.shapes import address_of
from firstline.api.v1.timeline import Item, message_item
from firstline.people.roles import Permission
from firstline.tickets import access

if TYPE_CHECKING:
    from firstline.tickets.models import Message

FORM = {"text": {"type": "string"}}


class Said(Item):
    """The message as it stands in the timeline now."""

    ticket: str = Field(
        description="Number of the ticket it stands on: a follow-up where the old one was closed."
    )


def say(
    request: HttpRequest, number: str, body: TextAndFiles, verb: "Callable[..., Message]"
) -> Made:
    """Let the caller say `body` on a ticket by one of the verbs that take a draft."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    draft = body.draft()
    if draft.recipients.as_kept() and not actor.is_staff:
        raise invalid("cc", _("Only staff can send copies."))
    message = verb(actor, ticket, draft, via="api")
    where = message.ticket.number
    files = list(message.attachments.select_related("file").order_by("pk"))
    item = message_item(actor, where, message, files)
    return Made(Said(**dict(item), ticket=where), f"{address_of(where)}/timeline")
