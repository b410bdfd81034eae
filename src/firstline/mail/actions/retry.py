"""Try a mail again that became nothing, or whose ticket was deleted (product 11.10, C72)."""

from django.db.models import Q
from django.utils import timezone

from firstline.base.db import atomic
from firstline.events import log
from firstline.mail.access import get_raw_for
from firstline.mail.inbound.digest import digest
from firstline.mail.models import UNSORTED, Outcome, RawMail
from firstline.people.access import Actor
from firstline.people.roles import Permission

AGAIN = (*UNSORTED, Outcome.DELETED)


def retry(actor: Actor, mail_id: int, *, via: str) -> bool:
    """Have the stored mail digested anew; False if it is waiting already, or became something.

    Raises NotFound, Forbidden.
    """
    with atomic():
        row = get_raw_for(actor, mail_id, Permission.MAIL_RETRY)
        nothing = Q(state=RawMail.State.PARKED)
        nothing |= Q(state=RawMail.State.DONE, outcome__in=AGAIN)
        is_ours = RawMail.objects.filter(nothing, pk=row.pk).update(
            state=RawMail.State.WAITING,
            outcome=Outcome.PENDING,
            attempts=0,
            due_at=timezone.now(),
            problem="",
        )
        if not is_ours:
            return False
        log.record(
            "mail.retried", subject_kind="mail", subject_id=row.pk, actor_id=actor.id, via=via
        )
        digest.later(row.pk)
    return True
