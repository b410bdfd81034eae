"""Check whether a public address is forwarded: a letter with a code goes there (cap 147-148)."""

import secrets
from typing import Any

from firstline.base.db import atomic, hold
from firstline.events import log
from firstline.mail import checks
from firstline.mail.models import Box, BoxCheck
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.models import Department

KEPT = 10  # of each address


def start_check(actor: Actor, box: Box, *, via: str) -> BoxCheck:
    """Send a letter to the box. While one is on its way, that one is the check. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        hold(Box.objects.filter(pk=box.pk))
        return _started(actor, via, box=box)


def start_own_check(actor: Actor, department: Department, *, via: str) -> BoxCheck:
    """The same for the department's system address, where answers to its mails go. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        hold(Department.objects.filter(pk=department.pk))
        return _started(actor, via, department=department)


def _started(actor: Actor, via: str, **what: Any) -> BoxCheck:
    """The check that is on its way, or a new one. The caller holds the row that is checked."""
    mine = BoxCheck.objects.filter(**what)
    last = mine.first()
    if last is not None and checks.states_of([last])[last.pk] in checks.RUNNING:
        return last
    check = BoxCheck.objects.create(**what, code=secrets.token_hex(10))
    kept = mine.values_list("pk", flat=True)[:KEPT]
    mine.exclude(pk__in=list(kept)).delete()
    [(kind, row)] = what.items()
    log.record(
        "box.checked",
        subject_kind=kind,
        subject_id=row.pk,
        **actor.signature,
        via=via,
        data={"address": row.address, "check": check.pk},
    )
    return check
