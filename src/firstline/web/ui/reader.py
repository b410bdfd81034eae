"""Who reads: their actor, language and time zone, for the length of one request."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from firstline.base.languages import CODES, known
from firstline.people.access import Actor, actor_of
from firstline.people.visits import actor_in


class Reader:
    """Sets `request.actor` (None for a stranger) and reads pages in the reader's language and zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor = _actor(request)  # type: ignore[attr-defined]
        chosen = request.GET.get("language", "")
        language = chosen if chosen in CODES else _language(request, actor)
        with translation.override(language), timezone.override(_zone(actor)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        # What may lie in a cache says so itself; all else is for this reader alone.
        response.headers.setdefault("Cache-Control", "private, no-store")
        if chosen in CODES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=31536000,
                samesite="Lax",
                httponly=True,
            )
        return response


def _actor(request: HttpRequest) -> Actor | None:
    if request.visit is not None:  # type: ignore[attr-defined]  # set by web.ui.visits
        return actor_in(request.visit)  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        return actor_of(request.user)
    return None


def _language(request: HttpRequest, actor: Actor | None) -> str:
    if actor and actor.person and actor.person.language:
        return actor.person.language
    return known(translation.get_language_from_request(request))


def _zone(actor: Actor | None) -> zoneinfo.ZoneInfo:
    name = actor.person.time_zone if actor and actor.person else ""
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
