"""A mail's bytes to a `Mail`: everything the desk wants to know, nothing it must be afraid of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from . import addresses, dates, limits, nested, seals, section
from .addresses import Address
from .body import Attachment, Body, with_inline
from .charsets import likely
from .headers import clean, unfold, words
from .tree import Part, read

__all__ = ["Address", "Attachment", "Mail", "Unreadable", "parse"]

_ID = re.compile(rf"<[^<>]{{1,{limits.MESSAGE_ID}}}>")
_CUT = {"nested-too-deep", "too-many-parts", "too-many-lines"}
_BROKEN = {"no-boundary", "multipart-without-parts", "no-closing-boundary"}
_ADDRESS_FIELDS = ("from", "sender", "reply-to", "to", "cc", "return-path")


class Unreadable(Exception):
    """Nothing can be made of these bytes; `reason` says why in one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Mail:
    """A parsed mail. All text is free of NUL and of lone surrogates, all one-line fields of line breaks.

    Message ids are kept as written, `<...>`, without white space. `sender` follows one rule: the
    first valid mailbox of From, else of Sender, else of Reply-To, else of Return-Path, else
    `Address("", "")`. `text` is never empty where the mail says anything; `html` is sanitised, ""
    when there is none. `headers` has lower-case names and unfolded, decoded values in order.
    `defects` names what was wrong with the mail, in short English words. `seal` is said by
    `seals.seal`; `invitation` has the fields of `calendars.Invitation`, `nested` the heads of mails
    inside: the file's name, who wrote, when; `inside` is what those say, with a heading each.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address
    from_addresses: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    headers: Mapping[str, tuple[str, ...]]
    defects: tuple[str, ...]
    sender_field: tuple[Address, ...] = ()
    seal: str = ""
    invitation: dict[str, Any] | None = None
    nested: tuple[dict[str, Any], ...] = ()
    inside: str = ""


def parse(raw: bytes) -> Mail:
    """Read a mail as it came from the wire.

    Raises `Unreadable` only for bytes that hold nothing. Takes time linear in the size; bounds are
    in `limits`. Never raises anything else.
    """
    if not raw.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty")
    root = read(raw)
    declared = next(filter(None, (part.parameters().get("charset") for part in root.walk())), "")
    hint = likely(declared, raw)
    fields = _fields(root, hint)
    body = Body(hint)
    body.take(root)
    mails = nested.read(body.files, hint, limits.HTML - body.html_size)
    body.finish(raw if _CUT.intersection(root.tally.flaws) else b"")
    if _BROKEN.intersection(root.tally.flaws):
        body.rescue(section.split(raw)[1])
    html = body.html()
    boxes = {name: _mailboxes(fields, name) for name in _ADDRESS_FIELDS}
    return Mail(
        message_id=next(iter(_ids(fields, "message-id", bare=True)), ""),
        in_reply_to=_ids(fields, "in-reply-to"),
        references=_ids(fields, "references"),
        sender=_sender(boxes),
        from_addresses=boxes["from"],
        reply_to=boxes["reply-to"],
        to=boxes["to"],
        cc=boxes["cc"],
        subject=clean(words(" ".join(fields.get("subject", ())[:1])))[: limits.SUBJECT],
        date=_date(fields.get("date", ())),
        text=body.text(),
        html=html,
        attachments=with_inline(body.files, html),
        headers=_shown(fields),
        defects=(*root.tally.flaws, *_defects(root, fields, boxes)),
        sender_field=boxes["sender"],
        seal=seals.seal(root, *body.opened),
        invitation=body.invitation,
        nested=tuple(mail.head for mail in mails),
        inside="\n\n".join(mail.text for mail in mails if mail.text),
    )


def _fields(root: Part, hint: str) -> dict[str, tuple[str, ...]]:
    """Every field unfolded, encoded words still in it (addresses must be split before decoding)."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, raw in root.fields():
        fields[name] = (*fields.get(name, ()), unfold(raw, hint))
    return fields


def _shown(fields: dict[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(
        {
            name: tuple(words(value[: limits.HEADER_SHOWN]) for value in values)
            for name, values in fields.items()
        }
    )


def _mailboxes(fields: dict[str, tuple[str, ...]], name: str) -> tuple[Address, ...]:
    values = fields.get(name, ())
    found = [mailbox for value in values for mailbox in addresses.read(value)]
    return tuple(found[: limits.ADDRESSES])


def _sender(boxes: dict[str, tuple[Address, ...]]) -> Address:
    for name in ("from", "sender", "reply-to", "return-path"):
        for mailbox in boxes[name]:
            if mailbox:
                return mailbox
    return Address("", "")


def _ids(fields: dict[str, tuple[str, ...]], name: str, *, bare: bool = False) -> tuple[str, ...]:
    """The message ids of a field, without white space; long lists keep their first and last ones.

    `bare` takes a value without angle brackets as it stands, as some mailers write Message-ID.
    """
    value = " ".join(fields.get(name, ())[:1] if bare else fields.get(name, ()))
    value = words(value)  # as Python's email package writes ids that are longer than a line
    found = ["".join(match.split()) for match in _ID.findall(value)]
    if not found and bare and 0 < len(value) <= limits.MESSAGE_ID:
        found = ["".join(value.split())]
    if len(found) > limits.REFERENCES:
        found = [found[0], *found[1 - limits.REFERENCES :]]
    return tuple(found)


def _date(values: tuple[str, ...]) -> datetime | None:
    """The Date field in UTC; a date without a zone counts as UTC, an impossible one as none."""
    return dates.moment(values[0]) if values else None


def _defects(
    root: Part, fields: dict[str, tuple[str, ...]], boxes: dict[str, tuple[Address, ...]]
) -> list[str]:
    found = []
    if not len(root):
        found.append("no-header")
    if not any(boxes["from"]):
        found.append("no-from")
    if len(fields.get("from", ())) > 1 or len(boxes["from"]) > 1:
        found.append("several-from")
    if not any(fields.get("message-id", ())):
        found.append("no-message-id")
    if len(fields.get("message-id", ())) > 1:
        found.append("several-message-ids")
    return found
