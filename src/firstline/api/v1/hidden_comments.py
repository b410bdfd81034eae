"""Hidden comments: for staff only."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from firstline.api.v1.enclosures import TextAndFiles
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent
from firstline.api.v1.routes import post
from firstline.api.v1.saying import FORM, Said, say
from firstline.tickets.actions.note import note

router = Router(tags=["verbs"])


@post(router, "/tickets/{number}/hidden-comments", Said, form=FORM)
def create(request: HttpRequest, number: str, said: Annotated[TextAndFiles, Sent(...)]) -> Made:
    """Write a hidden comment, which no customer ever sees."""
    return say(request, number, said, note)
