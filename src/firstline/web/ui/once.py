"""Each form is carried out once, however often its button is pressed (C69).

Every page gives its form a fresh key. The form's key and content are written in the transaction of
what it does, so of two equal ones only the first does anything, in whatever process they arrive.
A page from the browser's memory still has its old key: with another text it is another form.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.http import HttpRequest
from django.utils import timezone

from firstline.base.db import atomic
from firstline.web.models import Submission

Result = TypeVar("Result")
FIELD = "submission"
# What a form says beside its content: its proof of origin, and which draft it continues.
BESIDE = ("csrfmiddlewaretoken", "draft_")
KEPT = timedelta(days=7)


def fresh_key() -> str:
    """A key for one form, to stand in its hidden field `submission`."""
    return secrets.token_urlsafe(16)


def perform(request: HttpRequest, function: Callable[[], Result]) -> Result | None:
    """Call `function` in a transaction and return its result; None if this form was sent before.

    What `function` raises undoes the mark as well, so the corrected form counts as new. A form
    without a key is carried out each time.
    """
    with atomic():
        return function() if _is_new(request) else None


def was_sent(request: HttpRequest) -> bool:
    """Whether this very form was carried out before: its ticket may be out of sight by now."""
    return (
        bool(request.POST.get(FIELD)) and Submission.objects.filter(key=_key_of(request)).exists()
    )


def is_first(word: str, address: str) -> bool:
    """Whether this word, which nobody else knows, comes for the first time, of however many at once."""
    key = hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()
    return Submission.objects.get_or_create(key=key, defaults={"address": address[:300]})[1]


def _is_new(request: HttpRequest) -> bool:
    if not request.POST.get(FIELD):
        return True
    mark = {"address": request.path[:300]}
    return Submission.objects.get_or_create(key=_key_of(request), defaults=mark)[1]


def _key_of(request: HttpRequest) -> str:
    """Who sends what to where: all fields of its content, and the names and sizes of the files."""
    parts = [str(request.user.pk), request.path]
    for name in sorted(request.POST):
        if not name.startswith(BESIDE):
            parts += [name, *request.POST.getlist(name)]
    for name in sorted(request.FILES):
        parts += [f"{file.name} {file.size}" for file in request.FILES.getlist(name)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def forget() -> None:
    """Delete marks that no browser will send again; run by the clock."""
    Submission.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
