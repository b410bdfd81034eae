"""Check whether a public address is forwarded: a letter with a code goes there (cap 147-148)."""

import secrets

from firstline.base.db import atomic, hold
from firstline.events import log
from firstline.mail import checks
from firstline.mail.models import Box, BoxCheck
from firstline.people.access import Actor
from firstline.people.roles import Permission

KEPT = 10  # of each box


def start_check(actor: Actor, box: Box, *, via: str) -> BoxCheck:
    """Send a letter to the box. While one is on its way, that one is the check. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        hold(Box.objects.filter(pk=box.pk))
        mine = BoxCheck.objects.filter(box=box)
        last = mine.first()
        if last is not None and checks.states_of([last])[last.pk] in checks.RUNNING:
            return last
        check = BoxCheck.objects.create(box=box, code=secrets.token_hex(10))
        kept = mine.values_list("pk", flat=True)[:KEPT]
        mine.exclude(pk__in=list(kept)).delete()
        log.record(
            "box.checked",
            subject_kind="box",
            subject_id=box.pk,
            **actor.signature,
            via=via,
            data={"address": box.address, "check": check.pk},
        )
    return check
