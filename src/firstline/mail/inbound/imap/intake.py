"""Take in what waits in a folder: each mail is stored durably before the folder counts it as read.

Only the UID says what is new, never a mark that another mail program may set (C59). Whatever is
fetched twice, because a reader died in between or the server gave all UIDs anew, is one row: the
content decides (take.intake_key).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import Error as DatabaseError
from django.utils import timezone

from firstline.mail.inbound.imap import waiting
from firstline.mail.inbound.imap.box import Box
from firstline.mail.inbound.imap.lease import Lease, Lost
from firstline.mail.inbound.imap.stop import Stop
from firstline.mail.inbound.imap.trouble import Answered, Trouble
from firstline.mail.inbound.imap.waiting import Waiting
from firstline.mail.inbound.take import HEADER_END, Arrival, take_all
from firstline.mail.models import Folder

FAR_PAST = datetime(1, 1, 1, tzinfo=UTC)
RETURN_PATH = re.compile(rb"^return-path:[ \t]*<([^>\r\n]*)>", re.IGNORECASE | re.MULTILINE)
REFUSALS = 3  # of one mail by the server, then a note stands for it
CUTS = 2  # of the connection at one mail, after one at several: then the others go first (C61)
MOST_CUTS = 20  # then a note stands for it as well


class Intake:
    """The reading of one folder by one connection."""

    def __init__(self, box: Box, lease: Lease, folder: Folder, stop: Stop) -> None:
        self.box, self.lease, self.folder, self.stop = box, lease, folder, stop
        self.taken = 0

    def run(self) -> int:
        """Take in all that waits, oldest first; how many that was. Raises Trouble, Lost."""
        try:
            validity, following = self.box.examine(self.folder.name)
            if validity != self.folder.uid_validity:
                self._begin_anew(validity, following)
        except Answered as problem:
            raise Trouble("refused", str(problem)) from problem
        while not self.stop.is_said():
            self.box.forget_news()
            self._take_new()
            self._try_again()
            if not self.box.has_news():
                break
        return self.taken

    def _begin_anew(self, validity: int, following: int) -> None:
        """The server numbers its mails anew: go through all of them, known ones are recognised."""
        fresh = {"uid_validity": validity, "last_uid": 0, "later": {}}
        self._write(**fresh, old_uid=max(following - 1, 0), is_told_by_date=True)

    def _take_new(self) -> None:
        try:
            uids = self.box.uids_from(self.folder.last_uid + 1)
            mails = list(waiting.look(self.box, uids))
        except Answered as problem:
            raise Trouble("refused", str(problem)) from problem
        progress = _Progress(uids)
        progress.pass_by(set(uids) - {one.uid for one in mails})  # gone meanwhile
        wanted = [one for one in mails if self.lease.mailbox.takes_old or not self._is_old(one)]
        progress.pass_by({one.uid for one in mails} - {one.uid for one in wanted})
        by_date = not self.lease.is_careful
        wanted.sort(key=lambda one: (one.at or FAR_PAST if by_date else FAR_PAST, one.uid))
        for group in waiting.groups(wanted, one_by_one=self.lease.is_careful):
            if self.stop.is_said():
                break
            self._take_group(group)
            progress.pass_by({one.uid for one in group})
            self._advance(progress)
        self._advance(progress)

    def _advance(self, progress: "_Progress") -> None:
        if progress.reached > self.folder.last_uid:
            self._write(last_uid=progress.reached)
        self.lease.beat()

    def _take_group(self, group: list[Waiting]) -> None:
        try:
            found = waiting.contents(self.box, group)
        except Answered:
            if len(group) == 1:
                self._count_refusal(group[0])
            for one in group if len(group) > 1 else ():
                self._take_group([one])
            return
        except Trouble:
            self._count_cut(group)
            raise
        self._take([(mail, found[mail.uid]) for mail in group if mail.uid in found])
        for mail in group:
            if mail.uid not in found and mail.uid in self._there(mail.uid):
                self._count_refusal(mail)

    def _there(self, uid: int) -> list[int]:
        try:
            return self.box.uids_from(uid)
        except Answered as problem:
            raise Trouble("refused", str(problem)) from problem

    def _take(self, mails: list[tuple[Waiting, bytes]]) -> None:
        """Store mails. Raises Trouble if that fails: they stay in the mailbox and come again."""
        mailbox, now = self.lease.mailbox, timezone.now()
        arrivals = [
            Arrival(
                raw,
                sender=_returned_to(raw),
                recipients=[mailbox.address],
                source="old" if self._is_old(mail) else "imap",
                received_at=min(mail.at or now, now),
                mailbox=mailbox,
            )
            for mail, raw in mails
        ]
        try:
            take_all(arrivals)
        except (OSError, DatabaseError) as problem:
            raise Trouble("storage") from problem
        self.taken += len(mails)
        for mail, _raw in mails:
            self._forget(mail.uid)

    def _is_old(self, mail: Waiting) -> bool:
        """Whether it lay there when the mailbox was joined."""
        if mail.uid > self.folder.old_uid:
            return False
        if not self.folder.is_told_by_date:
            return True
        return mail.at is not None and mail.at < self.folder.joined_at.replace(microsecond=0)

    def _count_refusal(self, mail: Waiting) -> None:
        if self._count(mail.uid) >= REFUSALS:
            self._note(mail)

    def _count_cut(self, group: list[Waiting]) -> None:
        """The connection broke at one mail: soon the others go first."""
        if len(group) > 1 or not self.lease.is_careful:
            return
        mail = group[0]
        if self._count(mail.uid) >= CUTS and mail.uid > self.folder.last_uid:
            self._write(last_uid=mail.uid)

    def _try_again(self) -> None:
        """What the server would not hand out before, once more after everything else."""
        uids = sorted(int(uid) for uid in self.folder.later)
        if not uids or self.stop.is_said():
            return
        try:
            mails = {one.uid: one for one in waiting.look(self.box, uids)}
        except Answered as problem:
            raise Trouble("refused", str(problem)) from problem
        for uid in uids:
            if uid not in mails:
                self._forget(uid)
            elif self.folder.later[str(uid)] >= MOST_CUTS:
                self._note(mails[uid])
            else:
                self._take_group([mails[uid]])

    def _note(self, mail: Waiting) -> None:
        """Let a note stand for a mail that can't be had, so that people see it."""
        try:
            header = waiting.header_of(self.box, mail.uid)
        except (Answered, Trouble):
            header = b""
        self._take([(mail, waiting.refused(header, mail.uid))])

    def _count(self, uid: int) -> int:
        tries = int(self.folder.later.get(str(uid), 0)) + 1
        self._write(later={**self.folder.later, str(uid): tries})
        return tries

    def _forget(self, uid: int) -> None:
        if str(uid) in self.folder.later:
            rest = {name: tries for name, tries in self.folder.later.items() if name != str(uid)}
            self._write(later=rest)

    def _write(self, **values: object) -> None:
        """Change the folder's row, as long as the mailbox is ours. Raises Lost, Trouble."""
        reader = self.lease.mailbox.reader
        try:
            mine = Folder.objects.filter(pk=self.folder.pk, mailbox__reader=reader)
            if not mine.update(**values):
                raise Lost
        except DatabaseError as problem:
            raise Trouble("storage") from problem
        for name, value in values.items():
            setattr(self.folder, name, value)


class _Progress:
    """Up to which UID everything is done, while mails are taken in the order of their dates."""

    def __init__(self, uids: list[int]) -> None:
        self.uids, self.done, self.place = uids, set[int](), 0

    def pass_by(self, uids: Iterable[int]) -> None:
        self.done.update(uids)
        while self.place < len(self.uids) and self.uids[self.place] in self.done:
            self.place += 1

    @property
    def reached(self) -> int:
        return self.uids[self.place - 1] if self.place else 0


def _returned_to(raw: bytes) -> str:
    """Where bounces of this mail go, as the last server wrote it down; "?" where none did.

    "" is what bounces themselves have, so an unknown one must not be empty.
    """
    head = HEADER_END.split(raw[:65_536], 1)[0]
    found = RETURN_PATH.search(head)
    if found is None:
        return "?"
    text = found[1].decode("ascii", "replace")
    return "".join(char for char in text if char.isprintable())
