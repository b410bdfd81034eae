"""Comments between the lines: for a partner's staff and the platform's."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from firstline.api.v1.enclosures import TextAndFiles
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent
from firstline.api.v1.routes import post
from firstline.api.v1.saying import FORM, Said, say
from firstline.tickets.actions.between import between

router = Router(tags=["verbs"])


@post(router, "/tickets/{number}/between-comments", Said, form=FORM)
def create(request: HttpRequest, number: str, said: Annotated[TextAndFiles, Sent(...)]) -> Made:
    """Write between the lines; no customer ever sees it."""
    return say(request, number, said, between)
