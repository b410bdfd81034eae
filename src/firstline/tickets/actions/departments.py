"""Departments as administrators shape them: made, changed, ordered, retired, brought back (cap 140-145).

Their addresses must differ from all other addresses of the desk: mail/actions/departments.py, which
knows those, calls what stands here, and so do screens and the API.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from firstline.base.db import atomic, hold
from firstline.base.languages import CODES
from firstline.base.lines import one_line
from firstline.events import log
from firstline.people.access import Actor
from firstline.people.models import Staff
from firstline.people.roles import Permission
from firstline.tickets import departments
from firstline.tickets.actions.order import put_at
from firstline.tickets.models import Department, Status, TicketType, WebForm, Workflow

NAME_LIMIT, SIGNATURE_LIMIT = 100, 2000
LOCAL_LIMIT = 31  # a reply address adds 33 characters, and 64 are allowed (RFC 5321, 4.5.3.1.1)


@dataclass(frozen=True, slots=True)
class Shape:
    """All of a department that is typed or chosen; the address is a whole one."""

    names: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    workflow: str = ""
    agents: Collection[int] = ()
    signatures: Mapping[str, str] = field(default_factory=dict)


def create_department(actor: Actor, shape: Shape, *, via: str) -> Department:
    """Make a department behind all others; it takes tickets at once. Raises Forbidden, ValidationError."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        found = held()
        values = _checked(shape, found)
        agents = values.pop("agents")
        last = max((one.position for one in found), default=0)
        row = Department.objects.create(**values, position=last + 1)
        row.agents.set(agents)
        record(actor, row, "department.made", via, names=row.names, address=row.address)
    return row


def change_department(
    actor: Actor, department: Department, shape: Shape, *, via: str
) -> Department:
    """Give the department another shape. Its tickets are the caller's business if the workflow changes.

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        found = held()
        row = next(one for one in found if one.pk == department.pk)
        values = _checked(shape, [one for one in found if one != row])
        agents, before = values.pop("agents"), departments.agents_of(row)
        changes = [name for name, value in values.items() if getattr(row, name) != value]
        told: dict[str, Any] = {
            name: [_plain(getattr(row, name)), _plain(values[name])] for name in changes
        }
        if sorted(agents) != before:
            row.agents.set(agents)
            told["agents"] = [before, sorted(agents)]
        if changes:
            for name in changes:
                setattr(row, name, values[name])
            row.save(update_fields=changes)
        if told:
            record(actor, row, "department.changed", via, **told)
    return row


def place_department(actor: Actor, department: Department, place: int, *, via: str) -> Department:
    """Let the department stand at this place, counted from 1; beyond the end is the end.

    Raises Forbidden, ValidationError for one that is retired.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        found = held()
        row = next(one for one in found if one.pk == department.pk)
        if not row.is_active:
            raise ValidationError({"position": _("Only departments in use have a place.")})
        before = [one.pk for one in found if one.is_active].index(row.pk) + 1
        at = put_at(found, row, place)
        if at != before:
            record(actor, row, "department.placed", via, position=at)
    return row


def retire_department(
    actor: Actor, department: Department, target: Department | None, *, via: str
) -> Department:
    """Take the department out of use. With a `target`, its web forms and ticket types go there; its
    tickets are moved by the caller afterwards, in batches. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        found = {one.pk: one for one in held()}
        row = found[department.pk]
        if not any(one.is_active for one in found.values() if one != row):
            raise ValidationError({"department": _("It is the only department in use: it stays.")})
        goal = found[target.pk] if target else None
        if goal is not None and (goal == row or not goal.is_active):
            raise ValidationError({"target": _("Choose another department, one that is in use.")})
        forms = WebForm.objects.filter(department=row)
        if goal is None and (departments.open_count(row) or forms.filter(is_active=True).exists()):
            text = _("Choose where its open tickets and web forms go.")
            raise ValidationError({"target": text})
        if goal is not None:
            forms.update(department=goal)
            TicketType.objects.filter(department=row).update(department=goal)
        if row.is_active:
            Department.objects.filter(pk=row.pk).update(is_active=False)
            row.is_active = False
            record(actor, row, "department.retired", via, target=goal.pk if goal else None)
    return row


def restore_department(actor: Actor, department: Department, *, via: str) -> Department:
    """Take a retired department into use again, behind all others. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        found = held()
        row = next(one for one in found if one.pk == department.pk)
        if not row.is_active:
            row.is_active, row.position = True, max(one.position for one in found) + 1
            row.save(update_fields=["is_active", "position"])
            record(actor, row, "department.restored", via)
    return row


