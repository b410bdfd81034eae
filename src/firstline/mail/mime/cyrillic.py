"""Which one-byte Cyrillic charset bytes are in, told by how the text would read in each.

The charsets put the same letters at other places, or turn their case round, so frequent letters alone
do not tell them apart: windows-1251 and Mac Cyrillic have the same small letters but one, and what is
a capital in one is a quotation mark in the other. Judged is therefore each pair of neighbours: which
letters follow one another, where a word begins and ends, where capitals and signs may stand.
"""

import re
from collections import Counter
from functools import lru_cache

ENCODINGS = ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac_cyrillic")

_SAMPLE = 4 * 1024
_READ = 64 * 1024
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_RUN = re.compile(rb"[\x80-\xff]{2,}")
_HIGH = re.compile(rb"[\x80-\xff]+")
# bytes beyond ASCII with the signs between and beside them
_PASSAGE = re.compile(rb"[\x00-\x7f]?[\x80-\xff]+(?:[\x00-\x7f][\x80-\xff]+)*[\x00-\x7f]?")

# How probable the letter of a column is behind the letter of a row, as 9 plus its binary logarithm;
# 0 is rarer than that. The first of both is the edge of a word. Counted in the Russian and Bulgarian
# translations of this program and, a third of the weight, in the dictionaries of simplemma 2.0.
_LETTERS = " абвгдежзийклмнопрстуфхцчшщъыьэюяё"
_FOLLOWS = {
    " ": "0435354155052465636432113010002012",
    "а": "7035243240345450444600312330000151",
    "б": "3603007005025036064050100044400024",
    "в": "5701016006064026034220201004510034",
    "г": "4602034005005148050040000002000001",
    "д": "4603037106023256362240000003200035",
    "е": "7022441230345461355600203230000001",
    "ж": "3541077006060251000030000002000005",
    "з": "5845244005043444431320001001300031",
    "и": "7114235252354452235601334320000152",
    "й": "8000050000055041015600012000000000",
    "к": "5703004006005027053550000004000001",
    "л": "5600106207032036002150000002250454",
    "м": "7611007006011246311040000002300034",
    "н": "4700127007020046002430020000330044",
    "о": "7046453332445541355601214130000121",
    "п": "3600005006024017171140000003100012",
    "р": "4704136316020336002450000104320034",
    "с": "5504016004055435423720000004350053",
    "т": "6605337005030036243041000003340024",
    "у": "7144554530354330445500315420000401",
    "ф": "1700005007004007051332000001000003",
    "х": "7604002004003546050530000001000000",
    "ц": "4704007008010003000040000002400034",
    "ч": "3703007007050053000630000001020005",
    "ш": "5502007007055042100230000000040005",
    "щ": "4700007007000016000010000000000016",
    "ъ": "0034443550045434474600202040000001",
    "ы": "7055225000646520323500502300000002",
    "ь": "8000003041050654004500010520000331",
    "э": "0002010000055240344901000100000000",
    "ю": "8042250110022220034600117250000000",
    "я": "7017123140134540022600400040000000",
    "ё": "7022341230335460264600203220000000",
}
# Letters of other languages, which the table does not have: Ukrainian and Belarusian, then Serbian and
# Macedonian, which are rarer here and often a capital of another charset.
_OTHERS = dict.fromkeys("іїєґ", -6) | dict.fromkeys("ўјљњћђџѕѓќѐѝ", -8)

# What a sign costs by itself, in the same logarithms, and what one at the wrong place.
_SIGNS = dict.fromkeys("«»„“”’№…\u00a0", -7) | dict.fromkeys("–—€", -9) | {"\ufffd": -20}
_RARE_SIGNS = dict.fromkeys("‘‚•·°©®™§±×÷‹›†‰¤", -10)
_ALIEN = -12
_MISPLACED = -6
_OPENING, _CLOSING, _DASHES = set("«„‹‚"), set("»”›…"), set("–—№")
_LONELY = set("€•·°©®™§±×÷†")
_BLANKS = set(" \t\r\n\u00a0")

_PLAUSIBLE, _PRIOR = -6.5, 4
"""What a byte beyond ASCII is worth on the mean in a text that is Cyrillic at all; a short one may
be worth a little less."""
_HEAD_START = 8
"""What the charset that the mail names elsewhere is ahead of the others."""
_SURE, _SURE_EACH = 16, 0.25
"""By how much, altogether and a byte, another charset must read better than the declared one."""


