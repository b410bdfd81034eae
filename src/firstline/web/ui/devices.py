"""Browsers in which somebody has signed in before (C75).

Such a browser has its own limit of tries, so nobody's guessing keeps the owner of an account out.
Its cookie is signed, and worth nothing once the password is another one.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from firstline.people import directory

if TYPE_CHECKING:
    from firstline.people.models import Person

COOKIE = "firstline_device"
SALT = "firstline.device"
LIFE = timedelta(days=180)
MOST_PEOPLE = 5  # of one browser; the one who was here longest ago is forgotten
Marks = dict[str, list[str]]


class Devices:
    """Gives the cookie to a browser for which `remember` was called while it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "device_of", None)
        if person is not None:
            marks = {key: mark for key, mark in _read(request).items() if key != str(person.pk)}
            mark = [_print_of(person), secrets.token_urlsafe(9)]
            kept = dict([*marks.items(), (str(person.pk), mark)][-MOST_PEOPLE:])
            response.set_cookie(
                COOKIE,
                signing.dumps(kept, salt=SALT, compress=True),
                max_age=LIFE,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def remember(request: HttpRequest, person: "Person") -> None:
    """Let this browser be one of the person's from now on."""
    request.device_of = person  # type: ignore[attr-defined]


def known(request: HttpRequest, email: str) -> str:
    """What names this browser among those of the person with that address; "" for all others.

    Without a cookie nobody is looked up, so strangers learn nothing from the time it takes.
    """
    marks = _read(request)
    person = directory.by_email(email) if marks else None
    mark = marks.get(str(person.pk)) if person else None
    if person is None or mark is None or not constant_time_compare(mark[0], _print_of(person)):
        return ""
    return f"{person.pk}:{mark[1]}"


def _read(request: HttpRequest) -> Marks:
    try:
        marks: Marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return {}
    return marks


def _print_of(person: "Person") -> str:
    """Changes with the password; tells nothing of it."""
    return salted_hmac(SALT, person.password, algorithm="sha256").hexdigest()[:32]
