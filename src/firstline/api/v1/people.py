"""People: who you are here."""

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of, caller
from firstline.api.v1.routes import get

router = Router(tags=["people"])


class Me(BaseModel):
    """The person of the token, and what the token may do."""

    name: str
    email: str
    level: str | None = Field(description="Access level of staff; null for customers.")
    language: str
    time_zone: str
    company: str | None
    permissions: list[str] = Field(description="Those of the level that the token's scopes allow.")


@get(router, "/people/me", Me)
def me(request: HttpRequest) -> Me:
    """Who you are."""
    person = caller(request)
    return Me(
        name=person.name,
        email=person.email,
        level=person.level,
        language=person.language or settings.LANGUAGE_CODE,
        time_zone=person.time_zone or settings.TIME_ZONE,
        company=person.company.name if person.company else None,
        permissions=sorted(actor_of(request).permissions),
    )
