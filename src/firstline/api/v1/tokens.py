"""API tokens: one's own; administrators see and revoke everybody's."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Asked, Sent, Strict, Text
from firstline.api.v1.routes import delete, get, post
from firstline.api.v1.shapes import Page, next_address
from firstline.people import tokens
from firstline.people.actions.tokens import MOST_DAYS, create_own, revoke

if TYPE_CHECKING:
    from firstline.people import models

router = Router(tags=["people"])


class Token(BaseModel):
    """A token, without its secret."""

    id: int
    name: str
    person: str = Field(description="Mail address of the person for whom it acts.")
    scopes: list[str] = Field(description="Permissions, or `*` for all that the person has.")
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the minute; null if it never was.")
    expires_at: datetime | None
    is_expired: bool


class FreshToken(Token):
    """A token just made."""

    secret: str | None = Field(
        description="What stands behind `Bearer`. It is answered this once: null when the same "
        "request is sent again."
    )


class NewToken(Strict):
    """A token to make for oneself."""

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    scopes: list[Text] = Field(
        min_length=1,
        max_length=100,
        description="Permissions that you have, or `*` for all of them. There is no default.",
    )
    expires_in_days: int | None = Field(
        None, ge=1, le=MOST_DAYS, description="Left out: it works until it is revoked."
    )


class Walk(BaseModel):
    """Whose tokens, and where a page begins."""

    model_config = ConfigDict(extra="forbid")

    everybody: bool = Field(False, description="All people's; for administrators.")
    limit: int = Field(25, ge=1, le=100, description="How many a page, of everybody's.")
    after: int = Field(0, ge=0, le=2**62, description="Take it from `next`.")


@get(router, "/tokens", Page[Token])
def index(request: HttpRequest, query: Annotated[Walk, Asked(...)]) -> Page[Token]:
    """Your tokens that are not revoked, with their last use, the newest first."""
    actor = actor_of(request)
    if not query.everybody:
        return Page[Token](items=[_shape(one) for one in tokens.own(actor)], next=None)
    page = tokens.page(actor, after=query.after, size=query.limit)
    following = next_address(request, str(page.next) if page.next else None)
    return Page[Token](items=[_shape(one) for one in page.rows], next=following)


@post(router, "/tokens", FreshToken)
def create(request: HttpRequest, body: Annotated[NewToken, Sent(...)]) -> Made:
    """Make a token for yourself that may no more than the one it is made with."""
    actor = actor_of(request)
    token, secret = create_own(actor, body.scopes, body.name, days=body.expires_in_days, via="api")
    told = dict(_shape(token))
    return Made(
        FreshToken(**told, secret=secret), "/api/v1/tokens", FreshToken(**told, secret=None)
    )


@delete(router, "/tokens/{token_id}")
def destroy(request: HttpRequest, token_id: int) -> None:
    """Revoke a token: the next request with it is answered 401. Yours, or anybody's for administrators."""
    revoke(actor_of(request), token_id, via="api")


def _shape(token: "models.Token") -> Token:
    return Token(
        id=token.pk,
        name=token.name,
        person=token.person.email,
        scopes=token.scopes,
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        expires_at=token.expires_at,
        is_expired=token.is_over,
    )
