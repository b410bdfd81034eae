"""The same content in another notation: brought to one before it is compared.

An expectation that kept a code (uuencode, UTF-7) is decoded; its sign for an undecoded letter stands
for any letter, since bytes that can be decoded must be; a path before a file's name is none of it.
"""

import binascii
import re
from dataclasses import replace

from tests.mail.mime.expected import Expected, Files, letters

UNKNOWN = "\ufffd"
UTF7 = re.compile(r"\+[A-Za-z0-9/]{3,}-")
UUENCODED = re.compile(r"^begin [0-7]{3} ([^\n]+)\n(.*?)^end$\n?", re.MULTILINE | re.DOTALL)


def in_one_notation(expected: Expected) -> Expected:
    """The expectation with its codes decoded."""
    files = None if expected.files is None else [_decoded(*file) for file in expected.files]
    text, found = expected.text, Files()
    if text is not None:
        text = text.replace("\r\n", "\n")
        found = [(name.strip(), _uudecoded(code)) for name, code in UUENCODED.findall(text)]
        text = UUENCODED.sub("", text)
    return replace(
        expected,
        text=text,
        files=files if files is None else [*files, *found],
    )


def alike(theirs: str, ours: str) -> bool:
    """Whether the letters are the same, where theirs are known; UTF-7 as it is, or decoded."""
    return any(_alike(one, ours) for one in dict.fromkeys((theirs, UTF7.sub(_utf7, theirs))))


def _alike(theirs: str, ours: str) -> bool:
    parts = (re.escape(letters(part)) for part in theirs.split(UNKNOWN))
    return re.fullmatch(r"\w?".join(parts), letters(ours)) is not None


def _utf7(code: re.Match[str]) -> str:
    return code[0].encode().decode("utf-7", "replace")


def names_alike(theirs: str, ours: str) -> bool:
    """The same but for signs that we don't let into a file's name, and a path before either."""
    one, other = letters(theirs), letters(ours)
    return alike(theirs, ours) or one.endswith(other) or other.endswith(one)


def _decoded(name: str | None, content: bytes | None) -> tuple[str | None, bytes | None]:
    if content is None or not content.lstrip().startswith(b"begin "):
        return name, content
    found = UUENCODED.search(content.decode("latin-1").replace("\r\n", "\n").lstrip() + "\n")
    return (name, _uudecoded(found[2])) if found else (name, content)


def _uudecoded(code: str) -> bytes:
    lines = (line.encode("latin-1") for line in code.splitlines() if line.strip())
    return b"".join(binascii.a2b_uu(line) for line in lines)
