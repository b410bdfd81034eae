"""Who came in by a one-time password chooses their own before anything else (product 1.3).

Decided here for every page; the API, which has no pages, refuses their tokens at its own door.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

OPEN = {"account_logout", "brand_colour", "brand_logo", "first_password"}


class FirstPassword:
    """Leads every request but those of OPEN to the page where the password is chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        actor = request.actor  # type: ignore[attr-defined]
        if actor is None or actor.behind or not actor.person.must_choose_password:
            return None
        match = request.resolver_match
        return None if match and match.view_name in OPEN else _lead(request)


def _lead(request: HttpRequest) -> HttpResponse:
    address = reverse("first_password")
    if getattr(request, "htmx", False):
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    if request.method == "GET" and request.path != reverse("home"):
        address += f"?{urlencode({'next': request.get_full_path()})}"
    return redirect(address)
