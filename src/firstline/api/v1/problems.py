"""Refusals as problem details (RFC 9457), in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"
KINDS = "urn:firstline:problem:"


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Name of the field, with dots where it lies inside another.")
    message: str


class Problem(BaseModel):
    """Why nothing was done (RFC 9457). Conflicts carry both values beside these members."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="What kind of problem it is; never changes.")
    title: str
    status: int
    detail: str = ""
    errors: list[FieldError] = []


class Refusal(Exception):
    """A problem found by the API itself. `more` are further members of the answer."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str = "",
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind, detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.headers, self.more = list(errors), dict(headers or {}), more

    def response(self) -> HttpResponse:
        """The answer to the client."""
        problem = Problem(
            type=KINDS + self.kind,
            title=title_of(self.status),
            status=self.status,
            detail=self.detail,
            errors=self.errors,
            **self.more,
        )
        return JsonResponse(
            problem.model_dump(mode="json"),
            status=self.status,
            content_type=MEDIA_TYPE,
            headers=self.headers,
        )


def invalid(field: str, message: str) -> Refusal:
    """A refusal because of one field."""
    return Refusal(
        422, "invalid", nothing_changed(), errors=[FieldError(field=field, message=message)]
    )


def nothing_changed() -> str:
    return _("Nothing was changed.")


def title_of(status: int) -> str:
    """The short name of a status, for people."""
    titles = {
        400: _("The request can't be read"),
        401: _("A token is needed"),
        403: _("You may not do this"),
        404: _("There is nothing here"),
        405: _("Method not allowed here"),
        408: _("The request did not arrive in time"),
        409: _("The request is in conflict with what is there"),
        413: _("The request is too large"),
        415: _("This content type is not understood"),
        422: _("Some fields are invalid"),
        429: _("Too many requests"),
        431: _("The header of the request is too large"),
        503: _("The desk can't answer at the moment"),
    }
    return titles.get(status) or _("Something went wrong on our side")
