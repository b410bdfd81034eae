"""Who a mail is from, by one rule, and what about it should make a reader careful (C8-C10).

The rule is that of `parse.Mail.sender`: the first address of From, else of Sender, of Reply-To, of
Return-Path. Names, Sender beside a From, and Reply-To never change who it is; they are shown.
"""

import re
from typing import Any

from .parse import Address, Mail

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MOST = 10


def reading(mail: Mail) -> dict[str, Any]:
    """What a page shows of a mail beside its text, as it is kept with the message.

    `from`, `sender`, `reply_to`: [[name, address], …]; `doubts`: words of `doubts`; `seal`: as
    `seals.seal` says it; `invitation`, `nested`: as `parse.Mail` has them. Only what there is.
    """
    found: dict[str, Any] = {
        "from": _listed(mail.from_addresses),
        "sender": _listed(mail.sender_field),
        "reply_to": _listed(mail.reply_to),
        "doubts": doubts(mail),
        "seal": mail.seal,
        "invitation": mail.invitation,
        "nested": list(mail.nested),
    }
    return {key: value for key, value in found.items() if value}


def doubts(mail: Mail) -> list[str]:
    """Why the sender may not be who a reader takes them for, in words that pages translate."""
    found = []
    who = mail.sender.email.lower()
    if not any(mail.from_addresses):
        found.append("no-from")
    if len({box.email.lower() for box in mail.from_addresses if box}) > 1:
        found.append("several-from")
    if any(box.email.lower() != who for box in mail.sender_field if box):
        found.append("sent-by-another")
    if any(box.email.lower() != who for box in mail.reply_to if box):
        found.append("reply-elsewhere")
    named = {
        word.lower() for box in mail.from_addresses[:_MOST] for word in _ADDRESS.findall(box.name)
    }
    if named - {who}:
        found.append("name-is-an-address")
    return found


def _listed(boxes: tuple[Address, ...]) -> list[list[str]]:
    return [[box.name, box.email] for box in boxes[:_MOST]]
