"""Comments: the customer is told, the status stays."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from firstline.api.v1.enclosures import TextToSend
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent
from firstline.api.v1.routes import post
from firstline.api.v1.saying import FORM, Said, say
from firstline.tickets.actions.comment import comment

router = Router(tags=["verbs"])


@post(router, "/tickets/{number}/comments", Said, form=FORM)
def create(request: HttpRequest, number: str, said: Annotated[TextToSend, Sent(...)]) -> Made:
    """Comment publicly; the status stays."""
    return say(request, number, said, comment)
