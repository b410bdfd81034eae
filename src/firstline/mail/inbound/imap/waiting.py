"""Mails that wait in a folder: what they are, their bytes, and what stands for those too large."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from firstline.base.sizes import size as in_words
from firstline.mail.inbound.imap.box import Box
from firstline.mail.inbound.imap.halving import halved
from firstline.mail.inbound.imap.trouble import Answered

UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
BODY = re.compile(rb"\bBODY\[[^\]]*\](?:<\d+>)?")
# A content that is no literal (RFC 9051, 9: nstring).
QUOTED = re.compile(BODY.pattern + rb' (?:NIL|"((?:[^"\\]|\\["\\])*)")')
LOOK = 500  # mails in one question about sizes and dates
GROUP, TOGETHER = 20, 1024 * 1024  # mails and bytes in one question about contents
PIECE = 1024 * 1024
DESCRIPTION = re.compile(rb"^(?:content-[a-z-]+|mime-version)[ \t]*:", re.IGNORECASE)
HEADER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail in a folder, as far as the server tells.

    `size` is in bytes, 0 if it was not told; `at` is when the server got it, or None.
    """

    uid: int
    size: int = 0
    at: datetime | None = None


def look(box: Box, uids: list[int], beat: Callable[[], None]) -> list[Waiting]:
    """The mails of these UIDs whose size the server tells. Raises Trouble, Answered."""
    found: list[Waiting] = []
    for start in range(0, len(uids), LOOK):
        found += halved(uids[start : start + LOOK], lambda part: _sizes(box, part), beat)
    return found


def _sizes(box: Box, uids: list[int]) -> list[Waiting]:
    found: dict[int, Waiting] = {}
    for line in box.ask(_set(uids), "(UID RFC822.SIZE INTERNALDATE)"):
        text = line[0] if isinstance(line, tuple) else line
        uid, size = UID.search(text), SIZE.search(text)
        if uid and size and int(uid[1]) not in found:
            found[int(uid[1])] = Waiting(int(uid[1]), int(size[1]), _date(DATE.search(text)))
    return [found[uid] for uid in uids if uid in found]


def groups(mails: Iterable[Waiting], *, one_by_one: bool) -> Iterator[list[Waiting]]:
    """The mails in their order, as many together as one question may bring."""
    group: list[Waiting] = []
    for mail in mails:
        full = len(group) >= (1 if one_by_one else GROUP)
        if group and (full or sum(one.size for one in group) + mail.size > TOGETHER):
            yield group
            group = []
        group.append(mail)
    if group:
        yield group


def contents(
    box: Box, group: list[Waiting], beat: Callable[[], None], *, is_last_try: bool = False
) -> dict[int, bytes]:
    """The bytes of these mails by UID, without those that the server does not hand out whole.

    On the last try what is much shorter than its size is believed: some servers only guess sizes.
    Raises Trouble, Answered.
    """
    if len(group) == 1 and group[0].size > TOGETHER:
        found = _large(box, group[0])
        return found if group[0].size > settings.MAIL_LIMIT else _whole(group, found, is_last_try)
    return dict(halved(group, lambda part: _bytes_of(box, part, is_last_try), beat))


def content_of_unknown_size(box: Box, uid: int) -> dict[int, bytes]:
    """The bytes of a mail whose size the server keeps to itself. Raises Trouble, Answered."""
    return {number: content for number, content in _large(box, Waiting(uid)).items() if content}


def _bytes_of(box: Box, group: list[Waiting], is_last_try: bool) -> list[tuple[int, bytes]]:
    """The same with one question. An odd answer for several counts as none: it may mix them up."""
    sizes = {mail.uid: mail.size for mail in group}
    found: dict[int, bytes] = {}
    is_odd = False
    for uid, content in _bodies(box.ask(_set([*sizes]), "(UID BODY.PEEK[])")):
        is_odd = is_odd or uid not in sizes or found.get(uid, content) != content
        if uid in sizes and (uid not in found or len(found[uid]) != sizes[uid]):
            found[uid] = content
    whole = _whole(group, found, is_last_try)
    if len(group) > 1 and (is_odd or len(whole) < len(group)):
        raise Answered
    return [*whole.items()]


def _whole(group: list[Waiting], found: dict[int, bytes], is_last_try: bool) -> dict[int, bytes]:
    """Those of the found contents that are believed to be all of the mail."""
    return {
        mail.uid: found[mail.uid]
        for mail in group
        if mail.uid in found and _is_whole(mail, len(found[mail.uid]), is_last_try)
    }


def _is_whole(mail: Waiting, length: int, is_last_try: bool) -> bool:
    if not length:
        return not mail.size
    return is_last_try or length * 4 >= mail.size * 3


