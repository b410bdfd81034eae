"""Replies: staff to the customer, or the customer to us."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from firstline.api.v1.enclosures import TextToSend
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent
from firstline.api.v1.routes import post
from firstline.api.v1.saying import FORM, Said, say
from firstline.tickets.actions.reply import reply

router = Router(tags=["verbs"])


@post(router, "/tickets/{number}/replies", Said, form=FORM)
def create(request: HttpRequest, number: str, said: Annotated[TextToSend, Sent(...)]) -> Made:
    """Answer."""
    return say(request, number, said, reply)
