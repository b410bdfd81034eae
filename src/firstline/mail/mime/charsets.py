"""Bytes to text, whatever a mail says or does not say about its character set."""

import re
from functools import lru_cache
from itertools import islice

from charset_normalizer import from_bytes

from . import cyrillic, iso2022
from .charset_names import codec

__all__ = ["codec", "decode", "guess", "likely"]

SAMPLE = 4 * 1024
READ = 64 * 1024

# Codecs that take any bytes, or nearly: success says nothing, so Cyrillic is looked for as well.
_SAYS_LITTLE = {
    "cp1252", "iso8859-15", "iso8859-2", "iso8859-16", "cp1250", "cp1254", "cp1257", "iso8859-13",
    "latin-1", "mac_roman", "cp437", "cp850", "cp949",
}  # fmt: skip
_SEVEN_BIT = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")
_TWO_BYTES = {"gb18030", "big5", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949", "shift_jis_2004"}
_NEUTRAL = set("«»\u00a0§°·±©®")
_LONE = re.compile("[\ud800-\udfff]")
_HIGH = re.compile(rb"[\x80-\xff]")
# a word of two-byte charsets, whose second bytes may be ASCII
_ASIAN_WORD = re.compile(rb"[\x40-\xff]+")
_RUN = re.compile(rb"[\x80-\xff]{2,}")
_NORMALIZER_KNOWS = [
    "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1250", "cp1252", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp874", "cp1257",
]  # fmt: skip
_WESTERN = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(128, 256)
}


def decode(data: bytes, declared: str = "", hint: str = "") -> str:
    """Text of `data`, never raising and never inventing U+FFFD.

    `declared` is the charset the part names, `hint` another one likely in this mail. Order: UTF-8,
    if the bytes can be nothing else; what is declared, if they agree; the hint; a guess.
    """
    named = codec(declared) if declared else ""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        named = "utf-8-sig" if data[:1] == b"\xef" else "utf-16"
    elif order := _two_by_two(data, named):
        named = order
    elif iso2022.is_japanese(data[:READ]) and named in ("", "ascii", "utf-8", "iso2022_jp_ext"):
        return _strictly(data, "iso2022_jp_ext") or iso2022.decode(data)
    elif data.isascii() and not named.startswith(("utf-7", "iso2022", "hz")):
        return data.decode("ascii")
    elif named.startswith(("utf-16", "utf-32")) and b"\0" not in data[:SAMPLE]:
        named = ""  # a label that was put on text of single bytes
    return _whole(_read(data, named, codec(hint) if hint else ""))


def _read(data: bytes, named: str, hint: str) -> str:
    if not named.startswith(_SEVEN_BIT) and _is_utf8(data, named):
        return _leniently(data, "utf-8")
    for candidate in (named, hint if hint not in _SAYS_LITTLE else ""):
        text = _strictly(data, candidate)
        if candidate in cyrillic.ENCODINGS and (text is not None or candidate == named):
            return _leniently(data, cyrillic.better(data, candidate) or candidate)
        if text is None:
            continue
        if candidate in _SAYS_LITTLE and not (candidate == "cp949" and _korean(text)):
            return _leniently(data, _behind(data, candidate))
        return text
    if named and named != "utf-8" and _mostly(data, named):
        return _leniently(data, named)
    guessed = guess(data, hint)
    return _leniently(data, hint if guessed == "cp1252" and hint not in ("", "ascii") else guessed)


