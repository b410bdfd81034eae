"""Who calls: the bearer token, and the brake on wrong ones (C75)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from firstline.api.v1.language import asked_language
from firstline.api.v1.problems import Refusal
from firstline.people.access import Actor, Forbidden
from firstline.people.actions.tokens import actor_by_token

if TYPE_CHECKING:
    from firstline.people.models import Person


class Bearer(HttpBearer):
    """`Authorization: Bearer fl_…`: the person of the token, with no more rights than its scopes."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor of a valid token; None for a wrong one, which counts against its sender.

        A valid token works whatever others send from the same address, so nobody can be locked out.
        Raises Refusal (429) instead of looking wrong after the tenth wrong one within a minute.
        """
        actor = actor_by_token(token)
        if actor is None:
            _count_wrong(request)
        elif actor.person and actor.person.must_choose_password:
            detail = _("Sign in on the site and choose a password first.")
            raise Refusal(403, "choose-a-password", detail)
        elif asked_language(request) is None and actor.person and actor.person.language:
            translation.activate(actor.person.language)
        return actor


def actor_of(request: HttpRequest) -> Actor:
    """Who calls; every route has passed the bearer before."""
    actor: Actor = request.auth  # type: ignore[attr-defined]  # set by ninja
    return actor


def caller(request: HttpRequest) -> "Person":
    """The person who calls; the system itself has no token."""
    person = actor_of(request).person
    if person is None:
        raise Forbidden
    return person


def _count_wrong(request: HttpRequest) -> None:
    """Count one wrong token against its network address."""
    if not import_string(settings.MAY_GUESS_TOKEN)(request):
        raise Refusal(
            429,
            "too-many-wrong-tokens",
            _("Too many wrong tokens came from this address. Wait a minute."),
            headers={"Retry-After": "60"},
        )