def _large(box: Box, mail: Waiting) -> dict[int, bytes]:
    """A large mail in pieces; one beyond the limit becomes a note that it is there (C54)."""
    if mail.size > settings.MAIL_LIMIT:
        return _stub(box, mail)
    pieces: list[bytes] = []
    while sum(map(len, pieces)) <= settings.MAIL_LIMIT:
        piece = _piece(box, mail.uid, len(pieces))
        if piece is None:
            return {}
        pieces.append(piece)
        if len(piece) < PIECE:
            return {mail.uid: b"".join(pieces)}
    return _stub(box, replace(mail, size=sum(map(len, pieces))))


def _piece(box: Box, uid: int, number: int) -> bytes | None:
    what = f"(UID BODY.PEEK[]<{number * PIECE}.{PIECE}>)"
    return dict(_bodies(box.ask(str(uid), what))).get(uid)


def _stub(box: Box, mail: Waiting) -> dict[int, bytes]:
    what = f"(UID BODY.PEEK[HEADER]<0.{HEADER}>)"
    header = dict(_bodies(box.ask(str(mail.uid), what))).get(mail.uid)
    return {mail.uid: stub(header, mail.size)} if header else {}


def stub(header: bytes, size: int) -> bytes:
    """A mail that says who wrote what, and that it lies in the mailbox because it is too large."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"size": in_words(size), "limit": in_words(settings.MAIL_LIMIT)}
        text = _(
            "This mail has %(size)s, more than the %(limit)s that are taken in. It was not fetched "
            "and lies untouched in the mailbox."
        )
        words = f"{text % facts}\n"
    return _described(header) + words.encode()


def refused(header: bytes, uid: int) -> bytes:
    """A mail that says that the server does not hand this one out."""
    with translation.override(settings.LANGUAGE_CODE):
        text = _(
            "The mail server does not hand this mail out (number %(uid)s in its folder). It lies "
            "untouched in the mailbox."
        )
        words = f"{text % {'uid': uid}}\n"
    return (_described(header) if header else b"\r\n") + words.encode()


def is_handed_out(box: Box, uid: int) -> bool:
    """Whether the server tells of this mail and hands out its beginning. Raises Trouble, Answered."""
    return bool(_sizes(box, [uid])) and bool(box.ask(str(uid), "(UID BODY.PEEK[]<0.1>)"))


def header_of(box: Box, uid: int) -> bytes:
    """Its header section, or at least who wrote what to whom; b"" where the server keeps even that.

    Raises Trouble.
    """
    for what in ("HEADER", "HEADER.FIELDS (FROM TO CC SUBJECT DATE MESSAGE-ID)"):
        with contextlib.suppress(Answered):
            header = dict(_bodies(box.ask(str(uid), f"(UID BODY.PEEK[{what}])"))).get(uid, b"")
            if header.strip():
                return header
    return b""


def _described(header: bytes) -> bytes:
    """The header without what it says of a content that is not there, ready for a plain text."""
    fields: list[bytes] = []
    skipping = False
    for line in header.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n"):
        if line[:1] not in {b" ", b"\t"}:
            skipping = bool(DESCRIPTION.match(line))
        if not skipping and line:
            fields.append(line)
    fields += [b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=utf-8"]
    fields += [b"Content-Transfer-Encoding: 8bit", b"", b""]
    return b"\r\n".join(fields)


def _bodies(data: list[Any]) -> Iterator[tuple[int, bytes]]:
    """UID and content of each mail in an answer to FETCH, in whichever order its parts stand."""
    for place, item in enumerate(data):
        if isinstance(item, tuple):
            if not BODY.search(item[0]):
                continue
            behind = data[place + 1] if place + 1 < len(data) else b""
            behind = behind if isinstance(behind, bytes) else b""
            uid = UID.search(item[0]) or UID.search(behind)
            if uid:
                yield int(uid[1]), bytes(item[1])
        elif (quoted := QUOTED.search(item)) and (uid := UID.search(item)):
            yield int(uid[1]), re.sub(rb"\\(.)", rb"\1", quoted[1] or b"")


def _set(uids: list[int]) -> str:
    """As short as FETCH takes them: 3:7,9."""
    parts: list[str] = []
    ordered = sorted(uids)
    start = end = ordered[0]
    for uid in [*ordered[1:], -1]:
        if uid == end + 1:
            end = uid
            continue
        parts.append(str(start) if start == end else f"{start}:{end}")
        start = end = uid
    return ",".join(parts)


def _date(found: re.Match[bytes] | None) -> datetime | None:
    try:
        return (
            datetime.strptime(found[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z") if found else None
        )
    except ValueError:
        return None
