"""Departments with their mail: an address that nothing else has, and that is never lost by a change.

An address that a department gives up becomes a forwarding box, so that answers to old letters still
find their ticket.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.mail import addresses, domains
from firstline.mail.models import Box, Mailbox
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import departments
from firstline.tickets.actions import departments as shaping
from firstline.tickets.actions import resettle
from firstline.tickets.actions.departments import LOCAL_LIMIT, Shape
from firstline.tickets.models import Department, Status, Workflow

Result = TypeVar("Result")
# Names that every mail domain keeps for itself (RFC 2142), and the sender of account letters.
RESERVED = {
    *("abuse", "firstline", "hostmaster", "mailer-daemon", "postmaster", "webmaster"),
    addresses.REPLY,
}
LATIN = "a b v g d e e zh z i y k l m n o p r s t u f h ts ch sh sht a y  e yu ya"
CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", LATIN.split(" "), strict=True))


def make_department(actor: Actor, shape: Shape, *, via: str) -> Department:
    """Make a department; without an address it gets one made from its name. It takes mail at once.

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        shaping.held()
        if not shape.address.strip():
            shape = replace(shape, address=proposed_address(shape.names))
        problem = _taken(shape.address, None)
        return _with_problem(problem, lambda: shaping.create_department(actor, shape, via=via))


def change_department(
    actor: Actor,
    department: Department,
    shape: Shape,
    statuses: Mapping[str, str] | None = None,
    *,
    via: str,
) -> tuple[Department, int]:
    """Give the department another shape; a former address goes on as one of its boxes.

    If its tickets follow another workflow than the department then does, `statuses` says by keys
    which status becomes which; the department changes first, then its tickets in batches. Returns
    the department and how many tickets got another status. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        shaping.held()
        mapped = _mapped(department, shape.workflow, statuses or {})
        problem = _taken(shape.address, department)
        row = _with_problem(
            problem, lambda: shaping.change_department(actor, department, shape, via=via)
        )
        if row.address != department.address:
            Box.objects.filter(address=row.address, department=row).delete()
            Box.objects.create(address=department.address, department=row)
    return row, resettle.follow_workflow(actor, row, mapped, via=via)


def retire(actor: Actor, department: Department, target: Department | None, *, via: str) -> int:
    """Take the department out of use. Its tickets, boxes, mailboxes and web forms go to `target`,
    and so does its own address; without a target, mail to that is refused from now on.

    Returns how many tickets went; called again it moves what was left. Raises Forbidden,
    ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        shaping.held()
        if target is None and has_addresses(department):
            raise ValidationError({"target": _("Choose where its public addresses lead to.")})
        row = shaping.retire_department(actor, department, target, via=via)
        if target is not None:
            for kind in (Box, Mailbox):
                kind.objects.filter(department=row).update(department=target)
            Box.objects.get_or_create(address=row.address, defaults={"department": target})
    return resettle.move_all(actor, row, target, via=via) if target is not None else 0


def restore(actor: Actor, department: Department, *, via: str) -> Department:
    """Take a retired department into use again, with its own address. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        row = shaping.restore_department(actor, department, via=via)
        Box.objects.filter(address=row.address).delete()
    return row


def has_addresses(department: Department) -> bool:
    """Whether public addresses lead to it."""
    kinds = (Box, Mailbox)
    return any(kind.objects.filter(department=department).exists() for kind in kinds)


def proposed_address(names: Mapping[str, str]) -> str:
    """A free address of this installation, made from the name of a department."""
    name = names.get("en") or names.get("bg") or names.get("ru") or ""
    latin = "".join(CYRILLIC.get(letter, letter) for letter in name.lower())
    base = slugify(latin)[: LOCAL_LIMIT - 4].strip("-_") or "department"
    number = 1
    while True:
        local = base if number == 1 else f"{base}-{number}"
        address = f"{local}@{settings.MAIL_DOMAIN}".lower()
        if local not in RESERVED and addresses.holder(address) is None:
            return address
        number += 1


def _taken(address: str, department: Department | None) -> ValidationError | None:
    """Why this department may not have the address; None if it may."""
    address = address.strip().lower()
    own = department.address if department else None
    local, _at, domain = address.rpartition("@")
    if address == own or "\x00" in address:
        return None
    if local in RESERVED and domain in domains.received():
        return ValidationError({"address": _("This address is the installation's own.")})
    try:
        if local:  # what is no address at all is told by shaping
            domains.check_system_address(address)
    except ValidationError as problem:
        return ValidationError({"address": problem.messages})
    found = addresses.holder(address)
    if isinstance(found, Department) or found is None:  # shaping tells of departments
        return None
    if isinstance(found, Box) and department and found.department_id == department.pk:
        return None
    text = _("This address is a box or a mailbox of “%(name)s” already.")
    return ValidationError({"address": text % {"name": found.department.label}})


def _with_problem(problem: ValidationError | None, function: Callable[[], Result]) -> Result:
    """Call `function`, and tell its problems together with the one that is known."""
    try:
        result = function()
    except ValidationError as others:
        known = problem.message_dict if problem else {}
        raise ValidationError({**others.message_dict, **known}) from others
    if problem is not None:
        raise problem
    return result


def _mapped(
    department: Department, workflow_key: str, statuses: Mapping[str, str]
) -> dict[int, Status]:
    """The new status of each one that the workflow lacks and that tickets are in, by its id."""
    workflow = Workflow.objects.filter(key=workflow_key.replace("\x00", "")).first()
    if workflow is None:
        return {}  # the shape is refused for it
    found, given = departments.strays(department, workflow), shaping.statuses_of(workflow, statuses)
    if any(status.key not in given for status, _number in found):
        text = _("Its tickets are in statuses that this workflow does not have: choose new ones.")
        raise ValidationError({"statuses": text})
    return {status.pk: given[status.key] for status, _number in found}
