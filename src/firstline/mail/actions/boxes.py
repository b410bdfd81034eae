"""Forwarding boxes: public addresses that lead to a department (cap 147-150)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.events import log
from firstline.mail import addresses
from firstline.mail.models import Box
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.actions.departments import held
from firstline.tickets.models import Department


def add_box(actor: Actor, department: Department, address: str, *, via: str) -> Box:
    """Let a public address lead to the department, from the next mail on.

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise ValidationError({"address": problem.messages}) from problem
    if not address.isascii():
        raise ValidationError({"address": _("Write the address in Latin letters.")})
    with atomic():
        held()  # whoever gives an address away waits for us
        _check_free(address, department)
        if not Department.objects.filter(pk=department.pk, is_active=True).exists():
            raise ValidationError({"address": _("The department is retired.")})
        box = Box.objects.create(address=address, department=department)
        _record(actor, box, "box.added", via, department=department.pk)
    return box


def move_box(actor: Actor, box: Box, department: Department, *, via: str) -> Box:
    """Let the address lead to another department; its tickets stay where they are.

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        held()
        if not Department.objects.filter(pk=department.pk, is_active=True).exists():
            raise ValidationError({"department": _("Choose a department that is in use.")})
        row = Box.objects.get(pk=box.pk)
        if row.department_id != department.pk:
            data = {"department": [row.department_id, department.pk]}
            row.department = department
            row.save(update_fields=["department"])
            _record(actor, row, "box.moved", via, **data)
    return row


def remove_box(actor: Actor, box: Box, *, via: str) -> str:
    """Take the address off. Answers to its tickets go out from the department's own from now on.

    Returns the address. Raises Forbidden.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        _record(actor, box, "box.removed", via, department=box.department_id)
        Box.objects.filter(pk=box.pk).delete()
    return box.address


def _check_free(address: str, department: Department) -> None:
    """Raise ValidationError if something else has the address."""
    found = addresses.holder(address)
    if found is None:
        return
    if found == department:
        text = _("This is the department's own address: it needs no forwarding.")
        raise ValidationError({"address": text})
    owner = found if isinstance(found, Department) else found.department
    text = _("This address belongs to “%(name)s” already.") % {"name": owner.label}
    raise ValidationError({"address": text})


def _record(actor: Actor, box: Box, kind: str, via: str, **data: Any) -> None:
    log.record(
        kind,
        subject_kind="box",
        subject_id=box.pk,
        **actor.signature,
        via=via,
        data={"address": box.address, **data},
    )
