"""What the standard library's decoding of content leaves undone."""

import binascii
import re

from .tree import Part

_PADDING = re.compile(rb"(=[\s=]*)")
# a whole further text: lines of letters, which a word of somebody behind the first one is not
_WHOLE = re.compile(rb"\s*(?:[A-Za-z0-9+/]+[ \t]*\r?\n)*[A-Za-z0-9+/]*\s*")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,1000})\r?$", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_CHUNKS = 10_000
_FILES = 100


def content_of(part: Part) -> bytes:
    """The bytes of a leaf as they were before they were encoded for transport."""
    raw = part.body()
    is_base64 = part.value("content-transfer-encoding").lower() == "base64"
    content = _from_base64(raw) if is_base64 else part.decoded()
    # a base64 label over text that is none (seen from broken gateways): the text itself is kept
    return content if content or not raw.strip() else raw


def _from_base64(text: bytes) -> bytes:
    """Base64 with several texts in a row, where the standard library stops at the first padding, or
    cut off inside a letter, where it gives up. What is no base64 behind a padding is no content."""
    first, *pieces = _PADDING.split(text, _CHUNKS)
    out = [_chunk(first)]
    for padding, piece, after in zip(pieces[::2], pieces[1::2], [*pieces[2::2], b""], strict=False):
        if not piece:
            continue
        letters = len(piece) - sum(map(piece.count, b" \t\r\n")) + after.count(b"=")
        is_word = b" " in padding and b"\n" not in padding
        if is_word or letters % 4 or not _WHOLE.fullmatch(piece):
            break
        out.append(_chunk(piece))
    return b"".join(out)


def _chunk(piece: bytes) -> bytes:
    try:
        return binascii.a2b_base64(piece + b"==")
    except binascii.Error:  # one letter too many: cut off in transport
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", piece)
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def uuencoded(body: bytes) -> list[tuple[bytes, bytes, int, int]]:
    """The uuencoded files inside a text: (name, content, start, end), in order."""
    found: list[tuple[bytes, bytes, int, int]] = []
    position = 0
    while b"begin" in body and len(found) < _FILES:
        begin = _UU_BEGIN.search(body, position)
        end = _UU_END.search(body, begin.end()) if begin else None
        if begin is None or end is None:
            break
        content = _uu_lines(body[begin.end() : end.start()])
        position = end.end()
        if content is not None:
            found.append((begin[1], content, begin.start(), position))
    return found


def _uu_lines(block: bytes) -> bytes | None:
    """The lines of one uuencoded file; None when they are not uuencode at all."""
    out = []
    for line in block.splitlines():
        if not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # encoders that count wrong: take what the length byte says (cpython uu.py does the same)
            size = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                return None
    return b"".join(out)
