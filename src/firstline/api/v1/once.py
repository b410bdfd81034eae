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

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from firstline.api import answers
from firstline.api.v1.bearer import caller
from firstline.api.v1.problems import Refusal, invalid
from firstline.api.v1.reading import fingerprint
from firstline.base.db import atomic

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
LONGEST = 120  # seconds after which a request that never ended no longer stands in the way


@dataclass(frozen=True, slots=True)
class Made:
    """What a POST made, and its address."""

    shape: BaseModel
    location: str


def once(view: Callable[..., Made]) -> Callable[..., HttpResponse]:
    """Run `view` in one transaction, once for each key of a person."""

    @wraps(view)
    def run(request: HttpRequest, **values: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            with atomic():
                made = view(request, **values)
            return _response(made.shape.model_dump_json(), made.location)
        if not KEY.fullmatch(key):
            raise invalid(HEADER, _("1 to 255 printable characters without spaces."))
        person_id = caller(request).pk
        with _alone(person_id, key), atomic():
            return _first_or_again(view, request, values, person_id, key)

    return run


def _first_or_again(
    view: Callable[..., Made],
    request: HttpRequest,
    values: dict[str, Any],
    person_id: int,
    key: str,
) -> HttpResponse:
    wanted = fingerprint(request)
    answer, is_new = answers.answer_for(person_id, key, wanted)
    if not is_new:
        if answer.fingerprint != wanted:
            text = _("This key was used for another request.")
            raise invalid(HEADER, text)
        again = _response(answer.body, answer.location, answer.status)
        again.headers["Idempotent-Replayed"] = "true"
        return again
    made = view(request, **values)
    body = made.shape.model_dump_json()
    answers.keep(answer, 201, made.location, body)
    return _response(body, made.location)


@contextmanager
def _alone(person_id: int, key: str) -> Iterator[None]:
    """Refuse a second request while the first is still running."""
    name = "api-running:" + hashlib.sha256(f"{person_id} {key}".encode()).hexdigest()
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
