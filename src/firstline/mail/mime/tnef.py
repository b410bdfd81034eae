"""The file winmail.dat, in which Outlook hides a mail's files (MS-OXTNEF).

Own code: the library for it (tnefparse 1.4.0, 2021) copies the rest of the file for each attribute,
follows files inside files without end and raises whatever a hostile one makes it raise.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from .charsets import decode

_SIGNATURE = 0x223E9F78
_ATTRIBUTES = 20_000
_PROPERTIES = 2_000
_FILES = 200

_RENDERING, _TITLE, _DATA, _ATTACHMENT = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _MESSAGE, _CODEPAGE = 0x800C, 0x9003, 0x9007
_PLAIN, _HTML, _LONG_NAME, _SHORT_NAME, _CONTENT_ID = 0x1000, 0x1013, 0x3707, 0x3704, 0x3712
_OBJECT = 0x3701
_SIZES = {
    0x0002: 2, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 2,
    0x0014: 8, 0x0040: 8, 0x0048: 16,
}  # fmt: skip
_VARIABLE = {0x000D, 0x001E, 0x001F, 0x0102}


@dataclass(slots=True)
class Inside:
    """A file inside a winmail.dat."""

    name: str = ""
    content: bytes = b""
    content_id: str = ""


@dataclass(slots=True)
class Opened:
    """What a winmail.dat holds."""

    text: str = ""
    html: str = ""
    files: list[Inside] = field(default_factory=list)


def opened(data: bytes) -> Opened | None:
    """What is inside; None where `data` is no TNEF or broken before the first attribute.

    A broken end leaves what came before it. Linear time, never raises.
    """
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    found, charset = Opened(), ""
    for name, content in _attributes(data):
        if name == _CODEPAGE and len(content) >= 4:
            charset = f"cp{struct.unpack_from('<I', content)[0]}"
        elif name == _RENDERING and len(found.files) < _FILES:
            found.files.append(Inside())
        elif name == _MESSAGE:
            _read_message(found, content, charset)
        elif name == _BODY and not found.text:
            found.text = _string(content, charset)
        elif found.files:
            _read_file(found.files[-1], name, content, charset)
    found.files = [file for file in found.files if file.content]
    return found if found.files or found.text or found.html else None


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, content) of each attribute of the stream: level, id, type, length, content, checksum."""
    position = 6
    for _ in range(_ATTRIBUTES):
        if position + 9 > len(data):
            return
        name, _kind, size = struct.unpack_from("<HHI", data, position + 1)
        begin = position + 9
        if begin + size > len(data):
            return
        yield name, data[begin : begin + size]
        position = begin + size + 2


def _read_message(found: Opened, content: bytes, charset: str) -> None:
    for name, kind, value in _properties(content):
        if name == _PLAIN:
            found.text = _text(value, kind, charset)
        elif name == _HTML:
            found.html = _text(value, kind, charset)


def _read_file(file: Inside, name: int, content: bytes, charset: str) -> None:
    if name == _TITLE and not file.name:
        file.name = _string(content, charset)
    elif name == _DATA:
        file.content = content
    elif name == _ATTACHMENT:
        for key, kind, value in _properties(content):
            if key == _LONG_NAME or (key == _SHORT_NAME and not file.name):
                file.name = _text(value, kind, charset)
            elif key == _CONTENT_ID:
                file.content_id = _text(value, kind, charset).strip("<> ")
            elif key == _OBJECT and not file.content:
                file.content = value


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(id, type, value) of each MAPI property; ends where one can't be measured."""
    try:
        (count,) = struct.unpack_from("<I", data)
        position = 4
        for _ in range(min(count, _PROPERTIES)):
            kind, name = struct.unpack_from("<HH", data, position)
            position += 4
            if name >= 0x8000:
                position = _after_name(data, position)
            number = 1
            if kind & 0x1000 or kind & 0x0FFF in _VARIABLE:
                (number,) = struct.unpack_from("<I", data, position)
                position += 4
            kind &= 0x0FFF
            if kind not in _SIZES and kind not in _VARIABLE:
                return
            for _value in range(min(number, _PROPERTIES)):
                size = _SIZES.get(kind, 0)
                if kind in _VARIABLE:
                    (size,) = struct.unpack_from("<I", data, position)
                    position += 4
                if position + size > len(data):
                    return
                yield name, kind, data[position : position + size]
                position += size + -size % 4
    except struct.error:
        return


def _after_name(data: bytes, position: int) -> int:
    """Where the value of a named property begins: a GUID, then a number or a name."""
    (kind,) = struct.unpack_from("<I", data, position + 16)
    if kind == 0:
        return position + 24
    (size,) = struct.unpack_from("<I", data, position + 20)
    return position + 24 + int(size) + -int(size) % 4


def _text(value: bytes, kind: int, charset: str) -> str:
    if kind == 0x001F:
        return value.decode("utf-16-le", "ignore").rstrip("\x00")
    return _string(value, charset)


def _string(value: bytes, charset: str) -> str:
    return decode(value.rstrip(b"\x00"), charset).rstrip("\x00")