def plausible(data: bytes, likely: str = "") -> str:
    """The charset these bytes are in if they are Cyrillic, else "".

    Cyrillic words are runs of bytes beyond ASCII; accents of Western languages stand alone among
    ASCII letters. `likely` is one of `ENCODINGS` that the mail names elsewhere, for a near tie.
    """
    words = [word for word in _WORD.findall(data, 0, _READ) if not word.isascii()]
    runs = sum(len(word) for word in words if _RUN.fullmatch(word))
    if runs < 3 or runs * 10 < sum(_high(word) for word in words if len(word) > 1) * 7:
        return ""
    sample = _sample(data)
    values = dict(_values(sample))
    if likely in values:
        values[likely] += _HEAD_START
    best = max(values, key=values.__getitem__)
    return best if values[best] + _PRIOR >= _PLAUSIBLE * _high(sample) else ""


def better(data: bytes, declared: str) -> str:
    """Another charset than the declared one of `ENCODINGS`, where it reads far better; else ""."""
    found = plausible(data, declared)
    if not found or found == declared:
        return ""
    sample = _sample(data)
    values = _values(sample)
    gain = values[found] - values[declared]
    return found if gain >= max(_SURE, _SURE_EACH * _high(sample)) else ""


def _sample(data: bytes) -> bytes:
    return b"".join(_PASSAGE.findall(data, 0, _READ))[:_SAMPLE]


def _high(sample: bytes) -> int:
    return sum(map(len, _HIGH.findall(sample)))


@lru_cache(maxsize=128)
def _values(sample: bytes) -> dict[str, float]:
    """How well a sample reads in each charset: the sum of its pairs, each a binary logarithm."""
    return {encoding: _value(sample.decode(encoding, "replace")) for encoding in ENCODINGS}


def _value(text: str) -> float:
    pairs = Counter(zip("\n" + text, text + "\n", strict=True))
    value = sum(_pair(before, sign) * times for (before, sign), times in pairs.items())
    alone = abs(text.count("«") - text.count("»")) + sum(map(text.count, "„“”")) % 2
    alone += sum(map(text.count, "‚‘")) % 2
    return value + _MISPLACED * alone


@lru_cache(maxsize=32 * 1024)
def _pair(before: str, sign: str) -> float:
    """What two neighbours are worth: a letter, a sign, or the edge between them."""
    if before < "\x80" and sign < "\x80":
        return 0
    value = 0.0
    if _is_letter(sign):
        value += _letters(before.lower() if _is_letter(before) else " ", sign.lower())
        value += _case(before, sign)
    elif _is_letter(before):
        value += _letters(before.lower(), " ")
    if sign > "\x7f" and not _is_letter(sign):
        value += _SIGNS.get(sign) or _RARE_SIGNS.get(sign, _ALIEN)
    return value + _MISPLACED * _is_misplaced(before, sign)


def _is_letter(sign: str) -> bool:
    return "\u0400" <= sign <= "\u045f" or sign in "Ґґ"


def _letters(before: str, letter: str) -> float:
    """The logarithm for two letters in a row; a blank is the edge of a word."""
    if letter in _OTHERS:
        return _OTHERS[letter] - 3 * (before == " ")
    column = _LETTERS.find(letter)
    if column < 0:
        return _ALIEN
    return int(_FOLLOWS[before][column]) - 9 if before in _FOLLOWS else -4


def _case(before: str, letter: str) -> float:
    """Capitals stand at the beginning of a word, or all over it."""
    if letter.islower():
        return -2.5 if before == "\n" else 0
    if _is_letter(before):
        return -0.7 if before.isupper() else _MISPLACED
    return -2


def _is_misplaced(before: str, sign: str) -> bool:
    """Whether a sign stands where nobody writes it, as a letter read wrongly does."""
    if before.isascii() and before.isalpha() and _is_letter(sign):
        return True
    if sign.isascii() and sign.isalpha() and _is_letter(before):
        return True
    if before in _OPENING or before in _DASHES:
        return sign in _BLANKS if before in _OPENING else _is_letter(sign)
    if sign in _OPENING or sign in _DASHES:
        return _is_letter(before)
    if sign in _CLOSING or sign == "’":
        return before in _BLANKS
    if "\u00a0" in (before, sign):
        return sign in _BLANKS and before in _BLANKS
    return before in _CLOSING | _LONELY and _is_letter(sign)
