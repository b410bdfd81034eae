"""Web hooks by which mail providers hand mail over to a department."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page
from firstline.mail import hooks
from firstline.mail.actions.hooks import make_hook, remove_hook
from firstline.tickets import departments

if TYPE_CHECKING:
    from firstline.mail import models

router = Router(tags=["catalogue"])
HOOKS = "/departments/{department_id}/hooks"


class Hook(BaseModel):
    """A hook and how it fares."""

    id: int
    provider: str
    created_at: datetime
    last_used_at: datetime | None
    is_signature_checked: bool
    problem: str = Field(
        description="Why the last request was refused: no-mail, not-raw, signature, key-lost, "
        "too-large; empty: it was not."
    )
    failed_at: datetime | None


class MadeHook(Hook):
    """A hook with its address, which is told this once."""

    address: str


class NewHook(Strict):
    """A hook for a provider; if it has one, that gets a new address."""

    provider: Text = Field(description="mailgun, mime, postal, postmark, sendgrid, ses, sparkpost.")
    signing_key: Text = Field(
        "", description="Of mailgun and postal: unsigned requests are refused."
    )


class HookRemoval(BaseModel):
    """The provider whose hook is gone."""

    provider: str


class Nothing(Strict):
    """No fields."""


@get(router, HOOKS, Page[Hook])
def index(request: HttpRequest, department_id: int) -> Page[Hook]:
    """The hooks of a department; for those who may change it."""
    actor = actor_of(request)
    found = hooks.hooks_for(actor, departments.get_for(actor, department_id))
    return Page[Hook](items=[_shape(one) for one in found], next=None)


@post(router, HOOKS, MadeHook)
def create(request: HttpRequest, department_id: int, hook: Annotated[NewHook, Sent(...)]) -> Made:
    """Make a hook, or give the one of this provider a new address."""
    actor = actor_of(request)
    department = departments.get_for(actor, department_id)
    made, secret = make_hook(actor, department, hook.provider, hook.signing_key, via="api")
    address = hooks.address_of(made.provider, secret)
    shape = MadeHook(**_shape(made).model_dump(), address=address)
    return Made(shape, f"/api/v1/departments/{department.pk}/hooks")


@post(router, HOOKS + "/{hook_id}/removals", HookRemoval)
def remove(
    request: HttpRequest, department_id: int, hook_id: int, removal: Annotated[Nothing, Sent(...)]
) -> Made:
    """Close the hook: nothing is taken by its address any more."""
    actor = actor_of(request)
    row = hooks.get_for(actor, departments.get_for(actor, department_id), hook_id)
    remove_hook(actor, row, via="api")
    address = f"/api/v1/departments/{department_id}/hooks"
    return Made(HookRemoval(provider=row.provider), address)


def _shape(hook: "models.Hook") -> Hook:
    return Hook(
        id=hook.pk,
        provider=hook.provider,
        created_at=hook.created_at,
        last_used_at=hook.last_used_at,
        is_signature_checked=bool(hook.signing_key),
        problem=hook.problem,
        failed_at=hook.failed_at,
    )
