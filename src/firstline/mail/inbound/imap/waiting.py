"""Mails that wait in a folder: what they are, their bytes, and what stands for those too large."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from firstline.base.sizes import size as in_words
from firstline.mail.inbound.imap.box import Box

UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
BODY = re.compile(rb"\bBODY\[\S*\](?:<\d+>)? ?(?:\{\d+\}$)?")
EMPTY = re.compile(rb'\bBODY\[\S*\](?:<\d+>)? (?:""|NIL)')
LOOK = 500  # mails in one question about sizes and dates
GROUP, TOGETHER = 20, 1024 * 1024  # mails and bytes in one question about contents
PIECE = 1024 * 1024
DESCRIPTION = re.compile(rb"^(?:content-[a-z-]+|mime-version)[ \t]*:", re.IGNORECASE)
HEADER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail in a folder; `at` is when the server got it, None if it does not tell."""

    uid: int
    size: int
    at: datetime | None


def look(box: Box, uids: list[int]) -> Iterator[Waiting]:
    """Sizes and dates of these mails; those that are gone meanwhile are left out."""
    for start in range(0, len(uids), LOOK):
        part = uids[start : start + LOOK]
        wanted = set(part)
        for line in box.ask(_set(part), "(UID RFC822.SIZE INTERNALDATE)"):
            text = line[0] if isinstance(line, tuple) else line
            uid, size = UID.search(text), SIZE.search(text)
            if uid and size and int(uid[1]) in wanted:
                wanted.discard(int(uid[1]))
                yield Waiting(int(uid[1]), int(size[1]), _date(DATE.search(text)))


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


def contents(box: Box, group: list[Waiting]) -> dict[int, bytes]:
    """The bytes of these mails by UID. Raises Trouble, Answered."""
    if len(group) == 1 and group[0].size > TOGETHER:
        return _large(box, group[0])
    found: dict[int, bytes] = {}
    for uid, content in _bodies(box.ask(_set([one.uid for one in group]), "(UID BODY.PEEK[])")):
        found[uid] = content
    return found


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
    return _stub(box, mail)


def _piece(box: Box, uid: int, number: int) -> bytes | None:
    what = f"(UID BODY.PEEK[]<{number * PIECE}.{PIECE}>)"
    return dict(_bodies(box.ask(str(uid), what))).get(uid)


def _stub(box: Box, mail: Waiting) -> dict[int, bytes]:
    what = f"(UID BODY.PEEK[HEADER]<0.{HEADER}>)"
    header = dict(_bodies(box.ask(str(mail.uid), what))).get(mail.uid)
    return {} if header is None else {mail.uid: stub(header, mail.size)}


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


def header_of(box: Box, uid: int) -> bytes:
    """Its header section, as far as the server hands that out."""
    return dict(_bodies(box.ask(str(uid), "(UID BODY.PEEK[HEADER])"))).get(uid, b"")


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
        elif EMPTY.search(item) and (uid := UID.search(item)):
            yield int(uid[1]), b""


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
