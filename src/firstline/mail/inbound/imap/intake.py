"""Take in what waits in a folder: each mail is stored durably before the folder counts it as read.

Only the UID says what is new, never a mark that another mail program may set (C59). Whatever is
fetched twice, because a reader died in between or the server gave all UIDs anew, is one row: the
content decides (take.intake_key).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from django.db import Error as DatabaseError
from django.utils import timezone

from firstline.mail.inbound.imap import waiting
from firstline.mail.inbound.imap.again import Try, as_kept, once_more, tries_of
from firstline.mail.inbound.imap.box import Box
from firstline.mail.inbound.imap.lease import Lease, Lost
from firstline.mail.inbound.imap.stop import Stop
from firstline.mail.inbound.imap.trouble import Answered, Trouble
from firstline.mail.inbound.imap.waiting import Waiting
from firstline.mail.inbound.take import HEADER_END, Arrival, take_all
from firstline.mail.models import Folder

FAR_PAST = datetime(1, 1, 1, tzinfo=UTC)
NOTHING: Mapping[int, Waiting] = MappingProxyType({})
RETURN_PATH = re.compile(rb"^return-path:[ \t]*<([^>\r\n]*)>", re.IGNORECASE | re.MULTILINE)
REFUSALS = 3  # of one mail by the server, then a note stands for it
CUTS = 2  # of the connection at one mail, after one at several: then the others go first (C61)
MOST_CUTS = 5  # then a note stands for it as well
FEW = 10  # mails that may all be bad in a folder where nothing else lies


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
        uids = self._uids_from(self.folder.last_uid + 1)
        waits = {uid for uid, one in tries_of(self.folder).items() if not one.is_due}
        asked = [uid for uid in uids if uid not in waits]
        mails = self._look(asked)
        progress = _Progress(uids)
        self._count_left_out(set(asked) - {*mails}, mails)
        progress.pass_by(set(uids) - {*mails})  # gone, or remembered
        wanted = [one for one in mails.values() if self._is_wanted(one)]
        progress.pass_by({*mails} - {one.uid for one in wanted})
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
        alone = tries_of(self.folder).get(group[0].uid, Try()) if len(group) == 1 else Try()
        is_last_try = alone.tries + 1 >= REFUSALS
        try:
            found = waiting.contents(self.box, group, self.lease.beat, is_last_try=is_last_try)
        except Answered:
            found = {}
        except Trouble:
            self._count_cut(group)
            raise
        self._take([(mail, found[mail.uid]) for mail in group if mail.uid in found])
        left_out = {mail.uid: mail for mail in group if mail.uid not in found}
        self._count_left_out({*left_out}, found, left_out)

    def _look(self, uids: list[int]) -> dict[int, Waiting]:
        try:
            return {one.uid: one for one in waiting.look(self.box, uids, self.lease.beat)}
        except Answered as problem:
            raise Trouble("refused", str(problem)) from problem

    def _uids_from(self, first: int) -> list[int]:
        try:
            return self.box.uids_from(first)
        except Answered as problem:
            raise Trouble("refused", str(problem)) from problem

    def _take(self, mails: list[tuple[Waiting, bytes]]) -> None:
        """Store mails. Raises Trouble if that fails: they stay in the mailbox and come again."""
        self._store([self._arrival(mail, raw) for mail, raw in mails])
        for mail, _raw in mails:
            self._forget(mail.uid)

    def _store(self, arrivals: list[Arrival]) -> None:
        try:
            take_all(arrivals)
        except (OSError, DatabaseError) as problem:
            raise Trouble("storage") from problem
        self.taken += len(arrivals)

    def _arrival(self, mail: Waiting, raw: bytes, *, is_note: bool = False) -> Arrival:
        mailbox, now = self.lease.mailbox, timezone.now()
        return Arrival(
            raw,
            sender=_returned_to(raw),
            recipients=[mailbox.address],
            source="old" if self._is_old(mail) else "imap",
            received_at=min(mail.at or now, now),
            mailbox=mailbox,
            place=f"{self.folder.pk}/{self.folder.uid_validity}/{mail.uid}",
            is_note=is_note,
        )

    def _is_wanted(self, mail: Waiting) -> bool:
        return self.lease.mailbox.takes_old or not self._is_old(mail)

    def _may_be_old(self, mail: Waiting) -> bool:
        """Whether only its date, which the server keeps to itself, would tell."""
        if self.lease.mailbox.takes_old or mail.at is not None:
            return False
        return self.folder.is_told_by_date and mail.uid <= self.folder.old_uid

    def _is_old(self, mail: Waiting) -> bool:
        """Whether it lay there when the mailbox was joined."""
        if mail.uid > self.folder.old_uid:
            return False
        if not self.folder.is_told_by_date:
            return True
        return mail.at is not None and mail.at < self.folder.joined_at.replace(microsecond=0)

    def _count_left_out(
        self, uids: set[int], others: Collection[int], known: Mapping[int, Waiting] = NOTHING
    ) -> None:
        """The server did not hand these out, but `others`: ask for them again, if they still lie there.

        `known`: what it told of them. Raises Trouble.
        """
        there = uids.intersection(self._uids_from(min(uids))) if uids else uids
        if there and not others:
            self._demand_others(there)
        for uid in sorted(uids):
            if uid in there:
                self._count_refusal(known.get(uid, Waiting(uid)))
            else:
                self._forget(uid)

    def _demand_others(self, but: set[int]) -> None:
        """A server that hands out nothing at all is ill: no mail is to blame. Raises Trouble."""
        known = but | {*tries_of(self.folder)}
        others = [uid for uid in self._uids_from(1) if uid not in known]
        words = ""
        for uid in {*others[:1], *others[-1:]}:
            try:
                if waiting.is_handed_out(self.box, uid):
                    return
            except Answered as problem:
                words = str(problem)
        if others or len(but) > FEW:
            raise Trouble("refused", words)

    def _count_refusal(self, mail: Waiting) -> None:
        tried = self._count(mail.uid, free=1)
        if tried.tries < REFUSALS or self._may_be_old(mail):
            return
        if not mail.size and tried.tries < MOST_CUTS and self._take_without_size(mail):
            return
        if not tried.has_note:
            self._note(mail)

    def _take_without_size(self, mail: Waiting) -> bool:
        """Some servers hand out a mail of which they tell nothing."""
        try:
            found = waiting.content_of_unknown_size(self.box, mail.uid)
        except Answered:
            return False
        self._take([(mail, found[mail.uid])] if found else [])
        return bool(found)

    def _count_cut(self, group: list[Waiting]) -> None:
        """The connection broke at one mail: soon the others go first."""
        if len(group) > 1 or not self.lease.is_careful:
            return
        uid = group[0].uid
        if self._count(uid, free=CUTS).tries >= CUTS and uid > self.folder.last_uid:
            self._write(last_uid=uid)

    def _try_again(self) -> None:
        """What the server would not hand out before, once more after everything else."""
        tries = tries_of(self.folder)
        unsaid = {uid for uid, one in tries.items() if one.tries >= MOST_CUTS and not one.has_note}
        uids = sorted(unsaid | {uid for uid, one in tries.items() if one.is_due})
        if not uids or self.stop.is_said():
            return
        mails = self._look(uids)
        self._count_left_out(set(uids) - {*mails}, mails)
        for uid, mail in mails.items():
            if not self._is_wanted(mail):
                self._forget(uid)
            elif uid in unsaid:
                self._note(mail)
            else:
                self._take_group([mail])

    def _note(self, mail: Waiting) -> None:
        """Let a note stand for a mail that can't be had, so that people see it."""
        try:
            header = waiting.header_of(self.box, mail.uid)
        except Trouble:
            header = b""
        note = waiting.refused(header, mail.uid)
        self._store([self._arrival(mail, note, is_note=True)])
        tried = tries_of(self.folder)[mail.uid]
        self._remember(mail.uid, replace(tried, has_note=True))

    def _count(self, uid: int, *, free: int) -> Try:
        tried = once_more(tries_of(self.folder).get(uid, Try()), free=free)
        self._remember(uid, tried)
        return tried

    def _remember(self, uid: int, tried: Try) -> None:
        self._write(later=as_kept({**tries_of(self.folder), uid: tried}))

    def _forget(self, uid: int) -> None:
        tries = tries_of(self.folder)
        if tries.pop(uid, None) is not None:
            self._write(later=as_kept(tries))

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
