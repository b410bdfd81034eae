"""API tokens: created, used, revoked."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.events import log
from firstline.people import tokens
from firstline.people.access import Actor, Forbidden, actor_of, permissions_of
from firstline.people.models import Person, Token
from firstline.people.models.token import PREFIX, digest_of, fresh_secret
from firstline.people.roles import Permission

ALL = "*"
LONGEST_NAME = 100
MOST_DAYS = 3650
MARKED = timedelta(minutes=1)  # how often it is written down that a token is in use


class UnknownScope(ValueError):
    """A scope that is no permission."""


class NoScope(ValueError):
    """A token without any scope: whoever wants all of them says so by `*`."""


def create_token(
    person: Person, scopes: Iterable[str], name: str = "", *, days: int | None = None
) -> str:
    """Make a token for `person` and return its secret, the only time it is known.

    `days`: after how many it expires; None for never. Raises NoScope, UnknownScope.
    """
    return _create(person, scopes, name, days)[1]


def create_own(
    actor: Actor, scopes: Iterable[str], name: str, *, days: int | None, via: str
) -> tuple[Token, str]:
    """Make a token for oneself that may no more than the actor; the row and its secret.

    Raises Forbidden, also for an agent inside a project, and ValidationError.
    """
    actor.demand(Permission.API_TOKENS)
    if actor.person is None or actor.behind is not None:
        raise Forbidden("tokens of somebody else")
    wanted, name = set(scopes), one_line(name)
    problems = _wrong(actor, wanted, name, days)
    if problems:
        raise ValidationError(problems)
    with atomic():
        token, secret = _create(actor.person, wanted, name, days)
        _record(actor, "person.token_created", token, via)
    return token, secret


def revoke(actor: Actor, pk: int, *, via: str) -> Token:
    """End a token at once: one's own, or for who may edit staff anybody's. Raises NotFound, Forbidden."""
    with atomic():
        token = tokens.get_for(actor, pk)
        Token.objects.filter(pk=pk, revoked_at=None).update(revoked_at=timezone.now())
        _record(actor, "person.token_revoked", token, via)
    return token


def revoke_all_of(person: Person) -> int:
    """End all tokens of a person; how many there were. The caller checks the right and records it."""
    alive = Token.objects.filter(person=person, revoked_at=None)
    return alive.update(revoked_at=timezone.now())


def actor_by_token(secret: str) -> Actor | None:
    """The actor a token stands for, and a note that it was used.

    None if it is unknown, revoked or expired, or its person is deactivated.
    """
    if not secret.startswith(PREFIX):
        return None
    now = timezone.now()
    alive = Q(expires_at=None) | Q(expires_at__gt=now)
    rows = Token.objects.filter(
        alive, sha256=digest_of(secret), revoked_at=None, person__is_active=True
    )
    token = rows.select_related("person__staff", "person__customer").first()
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at <= now - MARKED:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - MARKED)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return actor_of(token.person, token.permissions, token_id=token.pk)


def _create(
    person: Person, scopes: Iterable[str], name: str, days: int | None
) -> tuple[Token, str]:
    wanted = sorted(set(scopes))
    if not wanted:
        raise NoScope
    unknown = [scope for scope in wanted if scope != ALL and scope not in set(Permission)]
    if unknown:
        raise UnknownScope(", ".join(unknown))
    secret = fresh_secret()
    token = Token.objects.create(
        person=person,
        name=name[:LONGEST_NAME],
        sha256=digest_of(secret),
        scopes=wanted,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    return token, secret


def _wrong(actor: Actor, wanted: set[str], name: str, days: int | None) -> dict[str, str]:
    problems = {}
    if not name:
        problems["name"] = _("Write what the token is for.")
    elif len(name) > LONGEST_NAME:
        problems["name"] = _("At most %(number)s characters.") % {"number": LONGEST_NAME}
    if not wanted:
        problems["scopes"] = _("Choose what the token may do.")
    elif ALL in wanted and actor.person and actor.permissions != permissions_of(actor.person):
        problems["scopes"] = _("A token cannot create another one with more permissions.")
    elif any(scope != ALL and scope not in actor.permissions for scope in wanted):
        problems["scopes"] = _(
            "One of these permissions is unknown, or you do not have it yourself."
        )
    if days is not None and not 1 <= days <= MOST_DAYS:
        problems["expires_in_days"] = _("Choose 1 to %(most)s days.") % {"most": MOST_DAYS}
    return problems


def _record(actor: Actor, kind: str, token: Token, via: str) -> None:
    log.record(
        kind,
        subject_kind="person",
        subject_id=token.person_id,
        actor_id=actor.id,
        via=via,
        data={"token": token.pk, "name": token.name},
    )
