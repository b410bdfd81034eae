"""One reader for each mailbox over all processes, and how the mailbox fares.

Who reads has the mailbox for half a minute and renews that while at it; a reader that died loses it
by itself. Even two at once would do no harm: what is taken twice is one row (take.intake_key).
"""

import os
import socket
import time
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from firstline.mail.inbound.imap.trouble import FOR_PEOPLE, Trouble
from firstline.mail.models import Mailbox

LEASE = timedelta(seconds=30)
BEAT = 10.0
SHORTEST, LONGEST, FOR_PEOPLE_LONGEST = 1.0, 50.0, 600.0  # so that it goes on within a minute


class Lost(Exception):
    """The mailbox is another reader's now, or was changed, switched off or removed."""


class Lease:
    """A mailbox that is ours to read. Get one with `claim`."""

    def __init__(self, mailbox: Mailbox, *, is_careful: bool) -> None:
        self.mailbox = mailbox
        # Whether the reader before failed or died: then mails go one by one, in their order.
        self.is_careful = is_careful
        self._renewed = time.monotonic()

    @classmethod
    def claim(cls, mailbox_id: int) -> "Lease | None":
        """The mailbox, if it is to be read now and nobody else does."""
        now, name = timezone.now(), f"{socket.gethostname()[:12]}:{os.getpid()}:{uuid4().hex[:12]}"
        free = Mailbox.objects.filter(pk=mailbox_id, is_active=True, leased_until__lte=now)
        before = free.values_list("reader", flat=True).first()
        if not free.update(reader=name, leased_until=now + LEASE):
            return None
        mailbox = Mailbox.objects.filter(pk=mailbox_id, reader=name).first()
        if mailbox is None:
            return None
        return cls(mailbox, is_careful=bool(before) or mailbox.failing_since is not None)

    def beat(self) -> None:
        """Renew the lease where that is due. Raises Lost."""
        if time.monotonic() - self._renewed >= BEAT / 2:
            self.write()

    def write(self, **values: object) -> None:
        """Renew the lease, and write this to the mailbox. Raises Lost."""
        now = timezone.now()
        mine = Mailbox.objects.filter(pk=self.mailbox.pk, reader=self.mailbox.reader)
        if not mine.update(leased_until=now + LEASE, **values):
            raise Lost
        self._renewed = time.monotonic()

    def succeeded(self, but: Trouble | None) -> None:
        """All folders were read to the end, but for one that is missing. Raises Lost."""
        now = timezone.now()
        since = (self.mailbox.failing_since or now) if but else None
        self.write(read_at=now, problem=but.stored if but else "", failing_since=since)
        self.mailbox.failing_since = since
        self.is_careful = False

    def idle(self) -> None:
        """Renew the lease while the server has nothing new: that is as good as reading."""
        if time.monotonic() - self._renewed >= BEAT / 2:
            self.write(read_at=timezone.now())

    def give_back(self) -> None:
        """Another reader may begin at once."""
        self._end(leased_until=timezone.now())

    def fail(self, trouble: Trouble) -> None:
        """Say what is wrong, and let nobody try for as long as it has been failing, within bounds."""
        now = timezone.now()
        since = (
            Mailbox.objects.filter(pk=self.mailbox.pk)
            .values_list("failing_since", flat=True)
            .first()
        ) or now
        most = FOR_PEOPLE_LONGEST if trouble.code in FOR_PEOPLE else LONGEST
        pause = min(max((now - since).total_seconds(), SHORTEST), most)
        due = now + timedelta(seconds=pause)
        self._end(leased_until=due, problem=trouble.stored, failing_since=since)

    def _end(self, **values: object) -> None:
        mine = Mailbox.objects.filter(pk=self.mailbox.pk, reader=self.mailbox.reader)
        mine.update(reader="", **values)
