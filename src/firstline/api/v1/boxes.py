"""Forwarding boxes: public addresses that lead to a department, and checks of their forwarding."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.department_words import target_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import Refusal, invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page
from firstline.mail import boxes, checks
from firstline.mail.actions.boxes import add_box, move_box, remove_box
from firstline.mail.actions.checks import start_check, start_own_check
from firstline.tickets import departments

if TYPE_CHECKING:
    from firstline.mail import models as mail

router = Router(tags=["catalogue"])
BOXES = "/departments/{department_id}/boxes"


class Box(BaseModel):
    """A public address and how its last check ended."""

    id: int
    address: str
    department: int
    state: str | None = Field(
        description="null where it was never checked; fine and changed: it works."
    )
    checked_at: datetime | None


class NewBox(Strict):
    """A public address that leads to the department."""

    address: Text


class BoxMove(Strict):
    """Where the address leads to from now on."""

    department: int


class BoxRemoval(BaseModel):
    """The address that was removed."""

    address: str


class Step(BaseModel):
    """One thing that was found out."""

    tone: str = Field(description="done, info, wait, soon (a remark) or failed.")
    text: str
    advice: str
    at: datetime | None


class Check(BaseModel):
    """A letter to the public address, and what became of it."""

    id: int
    state: str
    started_at: datetime
    arrived_at: datetime | None
    steps: list[Step]


class Nothing(Strict):
    """No fields."""


@get(router, BOXES, Page[Box])
def index(request: HttpRequest, department_id: int) -> Page[Box]:
    """The forwarding boxes of a department; for those who may change it."""
    actor = actor_of(request)
    found = boxes.boxes_for(actor, departments.get_for(actor, department_id))
    items = [_shape(one.box, one.state, one.checked_at) for one in found]
    return Page[Box](items=items, next=None)


@post(router, BOXES, Box)
def create(request: HttpRequest, department_id: int, box: Annotated[NewBox, Sent(...)]) -> Made:
    """Let one more public address lead to the department."""
    actor = actor_of(request)
    department = departments.get_for(actor, department_id)
    made = add_box(actor, department, box.address, via="api")
    return Made(_shape(made), f"/api/v1/departments/{department.pk}/boxes")


@post(router, BOXES + "/{box_id}/moves", Box)
def move(
    request: HttpRequest, department_id: int, box_id: int, move: Annotated[BoxMove, Sent(...)]
) -> Made:
    """Let the address lead to another department."""
    actor = actor_of(request)
    row = _box(request, department_id, box_id)
    try:
        target = target_of(actor, move.department)
    except Refusal as problem:
        raise invalid("department", problem.errors[0].message) from problem
    moved = move_box(actor, row, target, via="api")
    return Made(_shape(moved), f"/api/v1/departments/{target.pk}/boxes")


@post(router, BOXES + "/{box_id}/removals", BoxRemoval)
def remove(
    request: HttpRequest, department_id: int, box_id: int, removal: Annotated[Nothing, Sent(...)]
) -> Made:
    """Take the address off."""
    row = _box(request, department_id, box_id)
    address = remove_box(actor_of(request), row, via="api")
    return Made(BoxRemoval(address=address), f"/api/v1/departments/{department_id}/boxes")


@get(router, BOXES + "/{box_id}/checks", Page[Check])
def checks_index(request: HttpRequest, department_id: int, box_id: int) -> Page[Check]:
    """The last checks of a box, the latest first, with their steps in the reader's language."""
    found = boxes.checks_for(actor_of(request), _box(request, department_id, box_id))
    return Page[Check](items=[_check(one) for one in checks.reports_of(found)], next=None)


@post(router, BOXES + "/{box_id}/checks", Check)
def check(
    request: HttpRequest, department_id: int, box_id: int, check: Annotated[Nothing, Sent(...)]
) -> Made:
    """Send the letter of a check; while one is on its way, that one is the answer."""
    begun = start_check(actor_of(request), _box(request, department_id, box_id), via="api")
    [report] = checks.reports_of([begun])
    address = f"/api/v1/departments/{department_id}/boxes/{box_id}/checks"
    return Made(_check(report), address)


@get(router, "/departments/{department_id}/checks", Page[Check])
def own_checks_index(request: HttpRequest, department_id: int) -> Page[Check]:
    """The last checks of the system address, where answers to the department's mails go."""
    actor = actor_of(request)
    found = boxes.own_checks(actor, departments.get_for(actor, department_id))
    return Page[Check](items=[_check(one) for one in checks.reports_of(found)], next=None)


@post(router, "/departments/{department_id}/checks", Check)
def own_check(
    request: HttpRequest, department_id: int, check: Annotated[Nothing, Sent(...)]
) -> Made:
    """Send a mail to the system address; while one is on its way, that one is the answer."""
    actor = actor_of(request)
    begun = start_own_check(actor, departments.get_for(actor, department_id), via="api")
    [report] = checks.reports_of([begun])
    return Made(_check(report), f"/api/v1/departments/{department_id}/checks")


def _box(request: HttpRequest, department_id: int, box_id: int) -> "mail.Box":
    actor = actor_of(request)
    return boxes.get_for(actor, departments.get_for(actor, department_id), box_id)


def _shape(box: "mail.Box", state: str | None = None, checked_at: datetime | None = None) -> Box:
    return Box(
        id=box.pk,
        address=box.address,
        department=box.department_id,
        state=state,
        checked_at=checked_at,
    )


def _check(report: checks.Report) -> Check:
    return Check(
        id=report.check.pk,
        state=report.state,
        started_at=report.check.created_at,
        arrived_at=report.check.arrived_at,
        steps=[
            Step(tone=one.tone, text=one.text, advice=one.advice, at=one.at) for one in report.steps
        ],
    )
