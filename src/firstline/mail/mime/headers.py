"""Header fields: bytes as they came, to text as it was meant."""

import binascii
import re
from urllib.parse import unquote_to_bytes

from . import limits
from .charsets import codec, decode

_ENCODED = re.compile(r"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"[ \t]*\Z")
_FOLD = re.compile(rb"\r*\n(?=[ \t])")
# C0 and C1 controls, and the marks that turn the reading direction or hide (bidi, zero width joins
# are left alone: scripts need them)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,80})\s*/\s*([\w!#$&^.+-]{1,120})")
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?", re.DOTALL)


def unfold(raw: bytes, hint: str = "") -> str:
    """One field's bytes as one line of text, encoded words untouched.

    Raw 8-bit bytes, which no RFC allows and many mailers send, are read as UTF-8, as `hint` (the
    charset the mail's body names) or by a guess.
    """
    value = raw[: limits.HEADER_VALUE]
    if b"\n" in value:
        value = _FOLD.sub(b"", value)
    text = decode(value, "", hint)
    return _CONTROL.sub(" ", text).strip()


def words(text: str) -> str:
    """`text` with its encoded words (RFC 2047) decoded; what is broken stays as it is.

    Neighbours of one charset are joined before decoding: mailers cut letters in two. Line breaks
    and controls that hid inside the words become blanks (C18).
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    position = 0
    charset, held = "", b""
    for match in _ENCODED.finditer(text):
        between = text[position : match.start()]
        data = _word(match[1], match[2], match[3])
        same = held and match[1].lower() == charset and not between.strip(" \t")
        if not same:
            out.append(decode(held, charset))
            # blanks between two encoded words are not part of the text (RFC 2047 6.2)
            out.append("" if position and not between.strip(" \t") else between)
            held = b""
        charset, held, position = match[1].lower(), held + data, match.end()
    out.append(decode(held, charset))
    out.append(text[position:])
    return _CONTROL.sub(" ", "".join(out))


def _word(charset: str, kind: str, text: str) -> bytes:
    """The bytes of one encoded word; raw letters in it, which are forbidden, as its charset has them."""
    data = text.encode("ascii" if text.isascii() else codec(charset) or "utf-8", "ignore")
    if kind in "qQ":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    data = data.rstrip(b"= ")
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return binascii.a2b_base64(data[:-1]) if len(data) > 1 else b""


def clean(text: str) -> str:
    """One line for people: no controls, no marks that turn the reading direction, blanks single."""
    return " ".join(_TURNING.sub("", _CONTROL.sub(" ", text)).split())


def content_type(value: str, default: str) -> tuple[str, dict[str, str]]:
    """(type in lower case, parameters) of a Content-Type value; `default` where it names none."""
    match = _TYPE.match(value)
    if not match:
        bare = value.partition(";")[0].strip().lower()
        return ("text/html" if bare == "html" else default), parameters(value)
    return f"{match[1]}/{match[2]}".lower(), parameters(value)


def parameters(value: str) -> dict[str, str]:
    """The parameters of a field, names in lower case, values decoded (RFC 2231, and RFC 2047 in
    quotes, which is forbidden and usual). The first of a name wins."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, quoted in _PARAMETER.findall(value[: limits.PARAMETERS]):
        section = _SECTION.fullmatch(name.lower())
        text = _unquoted(quoted)
        if section and (section[2] or section[3]):
            numbered = pieces.setdefault(section[1], {})
            numbered.setdefault(int(section[2] or 0), (bool(section[3]), text))
        else:
            plain.setdefault(name.lower(), words(text) if "=?" in text else text)
    for name, numbered in pieces.items():
        plain[name] = _joined(numbered)
    return plain


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        # only these two: programs put Windows paths into quotes without escaping them
        return re.sub(r'\\(["\\])', r"\1", text.strip('"'))
    return text


def _joined(numbered: dict[int, tuple[bool, str]]) -> str:
    """The sections of one parameter in order, decoded by the charset the first one names."""
    charset, data = "", b""
    for number in sorted(numbered):
        encoded, text = numbered[number]
        if encoded and text.count("'") >= 2 and not data:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode()
    return decode(data, charset)
