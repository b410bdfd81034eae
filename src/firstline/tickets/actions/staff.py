"""Staff with the departments they work in, and what becomes of their tickets when they leave."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base import emails
from firstline.base.db import atomic
from firstline.base.ids import read_id
from firstline.people.access import Actor
from firstline.people.actions import staff as people
from firstline.people.actions.people import create_staff
from firstline.people.actions.staff import Wanted
from firstline.people.models import Staff
from firstline.people.roles import OF_PARTNERS, Level, Permission
from firstline.tickets.actions.bulk import enqueue
from firstline.tickets.models import Bulk, Department, Ticket
from firstline.tickets.models.workflow import Phase
from firstline.tickets.staff import successors

MOST_AT_ONCE = 50
NOBODY = "nobody"


class UnknownDepartment(ValueError):
    """No department has this name or address."""


def hire(email: str, name: str, level: str, departments: Iterable[str], password: str) -> Staff:
    """Make a member of staff and let them into departments, each given by name or address.

    Raises Taken, UnknownDepartment, ValidationError.
    """
    emails.check(email)
    with atomic():
        staff = create_staff(email, name, Level(level), password=password)
        for wanted in departments:
            _find(wanted).agents.add(staff)
    return staff


def invite(
    actor: Actor, wanted: Sequence[Wanted], departments: Iterable[int], *, via: str
) -> list[Staff]:
    """Invite these people to work in these departments: all of them, or nobody.

    Raises Forbidden, and ValidationError; what is wrong with any but the first is at `email.1`,
    `name.2` and so on.
    """
    actor.demand(Permission.STAFF_EDIT)
    if len(wanted) > MOST_AT_ONCE:
        text = _("At most %(number)s people at once.") % {"number": MOST_AT_ONCE}
        raise ValidationError({"more": [text]})
    made: list[Staff] = []
    wrong: dict[str, list[str]] = {}
    with atomic():
        try:
            places = _places(wanted[0].level, set(departments), set())
        except ValidationError as problem:
            places, wrong = [], problem.message_dict
        for number, one in enumerate(wanted):
            try:
                made.append(people.invite(actor, one, via=via))
            except ValidationError as problem:
                wrong |= _numbered(problem, number)
        if wrong:
            raise ValidationError(wrong)
        for staff in made:
            staff.departments.set(places)
    return made


def change(
    actor: Actor,
    pk: int,
    level: str,
    partner_id: int | None,
    departments: Iterable[int],
    *,
    via: str,
) -> Staff:
    """Give somebody a level, a partner where the level has one, and departments.

    Raises Forbidden, NotFound, ValidationError.
    """
    with atomic():
        staff = people.change_level(actor, pk, level, partner_id, via=via)
        before = {one.pk: one for one in Department.objects.filter(agents=pk)}
        places = _places(level, set(departments), set(before))
        if set(before) != {one.pk for one in places}:
            staff.departments.set(places)
            names = [[one.names for one in rows] for rows in (before.values(), places)]
            people.record(actor, "staff.placed", pk, via, departments=names)
    return staff


def deactivate(actor: Actor, pk: int, to: str, *, via: str) -> Bulk | None:
    """Let somebody work here no more; their open tickets go to `to`, a key of staff or “nobody”.

    It is needed if there are any. A worker gives them on one by one, each with its event; the
    answer tells how far it is, None without tickets. Raises Forbidden, NotFound, ValidationError.
    """
    actor.demand(Permission.STAFF_EDIT)
    with atomic():
        staff = people.deactivate(actor, pk, via=via)
        theirs = Ticket.objects.filter(responsible=pk).exclude(phase=Phase.CLOSED)
        ids = list(theirs.order_by("pk").values_list("pk", flat=True))
        heir = _heir(actor, staff, to)
        if not ids:
            return None
        if not heir:
            text = _("Choose who gets the open tickets, or nobody.")
            raise ValidationError({"tickets_to": [text]})
        return enqueue(actor, "assign", {"to": heir, "from": pk, "via": via}, ids)


def _heir(actor: Actor, staff: Staff, to: str) -> str:
    """As acts on many tickets name it; empty where nobody is named. Raises ValidationError."""
    if to in {"", NOBODY}:
        return to
    if read_id(to) not in {one.pk for one in successors(actor, staff)}:
        text = _("Choose somebody who answers tickets and is not deactivated.")
        raise ValidationError({"tickets_to": [text]})
    return f"staff-{to}"


def _places(level: str, wanted: set[int], before: set[int]) -> list[Department]:
    """The departments with these keys. A partner's staff have none: they work on all its tickets.

    Raises ValidationError.
    """
    rows = {one.pk: one for one in Department.objects.all()}
    usable = {pk for pk, one in rows.items() if one.is_active} | before
    text = ""
    if wanted - usable:
        text = _("There is no such department.")
    elif level in OF_PARTNERS and wanted - before:
        text = _("A partner's staff work on all its tickets, whatever the department.")
    elif level not in OF_PARTNERS and level != Level.ADMINISTRATOR and usable and not wanted:
        text = _("Choose at least one department: without any they see no tickets.")
    if text:
        raise ValidationError({"departments": [text]})
    return [rows[pk] for pk in sorted(wanted)]


def _numbered(problem: ValidationError, number: int) -> dict[str, list[str]]:
    """What is wrong with one of several; what they have in common is said once."""
    if number == 0:
        return dict(problem.message_dict)
    told = problem.message_dict.items()
    return {f"{field}.{number}": texts for field, texts in told if field in {"email", "name"}}


def _find(wanted: str) -> Department:
    for department in Department.objects.all():
        if wanted.lower() in {
            department.address,
            *(name.lower() for name in department.names.values()),
        }:
            return department
    raise UnknownDepartment(wanted)
