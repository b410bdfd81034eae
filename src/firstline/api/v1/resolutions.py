"""Resolutions: the answer to the customer, and the ticket is resolved."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from firstline.api.v1.enclosures import TextToSend
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent
from firstline.api.v1.routes import post
from firstline.api.v1.saying import FORM, Said, say
from firstline.tickets.actions.resolve import resolve

router = Router(tags=["verbs"])


@post(router, "/tickets/{number}/resolutions", Said, form=FORM)
def create(request: HttpRequest, number: str, said: Annotated[TextToSend, Sent(...)]) -> Made:
    """Answer and resolve.

    What was resolved or closed before is refused with 409, which says `by` whom and `at` what time.
    """
    return say(request, number, said, resolve)
