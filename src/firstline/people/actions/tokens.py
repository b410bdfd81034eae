"""API tokens: made, found, revoked."""

from collections.abc import Iterable

from django.utils import timezone

from firstline.people.access import Actor, actor_of
from firstline.people.models import Person, Token
from firstline.people.models.token import PREFIX, digest_of, fresh_secret
from firstline.people.roles import Permission


class UnknownScope(ValueError):
    """A scope that is no permission."""


def create_token(person: Person, scopes: Iterable[str], name: str = "") -> str:
    """Make a token for `person` and return its secret, the only time it is known. Raises UnknownScope."""
    wanted = sorted(set(scopes) or {"*"})
    unknown = [scope for scope in wanted if scope != "*" and scope not in set(Permission)]
    if unknown:
        raise UnknownScope(", ".join(unknown))
    secret = fresh_secret()
    Token.objects.create(person=person, name=name, sha256=digest_of(secret), scopes=wanted)
    return secret


def actor_by_token(secret: str) -> Actor | None:
    """The actor a token stands for; None if it is unknown, revoked, or its person is deactivated."""
    if not secret.startswith(PREFIX):
        return None
    tokens = Token.objects.filter(sha256=digest_of(secret), revoked_at=None, person__is_active=True)
    token = tokens.select_related("person__staff", "person__customer").first()
    return actor_of(token.person, token.permissions) if token else None


def revoke(token: Token) -> None:
    """End a token at once."""
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