def held() -> list[Department]:
    """All departments in their order, which nobody else changes until this transaction ends."""
    hold(Department.objects.all())
    return list(Department.objects.select_related("workflow"))


def checked_address(address: str) -> str:
    """The address as it is kept. Raises ValidationError, its messages without a field."""
    address = address.strip().lower()
    local, _at, _domain = address.rpartition("@")
    validate_email(address)
    if "+" in local or not address.isascii():
        raise ValidationError(_("Write the address in Latin letters, without a plus sign."))
    if len(local) > LOCAL_LIMIT:
        most = {"number": LOCAL_LIMIT}
        raise ValidationError(_("At most %(number)s characters before the @.") % most)
    return address


def _checked(shape: Shape, others: list[Department]) -> dict[str, Any]:
    """The columns, cleaned. Raises ValidationError with a message for each wrong field."""
    problems: dict[str, Any] = _wrong_names(shape, others)
    names = {code: one_line(shape.names.get(code, ""), NAME_LIMIT) for code in CODES}
    signatures = {
        code: shape.signatures.get(code, "").replace("\r\n", "\n").replace("\x00", "").strip()
        for code in CODES
    }
    for code, text in signatures.items():
        if len(text) > SIGNATURE_LIMIT:
            most = {"number": SIGNATURE_LIMIT}
            problems[f"signature_{code}"] = _("At most %(number)s characters.") % most
    address = shape.address
    try:
        address = checked_address(shape.address)
    except ValidationError as problem:
        problems["address"] = problem.messages
    if any(one.address == address for one in others):
        problems["address"] = _("Another department has this address, in use or retired.")
    workflow = Workflow.objects.filter(key=shape.workflow.replace("\x00", "")).first()
    if workflow is None:
        problems["workflow"] = _("Choose a workflow.")
    agents = Staff.objects.filter(pk__in=set(shape.agents)).values_list("pk", flat=True)
    if len(agents) != len(set(shape.agents)):
        problems["agents"] = _("One of them does not work here any more.")
    if problems:
        raise ValidationError(problems)
    return {
        "names": names,
        "address": address,
        "workflow": workflow,
        "signatures": {code: text for code, text in signatures.items() if text},
        "agents": list(agents),
    }


def _wrong_names(shape: Shape, others: list[Department]) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    taken = {(code, name.casefold()) for one in others for code, name in one.names.items()}
    for code in CODES:
        name = one_line(shape.names.get(code, ""), NAME_LIMIT + 1)
        if not name:
            problems[f"name_{code}"] = _("Write the name in this language, too.")
        elif len(name) > NAME_LIMIT:
            problems[f"name_{code}"] = _("At most %(number)s characters.") % {"number": NAME_LIMIT}
        elif (code, name.casefold()) in taken:
            problems[f"name_{code}"] = _("Another department has this name, in use or retired.")
    return problems


def statuses_of(workflow: Workflow, keys: Mapping[str, str]) -> dict[str, Status]:
    """The statuses of a workflow by the old key that stands for them; unknown ones are left out."""
    known = {one.key: one for one in workflow.statuses.all()}
    return {old: known[new] for old, new in keys.items() if new in known}


def _plain(value: Any) -> Any:
    """The value as an event can hold it."""
    return value.key if isinstance(value, Workflow) else value


def record(actor: Actor, department: Department, kind: str, via: str, **data: Any) -> None:
    """Write what happened to the department."""
    log.record(
        kind,
        subject_kind="department",
        subject_id=department.pk,
        **actor.signature,
        via=via,
        data=data,
    )
