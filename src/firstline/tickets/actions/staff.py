"""Staff with the departments they work in."""

from collections.abc import Iterable

from django.core.validators import validate_email

from firstline.base.db import atomic
from firstline.people.actions.people import create_staff
from firstline.people.models import Staff
from firstline.people.roles import Level
from firstline.tickets.models import Department


class UnknownDepartment(ValueError):
    """No department has this name or address."""


def hire(email: str, name: str, level: str, departments: Iterable[str], password: str) -> Staff:
    """Make a member of staff and let them into departments, each given by name or address.

    Raises Taken, UnknownDepartment, ValidationError.
    """
    validate_email(email)
    with atomic():
        staff = create_staff(email, name, Level(level), password=password)
        for wanted in departments:
            _find(wanted).agents.add(staff)
    return staff


def _find(wanted: str) -> Department:
    for department in Department.objects.all():
        if wanted.lower() in {
            department.address,
            *(name.lower() for name in department.names.values()),
        }:
            return department
    raise UnknownDepartment(wanted)
