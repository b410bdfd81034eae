"""Files of a ticket. They come with messages; here they are listed and fetched."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page, address_of
from firstline.files import store
from firstline.people.roles import Permission
from firstline.tickets import access

if TYPE_CHECKING:
    from firstline.tickets.models import Attachment

router = Router(tags=["files"])
BYTES = {200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}}


class File(BaseModel):
    """A file that came with a message."""

    id: int
    name: str
    content_type: str = Field(description="As its bytes show it, whatever its sender claimed.")
    size: int = Field(description="In bytes.")
    url: str
    created_at: datetime


def file_of(number: str, attachment: "Attachment") -> File:
    """A file of the ticket with this number."""
    file = attachment.file
    return File(
        id=attachment.pk,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        url=f"{address_of(number)}/files/{attachment.pk}",
        created_at=file.created_at,
    )


@get(router, "/tickets/{number}/files", Page[File])
def index(request: HttpRequest, number: str) -> Page[File]:
    """All files of a ticket that you may read, oldest first."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    attachments = access.attachments_for(actor, ticket)
    return Page[File](items=[file_of(number, one) for one in attachments], next=None)


@get(router, "/tickets/{number}/files/{int:file_id}", None, responses=BYTES)
def show(request: HttpRequest, number: str, file_id: int) -> FileResponse:
    """The bytes of a file, to be saved and never to be shown by a browser (C22)."""
    file = access.attachment_for(actor_of(request), number, file_id).file
    response = FileResponse(
        store.open_file(file.sha256),
        as_attachment=True,
        filename=file.name,
        content_type=file.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
