"""What an S/MIME file holds (RFC 5652, RFC 8551): signed content is read, nothing is verified.

Own code: Outlook and OpenSSL write lengths that are told at the end (BER), which the readers of
`cryptography` (50), made for DER, refuse; and what is needed are five steps into one structure.
"""

import base64
import binascii
import re

from .tree import Part

_TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_OPAQUE = "application/octet-stream"

_PKCS7 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_SIGNED = _PKCS7 + b"\x02"
_ENCRYPTED = {_PKCS7 + b"\x03", _PKCS7 + b"\x06", b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"}
_SEQUENCE, _SET, _INTEGER, _OID, _EXPLICIT = 0x30, 0x31, 0x02, 0x06, 0xA0
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_ARMOUR = re.compile(rb"\s*-----BEGIN [A-Z0-9 ]{1,20}-----\s(.*?)-----END", re.DOTALL)
_DEEPEST = 16
_PIECES = 200_000
_ENTITY = re.compile(
    rb"\s*(?:[\x21-\x39\x3b-\x7e]{1,100}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,100}?Content-Type[ \t]*:",
    re.IGNORECASE,
)

_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]|\A%PDF|\A<\?xml")


class _Unreadable(Exception):
    """The bytes are no such structure."""


def kind(data: bytes) -> str:
    """ "signed", "encrypted" or "" for anything else, told by the bytes and not by a label."""
    try:
        oid, _, _ = _content(_der(data))
    except _Unreadable:
        return ""
    return "signed" if oid == _SIGNED else "encrypted" if oid in _ENCRYPTED else ""


def signed_content(data: bytes) -> bytes:
    """What was signed, b"" where the bytes hold no signed content. Linear time, never raises."""
    data = _der(data)
    try:
        oid, start, end = _content(data)
        if oid != _SIGNED:
            return b""
        start, end, _ = _inside(data, start, end, _EXPLICIT)
        start, end, _ = _inside(data, start, end, _SEQUENCE)
        for tag in (_INTEGER, _SET):
            _, _, start = _inside(data, start, end, tag)
        start, end, _ = _inside(data, start, end, _SEQUENCE)
        _, _, start = _inside(data, start, end, _OID)
        start, end, _ = _inside(data, start, end, _EXPLICIT)
        return _octets(data, start, end)
    except _Unreadable:
        return b""


def is_file(part: Part) -> bool:
    """Whether a part is S/MIME by its type, or by its name where the type says nothing."""
    if part.kind in _TYPES:
        return True
    names = (part.parameters("content-disposition").get("filename"), part.parameters().get("name"))
    return part.kind == _OPAQUE and any(name and name.lower().endswith(".p7m") for name in names)


def message(part: Part, content: bytes) -> bytes:
    """The signed message of a part, with its fields, b"" where it holds none.

    A signed document, as offices send them, is a file and no message: it has no fields about its
    content. Plain text without fields is a message where the part calls itself S/MIME.
    """
    inside = signed_content(content) if is_file(part) else b""
    if _ENTITY.match(inside, 0, 64 * 1024):
        return inside.lstrip(b"\r\n")
    is_text = part.kind in _TYPES and not _BINARY.search(inside)
    return b"Content-Type: text/plain\n\n" + inside if is_text and inside.strip() else b""


def _der(data: bytes) -> bytes:
    """The structure itself, where it came in the armour of PEM or in base64 once more."""
    armour = _ARMOUR.match(data)
    text = armour[1] if armour else data if data[:2] == b"MI" else b""
    try:
        return base64.b64decode(text) if text else data
    except binascii.Error:
        return data


def _content(data: bytes) -> tuple[bytes, int, int]:
    """(object identifier, start, end) of the content of a ContentInfo."""
    start, end, _ = _inside(data, 0, len(data), _SEQUENCE)
    first, last, after = _inside(data, start, end, _OID)
    return data[first:last], after, end


def _inside(data: bytes, position: int, bound: int, tag: int) -> tuple[int, int, int]:
    """(start, end) of the value at `position`, and where the next one begins.

    The end of a value without a length is the bound: what is in it tells its own end.
    """
    start, length = _header(data, position, bound, tag)
    if length is None:
        return start, bound, _skip(data, position, bound)
    return start, start + length, start + length


def _header(data: bytes, position: int, bound: int, tag: int | None) -> tuple[int, int | None]:
    if position + 2 > bound or (tag is not None and data[position] != tag):
        raise _Unreadable
    length = data[position + 1]
    position += 2
    if length == 0x80:
        return position, None
    if length > 0x80:
        size = length & 0x7F
        if size > 8 or position + size > bound:
            raise _Unreadable
        length = int.from_bytes(data[position : position + size])
        position += size
    # a structure that was cut off in transport still holds the beginning of its text
    return position, min(length, bound - position)


def _skip(data: bytes, position: int, bound: int) -> int:
    """The position behind a value without a length, whose end is two bytes of zero."""
    depth = 0
    for _ in range(_PIECES):
        if data[position : position + 2] == b"\0\0" and depth:
            position, depth = position + 2, depth - 1
        else:
            position, length = _header(data, position, bound, None)
            depth += length is None
            position += length or 0
        if not depth or depth > _DEEPEST or position >= bound:
            return position
    raise _Unreadable


def _octets(data: bytes, position: int, bound: int) -> bytes:
    """The bytes of a string, whole or in pieces inside one another."""
    out = []
    depth = 0
    for _ in range(_PIECES):
        if position + 2 > bound:
            break
        if data[position : position + 2] == b"\0\0" and depth > 1:
            position, depth = position + 2, depth - 1
        elif data[position] == _OCTETS:
            start, length = _header(data, position, bound, _OCTETS)
            position = start + (length or 0)
            out.append(data[start:position])
        elif data[position] == _OCTETS_IN_PIECES and depth < _DEEPEST:
            position, _ = _header(data, position, bound, _OCTETS_IN_PIECES)
            depth += 1
        else:
            break
    return b"".join(out)
