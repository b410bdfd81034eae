"""Forwards: words of a ticket go to somebody outside (product 7.6)."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.api.v1.saying import Said
from firstline.api.v1.shapes import address_of
from firstline.api.v1.timeline import message_item
from firstline.base.ids import read_id
from firstline.mail.recipients import mailboxes_in
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.forward import Passed, forward
from firstline.tickets.messages import Draft

router = Router(tags=["verbs"])


class NewForward(Strict):
    """To whom, what is said to them, and what is passed on."""

    to: Annotated[list[Text], Field(min_length=1, max_length=20)]
    text: Text
    message: Text = Field(
        "", description="The `id` of one public message, such as message-12; empty: all of them."
    )
    files: Annotated[list[int], Field(max_length=500)] = Field(
        [], description="The `id` of each file that goes with it."
    )


@post(router, "/tickets/{number}/forwards", Said)
def create(request: HttpRequest, number: str, body: Annotated[NewForward, Sent(...)]) -> Made:
    """Forward what the customer can read, and files of it, to addresses outside; for staff."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_FORWARD)
    pk = read_id(body.message.removeprefix("message-")) if body.message else None
    if body.message and pk is None:
        raise invalid("message", _("There is no such message."))
    to = [one for text in body.to for one in mailboxes_in("to", text)]
    draft = Draft(body.text.replace("\r\n", "\n"))
    message = forward(actor, ticket, to, draft, Passed(pk, body.files), via="api")
    files = list(message.attachments.select_related("file").order_by("pk"))
    item = message_item(actor, number, message, files)
    return Made(Said(**dict(item), ticket=number), f"{address_of(number)}/timeline")
