"""Mailboxes in address fields (RFC 5322 3.4), one defined reading of every malformed one.

Own code, because it decides who someone is: the standard library's `getaddresses` reads the same
field differently between Python releases (its strict mode came in a patch release), and decoding
encoded words before splitting is what lets a name become an address (quality C8).
"""

import re
from dataclasses import dataclass

from . import limits
from .headers import clean, words

_LOCAL = r"(?:[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]+|\"(?:[^\"\\\r\n\x00]|\\[\x20-\x7e])*\")"
_DOMAIN = r"(?:[\w](?:[\w.-]*[\w])?|\[[0-9a-fA-F.:]{3,60}\]|\[IPv6:[0-9a-fA-F.:]{2,60}\])"
_EMAIL = re.compile(rf"{_LOCAL}@{_DOMAIN}\.?", re.UNICODE)
_SPECIAL = re.compile(r'["(<>,;:\\]')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: what it calls itself (a name, never trusted as an address) and its addr-spec.

    `email` is "" when there is none that could be written to.
    """

    name: str
    email: str

    def __bool__(self) -> bool:
        return bool(self.email)


def read(field: str) -> tuple[Address, ...]:
    """The mailboxes of one unfolded, undecoded address field, in order, groups opened.

    Encoded words are decoded in names and comments only. At most `limits.ADDRESSES` of them.
    """
    return tuple(Reader(field).mailboxes())


class Reader:
    """One pass over a field from left to right; every character is looked at a bounded number of times."""

    def __init__(self, field: str) -> None:
        self.field = field
        self.found: list[Address] = []
        self._begin()

    def _begin(self) -> None:
        self.phrase: list[str] = []
        self.comment: list[str] = []
        self.angle: str | None = None

    def mailboxes(self) -> list[Address]:
        """All mailboxes of the field."""
        position = 0
        while position < len(self.field) and len(self.found) < limits.ADDRESSES:
            match = _SPECIAL.search(self.field, position)
            if match is None:
                self.phrase.append(self.field[position:])
                break
            self.phrase.append(self.field[position : match.start()])
            position = self._special(match[0], match.start())
        if len(self.found) < limits.ADDRESSES:
            self._end()
        return self.found

    def _special(self, sign: str, at: int) -> int:
        """Take what begins with a special character; where to go on."""
        if sign == '"':
            return self._quoted(at)
        if sign == "(":
            return self._comment(at)
        if sign == "<":
            close = self.field.find(">", at)
            opened = self.field.rfind("<", at, close if close >= 0 else len(self.field))
            content = self.field[opened + 1 : close if close >= 0 else len(self.field)]
            if self.angle is None or not _EMAIL.fullmatch(_bare(self.angle)):
                self.angle = content
            return close + 1 if close >= 0 else len(self.field)
        if sign in ",;" or (sign == ":" and self._is_group()):
            if sign != ":":
                self._end()
            self._begin()
        elif sign == "\\":
            self.phrase.append(self.field[at + 1 : at + 2])
            return at + 2
        elif sign == ":":
            self.phrase.append(":")
        return at + 1

    def _is_group(self) -> bool:
        """A colon ends a group's name, unless an address or "mailto" stands before it."""
        before = "".join(self.phrase).strip()
        return self.angle is None and bool(before) and "@" not in before and "=?" not in before

    def _quoted(self, at: int) -> int:
        match = _QUOTED.match(self.field, at)
        if match is None:  # never closed: the sign means nothing
            return at + 1
        after = self.field[match.end() : match.end() + 1]
        if after == "@" and not "".join(self.phrase).strip():
            self.phrase.append(match[0])  # a quoted local part
        else:
            self.phrase.append(re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL))
        return match.end()

    def _comment(self, at: int) -> int:
        depth, position = 0, at
        for position in range(at, len(self.field)):
            sign = self.field[position]
            if self.field[position - 1] == "\\" and position > at:
                continue
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                break
        self.comment.append(self.field[at + 1 : position])
        return position + 1

    def _end(self) -> None:
        """Close a mailbox: which part is the address, which the name."""
        phrase = " ".join("".join(self.phrase).split())
        comment = " ".join(self.comment)
        if self.angle is not None and (email := valid(self.angle)):
            self._keep(phrase or comment, email)
        elif email := valid(phrase):
            self._keep(comment, email)
        elif (self.angle is not None or phrase) and (
            email := _inside(f"{phrase} {self.angle or ''}")
        ):
            self._keep(phrase.replace(email, "").strip(" <>[]'") or comment, email)
        elif phrase or comment or self.angle:
            self._keep(phrase or comment or self.angle or "", "")

    def _keep(self, name: str, email: str) -> None:
        name = clean(words(name)).strip()
        if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
            name = name[1:-1].strip()
        self.found.append(Address("" if name == email else name[: limits.NAME], email))


def _bare(text: str) -> str:
    """An addr-spec without what people put around it: blanks, "mailto:", a source route."""
    text = text.strip().strip("<>").strip()
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    return text


def _without_comments(text: str) -> str:
    """An addr-spec without the comments that may stand between its parts (RFC 5322 obs-domain)."""
    out, depth, is_quoted, is_escaped = [], 0, False, False
    for sign in text:
        opens = sign == "(" and not (is_quoted or is_escaped)
        closes = sign == ")" and depth > 0 and not is_escaped
        depth += opens
        if not depth:
            out.append(sign)
            is_quoted ^= sign == '"' and not is_escaped
        depth -= closes
        is_escaped = sign == "\\" and not is_escaped
    return "".join(out) if not depth else text


def valid(text: str) -> str:
    """The addr-spec in `text` if that is all it is, else ""; encoded words are never decoded (C8)."""
    if len(text) > limits.HEADER_SHOWN:
        return ""
    bare = _bare(_without_comments(text) if "(" in text and "@" in text else text)
    if not _EMAIL.fullmatch(bare) and (tight := "".join(bare.split())) and '"' not in tight:
        bare = tight if re.search(r"\s*[@.]\s|\s[@.]", bare) else bare
    if len(bare) > limits.EMAIL or not _EMAIL.fullmatch(bare):
        return ""
    return bare.rstrip(".")


def _inside(text: str) -> str:
    """An address somewhere in a text that is no mailbox, as "Write to support@example.com now"."""
    for word in text[: limits.HEADER_SHOWN].split():
        if "@" in word and (email := valid(word.strip("<>[](){}'\",;:"))):
            return email
    return ""
