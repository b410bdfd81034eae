"""Workflows with their statuses and the moves that people may make."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page, Phase
from firstline.tickets import catalogue

if TYPE_CHECKING:
    from firstline.tickets import models

router = Router(tags=["catalogue"])


class Status(BaseModel):
    """A status and where one may go from it."""

    key: str
    name: str = Field(description="In the reader's language.")
    phase: Phase
    is_initial: bool
    moves: list[str] = Field(description="Keys of the statuses that people may move to.")


class Workflow(BaseModel):
    """A set of statuses with its rules."""

    key: str
    name: str = Field(description="In the reader's language.")
    statuses: list[Status]


@get(router, "/workflows", Page[Workflow])
def index(request: HttpRequest) -> Page[Workflow]:
    """All workflows; for staff only."""
    items = [
        Workflow(
            key=workflow.key,
            name=workflow.label,
            statuses=[_status(status) for status in workflow.statuses.all()],
        )
        for workflow in catalogue.workflows_for(actor_of(request))
    ]
    return Page[Workflow](items=items, next=None)


def _status(status: "models.Status") -> Status:
    targets = sorted((move.target for move in status.moves.all()), key=lambda one: one.position)
    return Status(
        key=status.key,
        name=status.label,
        phase=status.phase,
        is_initial=status.is_initial,
        moves=[target.key for target in targets],
    )
