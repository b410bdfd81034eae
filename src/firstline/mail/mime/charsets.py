"""Bytes to text, whatever a mail says or does not say about its character set."""

import codecs
import re
from collections import Counter
from functools import lru_cache
from itertools import islice

from charset_normalizer import from_bytes

SAMPLE = 4 * 1024
READ = 64 * 1024

# Names mailers use, as the codec that reads what they really send: a superset where there is one,
# because "gb2312" holds GBK, "shift_jis" holds Windows-31J and "iso-8859-1" holds cp1252.
_ALIASES = {
    "ascii": "ascii",
    "usascii": "ascii",
    "iso646us": "ascii",
    "ansix341968": "ascii",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode11utf8": "utf-8",
    "xunknown": "",
    "unknown": "",
    "unknown8bit": "",
    "8bit": "",
    "default": "",
    "xuserdefined": "",
    "utf7": "utf-7",
    "unicode11utf7": "utf-7",
    "latin1": "cp1252",
    "iso88591": "cp1252",
    "88591": "cp1252",
    "ansi": "cp1252",
    "iso88599": "cp1254",
    "iso885911": "cp874",
    "tis620": "cp874",
    "iso88598i": "iso8859-8",
    "iso88598e": "iso8859-8",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "gbk": "gb18030",
    "xgbk": "gb18030",
    "cp936": "gb18030",
    "chinese": "gb18030",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "windows31j": "cp932",
    "iso2022jp": "iso2022_jp_ext",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "ksc56011989": "cp949",
    "windows949": "cp949",
    "korean": "cp949",
    "big5": "cp950",
    "xxbig5": "cp950",
    "koi8": "koi8-r",
    "koi8ru": "koi8-u",
    "xmaccyrillic": "mac_cyrillic",
    "maccyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "xmacroman": "mac_roman",
    "alt": "cp866",
}
_WINDOWS = re.compile(r"(?:cp|win|windows|ms|ibm|x)*(125\d|866|855|437|850|852|858)(?:x|$)")
_NOT_TEXT = {
    "base64",
    "bz2",
    "hex",
    "quopri",
    "rot13",
    "uu",
    "zlib",
    "idna",
    "punycode",
    "undefined",
}
_NOT_TEXT |= {"unicode_escape", "raw_unicode_escape", "mbcs", "oem"}

# Codecs that take any bytes, or nearly: success says nothing, so Cyrillic is looked for as well.
_SAYS_LITTLE = {"cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1254", "latin-1", "cp949"}

_SEVEN_BIT = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac_cyrillic")
# How common a letter is in Russian and Bulgarian text, in thousandths.
_FREQUENCY = dict(zip("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ", (
    110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16,
    16, 14, 12, 10, 9, 7, 6, 5, 4, 3, 3, 10, 1, 2, 1, 1, 1), strict=True))  # fmt: skip
_NEUTRAL = set("«»„“”–—…№\u00a0’‘•")
_LONE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
# a word of two-byte charsets, whose second bytes may be ASCII
_ASIAN_WORD = re.compile(rb"[\x40-\xff]+")
_RUN = re.compile(rb"[\x80-\xff]{2,}")
_NORMALIZER_KNOWS = [
    "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1250", "cp1252", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp874", "cp1257",
]  # fmt: skip


_WEIGHTS = dict(_FREQUENCY)
_WEIGHTS |= {letter.upper(): weight * 4 // 5 for letter, weight in _FREQUENCY.items()}
_WEIGHTS |= dict.fromkeys(_NEUTRAL, 0)
_ODD = -40
_PLAUSIBLE = 24
# capitals inside a word: KOI8 read as Windows turns the case round
_CASE_TURNS = re.compile("[а-яёъі][А-ЯЁЪІ]")


def _score(runs: bytes, encoding: str) -> float:
    """How Cyrillic these runs of high bytes look in a codec: the mean weight of its letters."""
    text = runs.decode(encoding, "replace")
    total = sum(_WEIGHTS.get(letter, _ODD) * times for letter, times in Counter(text).items())
    return (total + 2 * _ODD * len(_CASE_TURNS.findall(text))) / len(text)


def _leniently(data: bytes, encoding: str) -> str:
    """Decode, with the bytes a codec refuses read as Windows Western: one bad byte costs one letter."""
    text = _strictly(data, encoding)
    if text is not None:
        return text
    try:
        return data.decode(encoding, "surrogateescape").translate(_WESTERN)
    except UnicodeDecodeError:  # UTF-16 and UTF-7 have no room for escapes
        return data.decode(encoding, "ignore")


_WESTERN = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(128, 256)
}


