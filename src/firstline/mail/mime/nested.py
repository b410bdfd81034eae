"""Mails inside a mail: who wrote them, and their own text. Each of them stays a file as well.

Only the first level is opened, within `limits.NESTED`, `NESTED_READ` and `NESTED_TEXT`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import addresses, dates, limits, tree
from .body import Attachment, Body
from .charsets import likely
from .headers import clean, unfold, words
from .quotes import INSIDE

_KINDS = {"message/rfc822", "message/global"}
_CUT = "\n[…]"


@dataclass(frozen=True, slots=True)
class Inside:
    """`head`: the file's name, from ([[name, address]]), subject and date; `text`: its heading and
    what it says, "" when it says nothing or the bounds were reached."""

    head: dict[str, Any]
    text: str


def read(files: Sequence[Attachment], hint: str, html_left: int) -> list[Inside]:
    """The mails among the files. `hint`: a charset for bytes without one; `html_left`: how much
    HTML may still be sanitised. Never raises."""
    mails = [file for file in files if _is_mail(file)][: limits.NESTED]
    found: list[Inside] = []
    text_left = limits.NESTED_TEXT
    for file in mails:
        head, said = _head(file, hint), ""
        if text_left > 0:
            body = Body(hint, html_size=limits.HTML - html_left)
            body.take(tree.read(file.content[: limits.NESTED_READ]))
            body.finish(b"")
            html_left = limits.HTML - body.html_size
            said = _within(text_left, body.text().strip())
            text_left -= len(said)
        found.append(Inside(head, f"{_heading(head)}\n\n{said}" if said else ""))
    return found


def _within(most: int, text: str) -> str:
    return text if len(text) <= most else text[:most] + _CUT


def _is_mail(file: Attachment) -> bool:
    return file.content_type in _KINDS or file.name.lower().endswith(".eml")


def _head(file: Attachment, hint: str) -> dict[str, Any]:
    content = file.content[: limits.SECTION[0]]
    head = tree.read_fields(content)
    hint = likely(hint, content)
    writers = addresses.read(unfold(head.raw("from"), hint))
    return {
        "file": file.name,
        "from": [[box.name, box.email] for box in writers[:1]],
        "subject": clean(words(unfold(head.raw("subject"), hint)))[: limits.NAME],
        "date": dates.readable(unfold(head.raw("date"))),
    }


def _heading(head: dict[str, Any]) -> str:
    """As mail programs head what they pass on, whatever the reader's language."""
    writers = [
        f"{name} <{address}>" if name and address else name or address
        for name, address in head["from"]
    ]
    fields = (("From", ", ".join(writers)), ("Date", head["date"]), ("Subject", head["subject"]))
    return "\n".join([INSIDE, *(f"{name}: {value}" for name, value in fields if value)])
