"""Which host names are ours, and whose portal each of them is (cap 106, C35)."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from firstline.people import portals


class Hosts:
    """Sets `request.portal`; a host name that is not ours is refused with 400.

    The names are rows, so Django's own list (ALLOWED_HOSTS) lets all of them pass to here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name, _port = split_domain_port(request.get_host())
        portal = portals.at(name)
        if portal is None:
            raise DisallowedHost(f"{name!r} is no host name of this desk")
        request.portal = portal  # type: ignore[attr-defined]
        return self.get_response(request)