@lru_cache(maxsize=512)
def codec(name: str) -> str:
    """The Python codec for a declared charset name; "" when the name says nothing we know."""
    plain = re.sub(r"[^a-z0-9]", "", name[:60].lower())
    if plain in _ALIASES:
        return _ALIASES[plain]
    if windows := _WINDOWS.match(plain):
        return "cp" + windows[1]
    try:
        found = codecs.lookup(name[:60].strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    return "" if found in _NOT_TEXT or found.startswith("idna") else found


def decode(data: bytes, declared: str = "", hint: str = "") -> str:
    """Text of `data`, never raising and never inventing U+FFFD.

    `declared` is the charset the part names, `hint` another one likely in this mail. Order: what is
    declared, if the bytes agree; UTF-8, if they do; the hint; a guess.
    """
    named = codec(declared) if declared else ""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        named = "utf-8-sig" if data[:1] == b"\xef" else "utf-16"
    elif data.isascii() and not named.startswith(_SEVEN_BIT):
        return data.decode("ascii")
    return _whole(_read(data, named, codec(hint) if hint else ""))


def _read(data: bytes, named: str, hint: str) -> str:
    for candidate in (named, "utf-8", hint if hint not in _SAYS_LITTLE else ""):
        text = _strictly(data, candidate)
        if text is None:
            continue
        if candidate in _SAYS_LITTLE and not (candidate == "cp949" and _korean(text)):
            return _leniently(data, _behind(data) or candidate)
        return text
    if named and _mostly(data, named):
        return _leniently(data, named)
    guessed = guess(data)
    return _leniently(data, hint if guessed == "cp1252" and hint not in ("", "ascii") else guessed)


def _strictly(data: bytes, encoding: str) -> str | None:
    """The text if every byte agrees with the codec."""
    if encoding in ("", "ascii"):
        return None
    try:
        return data.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _behind(data: bytes) -> str:
    """What bytes under a name that takes anything really are: UTF-8, Cyrillic, or "" for as named."""
    text = _strictly(data, "utf-8")
    if text is not None and sum(letter > "\x7f" for letter in text[:SAMPLE]) >= 3:
        return "utf-8"
    return cyrillic(data)


def _mostly(data: bytes, encoding: str) -> bool:
    """Whether a declared charset is right but for a few bytes, as in a text cut inside a letter."""
    text = data.decode(encoding, "replace")
    return text.count("\ufffd") * 10 <= sum(letter > "\x7f" for letter in text)


def _korean(text: str) -> bool:
    """Whether a Korean codec found what it is for: Hangul, or the Cyrillic it has in two bytes."""
    letters = [letter for letter in text[:SAMPLE] if letter > "\x7f"]
    good = sum(
        "\uac00" <= letter <= "\ud7a3" or "\u0400" <= letter <= "\u045f" for letter in letters
    )
    return good * 10 >= len(letters) * 8


def _whole(text: str) -> str:
    """Without halves of characters, which UTF-7 can carry and no database takes."""
    if _LONE.search(text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return text


def cyrillic(data: bytes) -> str:
    """The one-byte Cyrillic codec these bytes are plausibly written in, or "".

    Cyrillic words are runs of high bytes without ASCII letters; accents of Western languages stand
    alone among ASCII letters. Which of the five codecs is told by the frequency of letters.
    """
    words = [word for word in _WORD.findall(data, 0, READ) if not word.isascii()]
    runs = [word for word in words if _RUN.fullmatch(word)]
    text = b"".join(runs)[:SAMPLE]
    if not text or sum(map(len, runs)) * 10 < sum(map(len, words)) * 7:
        return ""
    scores = {encoding: _score(text, encoding) for encoding in _CYRILLIC}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] >= _PLAUSIBLE else ""


def common(values: list[bytes], hint: str) -> str:
    """The charset for raw 8-bit header fields of one mail, taken together because each is short.

    `hint`, what the body names, is believed unless it is one that takes any bytes.
    """
    if hint and codec(hint) not in _SAYS_LITTLE | {"ascii", "utf-8", ""}:
        return hint
    odd = [value for value in values if not value.isascii() and _strictly(value, "utf-8") is None]
    guessed = guess(b" ".join(odd)[:READ]) if odd else ""
    return hint if guessed in ("", "cp1252") else guessed


def guess(data: bytes) -> str:
    """A codec for bytes whose charset nobody names: Cyrillic where plausible, else a measured guess."""
    if found := cyrillic(data):
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
