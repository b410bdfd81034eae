"""How fast mail goes out, and in which order: what is too much rests for a while, and none is lost.

Big mail providers turn servers away that send too much at once. The limits are
FIRSTLINE_MAIL_A_MINUTE for a server, and FIRSTLINE_MAIL_A_MINUTE_TO_DOMAIN for where it goes.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from firstline.mail.models import OutgoingMail

MINUTE = timedelta(minutes=1)
# As long as an earlier mail of the ticket may hold back the later ones to the same person.
PATIENCE = timedelta(hours=1)
LONGEST_REST = timedelta(seconds=30)


def rest(mail: OutgoingMail, server: str) -> timedelta | None:
    """For how long this mail has to rest before `server` gets it; None: it may go."""
    now = timezone.now()
    if (due := _due_before(mail)) is not None:
        return min(max(due - now, timedelta(seconds=1)), LONGEST_REST)
    lately = OutgoingMail.objects.filter(sent_at__gt=now - MINUTE, server=server)
    waits = [_wait(_moments(lately, settings.MAIL_A_MINUTE), settings.MAIL_A_MINUTE, now)]
    domain = mail.recipient.rpartition("@")[2]
    most = settings.MAIL_A_MINUTE_TO_DOMAIN
    there = lately.filter(recipient__endswith=f"@{domain}")
    waits.append(_wait(_moments(there, most), most, now))
    return max((one for one in waits if one), default=None)


def wake_next(mail: OutgoingMail) -> int | None:
    """Make the next message of the ticket to the same person due, if it rests behind this one."""
    if mail.ticket_id is None or mail.message_id is None:
        return None
    behind = OutgoingMail.objects.filter(
        recipient=mail.recipient,
        ticket=mail.ticket_id,
        message__isnull=False,
        state=OutgoingMail.State.WAITING,
        pk__gt=mail.pk,
        due_at__gt=timezone.now(),
        problem="",
        unheard=0,  # it is not on its way at this moment
    )
    pk = behind.order_by("pk").values_list("pk", flat=True).first()
    if pk is None or not behind.filter(pk=pk).update(due_at=timezone.now()):
        return None
    return pk


def _moments(mails: QuerySet[OutgoingMail], most: int) -> list[datetime]:
    found = mails.order_by("-sent_at").values_list("sent_at", flat=True)
    return [one for one in found[:most] if one]


def _wait(moments: list[datetime], most: int, now: datetime) -> timedelta | None:
    """Until the oldest of the last `most` is a minute old."""
    if len(moments) < most:
        return None
    return max(moments[-1] + MINUTE - now, timedelta(seconds=1))


def _due_before(mail: OutgoingMail) -> datetime | None:
    """When an earlier message of the same ticket to the same person is due, if one still waits."""
    if mail.ticket_id is None or mail.message_id is None:
        return None
    earlier = OutgoingMail.objects.filter(
        recipient=mail.recipient,
        created_at__gt=timezone.now() - PATIENCE,
        ticket=mail.ticket_id,
        message__isnull=False,
        state=OutgoingMail.State.WAITING,
        pk__lt=mail.pk,
    )
    row = earlier.order_by("pk").values_list("due_at", "problem").first()
    if row is None:
        return None
    return row[0] if row[1] else timezone.now()  # without a problem it leaves at this moment
