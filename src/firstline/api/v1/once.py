"""`Idempotency-Key`: a POST that is sent again changes nothing again (C69, D5).

The key, the change and the answer are committed in one transaction: after a crash there is either
all of it, and the client gets the same answer, or nothing, and the request runs as if for the first
time. Requests that were refused leave nothing, so the key can be used again.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import unquote

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from firstline.api import answers
from firstline.api.v1.bearer import actor_of
from firstline.api.v1.problems import Refusal, invalid
from firstline.api.v1.reading import fingerprint
from firstline.api.v1.refusals import refusal_of
from firstline.base.db import atomic
from firstline.people.access import Actor, NotFound
from firstline.tickets import access
from firstline.tickets.access import OtherLine

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
TICKET = re.compile(r"/api/v1/tickets/([^/]+)")
GONE = {403, 404}
LONGEST = 120  # seconds after which a request that never ended no longer stands in the way


@dataclass(frozen=True, slots=True)
class Made:
    """What a POST made, and its address; `kept`: what is answered when it is sent again, if not the same."""

    shape: BaseModel
    location: str
    kept: BaseModel | None = None


class _Undone(Exception):
    """Everything since the last savepoint is to be forgotten."""


def once(view: Callable[..., Made]) -> Callable[..., HttpResponse]:
    """Run `view` in one transaction, once for each key of a token."""

    @wraps(view)
    def run(request: HttpRequest, **values: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            with atomic():
                made = view(request, **values)
            return _response(made.shape.model_dump_json(), made.location)
        if not KEY.fullmatch(key):
            raise invalid(HEADER, _("1 to 255 printable characters without spaces."))
        with _alone(actor_of(request), key), atomic():
            return _first_or_again(view, request, values, key)

    return run


def _first_or_again(
    view: Callable[..., Made],
    request: HttpRequest,
    values: dict[str, Any],
    key: str,
) -> HttpResponse:
    wanted, actor = fingerprint(request), actor_of(request)
    answer, is_new = answers.answer_for(actor, key, wanted)
    if not is_new:
        if answer.fingerprint != wanted:
            text = _("This key was used for another request.")
            raise invalid(HEADER, text)
        _ask_again(view, request, values)
        _check_sight(actor, answer.location)
        again = _response(answer.body, answer.location, answer.status)
        again.headers["Idempotent-Replayed"] = "true"
        return again
    made = view(request, **values)
    body = made.shape.model_dump_json()
    kept = made.kept.model_dump_json() if made.kept else body
    answers.keep(answer, 201, made.location, kept)
    return _response(body, made.location)


def _ask_again(view: Callable[..., Made], request: HttpRequest, values: dict[str, Any]) -> None:
    """Raise what the same request would be refused with now, if it is a right that is gone.

    The view itself asks, with all that its verb asks, and everything that it does is undone. What it
    finds wrong beside rights is the outcome of the first request, such as a ticket closed already.
    """
    try:
        with atomic():
            view(request, **values)
            raise _Undone
    except _Undone:
        return
    except Exception as problem:
        refusal = refusal_of(problem)
        if refusal.status in GONE and not isinstance(problem, OtherLine):
            raise
        if refusal.status >= 500:
            raise


def _check_sight(actor: Actor, location: str) -> None:
    """Raise NotFound for the answer about a ticket that the actor may not see any more."""
    found = TICKET.match(location)
    if found and not access.visible_to(actor).filter(number=unquote(found[1])).exists():
        raise NotFound(location)


@contextmanager
def _alone(actor: Actor, key: str) -> Iterator[None]:
    """Refuse a second request while the first is still running."""
    name = "api-running:" + hashlib.sha256(f"{actor.token_id} {key}".encode()).hexdigest()
    if not cache.add(name, True, timeout=LONGEST):
        text = _("The first request with this key is still running.")
        raise Refusal(409, "still-running", text, headers={"Retry-After": "1"})
    try:
        yield
    finally:
        cache.delete(name)


def _response(body: str, location: str, status: int = 201) -> HttpResponse:
    headers = {"Location": location} if location else {}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)