def _two_by_two(data: bytes, named: str) -> str:
    """The byte order of UTF-16 without a mark; "" where the bytes do not come in such pairs.

    Latin and Cyrillic letters have 0 or 4 in their upper byte, which stands first or second.
    """
    sample = data[: SAMPLE // 2 * 2]
    pairs = len(sample) // 2
    if pairs < 2 or len(data) % 2 or not (b"\0" in sample or b"\4" in sample or named == "utf-16"):
        return ""
    first, second = sample[::2], sample[1::2]
    upper = first.count(0) + first.count(4), second.count(0) + second.count(4)
    if max(upper) * 10 >= pairs * 7 and min(upper) * 10 <= pairs * 3:
        return "utf-16-be" if upper[0] > upper[1] else "utf-16-le"
    if named != "utf-16" or _strictly(data, "utf-8") is not None:
        return ""
    return "utf-16-be" if len(set(first)) <= len(set(second)) else "utf-16-le"


def _is_utf8(data: bytes, named: str) -> bool:
    """Whether the bytes are UTF-8 whatever they are called.

    No text of another charset happens to be, but for one of very few letters: those are believed
    their name unless they read as usual letters.
    """
    text = _strictly(data, "utf-8")
    if text is None:
        named_is_sound = named in _TWO_BYTES and _strictly(data, named) is not None
        return not named_is_sound and _is_broken_utf8(data)
    if named in ("", "ascii", "utf-8"):
        return True
    beyond = [letter for letter in text[:SAMPLE] if letter > "\x7f"]
    usual = sum(map(_is_common if named in _SAYS_LITTLE | _TWO_BYTES else _is_usual, beyond))
    if named in _TWO_BYTES:
        return len(beyond) >= 3 and usual == len(beyond)
    if usual * 5 >= len(beyond) * 4:
        return True
    return len(beyond) >= 3 and not (
        named in cyrillic.ENCODINGS and cyrillic.plausible(data) == named
    )


def _is_broken_utf8(data: bytes) -> bool:
    """Whether all but a few of the letters are UTF-8, as in a text that was cut inside a letter."""
    text = data[:READ].decode("utf-8", "replace")
    sound = sum(letter > "\x7f" for letter in text) - text.count("\ufffd")
    return sound >= 10 and text.count("\ufffd") * 10 <= sound


def _is_usual(letter: str) -> bool:
    """Cyrillic, and the signs that Cyrillic text has."""
    return "\u0400" <= letter <= "\u0491" or "\u2010" <= letter <= "\u23ff" or letter in _NEUTRAL


def _is_common(letter: str) -> bool:
    """A letter of a living language, which the words of a wrong charset rarely make."""
    return (
        "\u00a0" <= letter <= "\u017f"
        or "\u0386" <= letter <= "\u03ce"
        or letter >= "\u3000"
        or _is_usual(letter)
    )


def _strictly(data: bytes, encoding: str) -> str | None:
    """The text if every byte agrees with the codec."""
    if encoding in ("", "ascii"):
        return None
    try:
        return data.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _leniently(data: bytes, encoding: str) -> str:
    """Decode, with the bytes a codec refuses read as Windows Western: one bad byte costs one letter."""
    text = _strictly(data, encoding)
    if text is not None:
        return text
    if encoding == "iso2022_jp_ext" and iso2022.is_japanese(data):
        return iso2022.decode(data)
    try:
        return data.decode(encoding, "surrogateescape").translate(_WESTERN)
    except UnicodeDecodeError:  # UTF-16 and UTF-7 have no room for escapes
        return data.decode(encoding, "ignore")


def _behind(data: bytes, named: str) -> str:
    """What bytes under a name that takes anything really are: Cyrillic, Greek, or what they are called."""
    found = cyrillic.plausible(data)
    if not found and named == "cp949" and guess(data) == "cp1253":
        found = "cp1253"
    return found or named


def _mostly(data: bytes, encoding: str) -> bool:
    """Whether a declared charset is right but for a few bytes, as in a text cut inside a letter."""
    text = data.decode(encoding, "replace")
    return text.count("\ufffd") * 10 <= sum(letter > "\x7f" for letter in text)


def _korean(text: str) -> bool:
    """Whether a Korean codec found what it is for: Hangul, or the letters of others that its table
    has in two bytes, which Outlook takes for Russian, Greek and Japanese."""
    letters = [letter for letter in text[:SAMPLE] if letter > "\x7f"]
    good = sum(
        "\uac00" <= letter <= "\ud7a3"
        or "\u0370" <= letter <= "\u045f"
        or "\u2010" <= letter <= "\u33ff"
        or letter >= "\uff00"
        for letter in letters
    )
    return good * 10 >= len(letters) * 8


def _whole(text: str) -> str:
    """Without halves of characters, which UTF-7 can carry and no database takes."""
    if _LONE.search(text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return text


def likely(declared: str, raw: bytes) -> str:
    """The charset of what a mail leaves without a name: the one its parts declare, or that of all its
    bytes beyond ASCII together, because header fields and names are short."""
    if codec(declared) not in _SAYS_LITTLE | {"ascii", "utf-8", ""}:
        return declared
    sample = raw[:READ]
    if sample.isascii() or _strictly(sample, "utf-8") is not None or _is_broken_utf8(sample):
        return declared
    return cyrillic.plausible(sample) or declared


def guess(data: bytes, hint: str = "") -> str:
    """A codec for bytes whose charset nobody names: Cyrillic where plausible, else a measured guess.

    `hint` is a codec that is likely in this mail.
    """
    if found := cyrillic.plausible(data, hint):
        return found
    words = (word for word in _ASIAN_WORD.findall(data, 0, READ) if not word.isascii())
    return _guess(b" ".join(islice(words, 200))[:1024])


@lru_cache(maxsize=256)
def _guess(sample: bytes) -> str:
    """The library's word, where it can know.

    Accents alone among ASCII letters say Western: charset-normalizer took French for cp1257 and
    Polish for cp1256 when asked (3.5.2), so it is asked about writing that comes in runs only.
    """
    high = len(_HIGH.findall(sample))
    in_runs = sum(len(run) for run in _RUN.findall(sample))
    if high < 4 or in_runs * 10 < high * 5:
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_NORMALIZER_KNOWS).best()
    return best.encoding if best else "cp1252"
