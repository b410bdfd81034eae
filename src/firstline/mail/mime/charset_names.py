"""The names that mailers give to character sets, and the codecs that read what they really send."""

import codecs
import re
from functools import lru_cache

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
    "iso2022jp1": "iso2022_jp_ext",
    "iso2022jpms": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "cp50222": "iso2022_jp_ext",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "ksc56011989": "cp949",
    "windows949": "cp949",
    "csksc56011987": "cp949",
    "korean": "cp949",
    "big5": "cp950",
    "xxbig5": "cp950",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "cp20866": "koi8-r",
    "cp21866": "koi8-u",
    "cp28595": "iso8859-5",
    "koi8ru": "koi8-u",
    "xmaccyrillic": "mac_cyrillic",
    "maccyrillic": "mac_cyrillic",
    "xmacukrainian": "mac_cyrillic",
    "csisolatincyrillic": "iso8859-5",
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
