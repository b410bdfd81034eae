"""The answers to requests that were refused before they were read (wiring/pages.py): a page, or a
problem of the API, in the reader's language.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from firstline.api.v1.door import door
from firstline.api.v1.problems import Refusal
from firstline.api.v1.refusals import too_large
from firstline.base.sizes import size
from firstline.web.ui import refusals
from firstline.wiring.pages import REFUSAL

KINDS = {
    408: "too-slow",
    429: "too-many-requests",
    431: "header-too-large",
    503: "unavailable",
}


class Refused:
    """Answers what is marked as refused; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status, most = request.META.get("asgi.scope", {}).get(REFUSAL, (0, 0))
        if not status:
            return self.get_response(request)
        title, text = _words(status, most)
        if request.path.startswith("/api/"):
            return door(lambda _request: _problem(status, most, text))(request)
        return refusals.early(request, status, title, text)


def _problem(status: int, most: int, text: str) -> HttpResponse:
    if status == 413:
        return too_large(most).response()
    return Refusal(status, KINDS[status], text, headers={"Retry-After": "10"}).response()


def _words(status: int, most: int) -> tuple[str, str]:
    if status == 413:
        return _("This is too large"), _(
            "At most %(limit)s are taken at once, files included. Nothing was changed. Go back, choose "
            "fewer or smaller files, and send it again."
        ) % {"limit": size(most)}
    if status == 408:
        return _("The connection was too slow"), _(
            "Not all of it arrived in time, and nothing was changed. Go back and send it again, from a "
            "better connection if you can."
        )
    if status == 431:
        return _("The address is too long"), _(
            "Your browser sent a longer address, or more cookies, than can be read here. Open the page "
            "by its link; if that does not help, delete the cookies of this site."
        )
    return _("Too much at once"), _(
        "Too many requests from your network are open at the same time. Nothing was changed. Wait a "
        "moment and try again."
    )
