"""The reader of one mailbox: reads all folders, waits for more, and says when it can't."""

import structlog
from django.db import Error as DatabaseError

from firstline.mail.inbound.imap import again
from firstline.mail.inbound.imap.account import account_of
from firstline.mail.inbound.imap.box import Box, opened
from firstline.mail.inbound.imap.intake import Intake
from firstline.mail.inbound.imap.lease import BEAT, Lease, Lost
from firstline.mail.inbound.imap.stop import Stop
from firstline.mail.inbound.imap.trouble import Answered, Trouble
from firstline.mail.models import Folder

log = structlog.get_logger(__name__)
# How long a reader waits before it looks again by itself: told by IDLE of one folder, or not told.
TOLD, NOT_TOLD = 300.0, 30.0


class Reader:
    """Reads one mailbox as long as it is ours."""

    def __init__(self, mailbox_id: int, stop: Stop) -> None:
        self.mailbox_id, self.stop = mailbox_id, stop
        self.box: Box | None = None
        self.is_told = False  # whether the server tells of all new mail
        self.seconds_to_next = 0.0  # until a mail that it did not hand out is asked for again

    def run(self) -> None:
        """Read until told to stop, or until something is in the way, which the mailbox then says."""
        lease = Lease.claim(self.mailbox_id)
        if lease is None:
            return
        try:
            self._read(lease)
        except Lost:
            log.info("mailbox is another reader's", mailbox=self.mailbox_id)
        except Trouble as trouble:
            self._fail(lease, trouble)
        except DatabaseError as problem:
            log.warning("mailbox not read", mailbox=self.mailbox_id, problem=repr(problem))
            self._fail(lease, Trouble("storage"))
        except Exception as problem:
            log.exception("mailbox not read", mailbox=self.mailbox_id)
            self._fail(lease, Trouble("lost", type(problem).__name__))
        else:
            lease.give_back()

    def cut(self) -> None:
        """Break off what the reader waits for, from another thread."""
        if self.box is not None:
            self.box.cut()

    def _fail(self, lease: Lease, trouble: Trouble) -> None:
        if self.stop.is_said():
            lease.give_back()
            return
        log.warning("mailbox not read", mailbox=self.mailbox_id, problem=trouble.code)
        lease.fail(trouble)

    def _read(self, lease: Lease) -> None:
        with opened(account_of(lease.mailbox)) as box:
            self.box = box
            try:
                while not self.stop.is_said():
                    self._read_folders(box, lease)
                    self._wait(box, lease)
            finally:
                self.box = None

    def _read_folders(self, box: Box, lease: Lease) -> None:
        """All folders, the first one last: that is where the server then tells of new mail.

        One that is gone does not stand in the way of the others.
        """
        folders = list(Folder.objects.filter(mailbox=lease.mailbox).order_by("-pk"))
        missing: Trouble | None = None
        for folder in folders:
            try:
                Intake(box, lease, folder, self.stop).run()
            except Trouble as trouble:
                if trouble.code != "folder" or len(folders) == 1:
                    raise
                missing = trouble
        self.is_told = box.can_idle and len(folders) == 1
        self.seconds_to_next = again.seconds_to_next(folders)
        if not self.stop.is_said():
            lease.succeeded(missing)

    def _wait(self, box: Box, lease: Lease) -> None:
        seconds = min(TOLD if self.is_told else NOT_TOLD, self.seconds_to_next)
        try:
            box.wait(seconds, self.stop, lease.idle, BEAT)
        except Answered as problem:
            raise Trouble("lost") from problem
