"""The lines by which mail programs introduce the mail that is answered, in any of their languages.

Three kinds: one line above the quote ("On ... wrote:"), a header repeated ("From: ..., Sent: ..."), and
a line such as "-----Original Message-----". Where the form of a line tells enough, an address or a
moment, no word is asked for. No pattern here looks at more than one line of at most `LONGEST` letters.
"""

import re

from . import heading_words as words

LONGEST = 600
QUOTE = re.compile(r"[ \t]{0,3}>(?!:)")
RULE = re.compile(r"\s*[_]{10,80}\s*|\s*-{20,80}\s*")

_MARKS = dict.fromkeys([0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_OUTLOOK_RULE = re.compile(r"\s*_{32}\s*")  # of that length in all of its languages
_FRAMED = re.compile(r"\s{0,3}-{2,20}[^\n]{2,60}[^\s-]\s?-{2,20}\s*")
_OUTLOOK_TITLE = re.compile(r"-{5}[^\s-][^-\n]{2,50}[^\s-]-{5}")
_WINDOW = 8  # lines of a header below its first one: long lists of recipients are wrapped
_PARAGRAPH = 16
_LABEL = re.compile(r"(?![>-])([^:：\d\n]{1,36})[:：]")

_ADDRESS = re.compile(r"[^\s@<>()\[\]:;,\"]{1,100}@[^\s@<>()\[\],;\"]{1,200}\.\w")
_IN_BRACKETS = re.compile(r"[<(\[]\s?(?:mailto:)?[^\s@<>()\[\]]{1,100}@[^\s@<>()\[\]]{1,200}")
# Not the numbers of a network address.
_TIME = re.compile(r"(?<![\d.])\d{1,2}(?:[:.]|\s?h\s?|時|시\s?|点|點)\d\d(?!\d|\.\d)")
_DATE = re.compile(
    r"(?<![\d.])(?:19|20)\d\d(?!\d|\.\d{3})"
    r"|(?<![\d.])\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}(?!\d|\.\d)"
)
_INNER_COLON = re.compile(r":\s(?=\S)")
_ASIDE = re.compile(r"\([^()]{0,100}\)")
_COLON = (":", "：")

_VERB = re.compile(
    r"\b(?:wrote|writes|написал[аи]?|написал\(а\)|писал[аи]?|писал\(а\)|пишет|написа|пише|пишете"
    r"|написав|писав|написала|напісаў|schrieb|schreibt|schrieben|a écrit|avez écrit|écrit|escribió"
    r"|va escriure|ha scritto|scrive|escreveu|schreef|schrijft|skrev|skriver|kirjoitti|pisze"
    r"|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|napisao|napisala|je napisao|írta"
    r"|a scris|yazdı|rašė|parašė|rakstīja|kirjutas|έγραψε|menulis|viết|כתב|كتب)(?:\W|\Z)"
    r"|写道|寫道|写入|작성|書きました|เขียน",
    re.IGNORECASE,
)
_START = re.compile(
    r"(?:on|am|le|el|il|em|op|den|на|w dniu|dne|dňa|dana|a)\s"
    r"|(?:пн|вт|ср|чт|пт|сб|вс|нд|mon|tue|wed|thu|fri|sat|sun)\w{0,8}[.,]"
    r"|(?:понедельник|вторник|сред[аяу]|четверг|пятниц[аяу]|суббот[аяу]|воскресенье)"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\s\w{3,9}\.?\s\d{4}|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"(?:[!?;:…]|\w{6}\.)\Z")


_BESIDE = words.SENT | words.DATE | words.SUBJECT | words.OTHER


def is_forwarded(line: str) -> bool:
    """Whether a mail that is passed on begins below this line."""
    return _title(line, bare=True) in words.FORWARDED


def is_original(lines: list[str], i: int) -> bool:
    """Whether this line calls what follows the original message."""
    if _title(lines[i]) in words.ORIGINAL:
        return True
    named = _OUTLOOK_TITLE.fullmatch(lines[i].strip()) is not None
    return named and _tells_enough(_fields(lines, i + 1), fewest=3)


def _title(line: str, *, bare: bool = False) -> str:
    """The words between dashes and the like, or with `bare` before a colon alone; "" where none are."""
    line = line.strip()
    inner = line.strip("-_=*: \t：\xa0")
    decorated = line[:2] and all(sign in "-_=*" for sign in line[:2])
    if not 2 <= len(inner) <= 60 or not (decorated or (bare and line.endswith(_COLON))):
        return ""
    return inner.lower()


def is_header(lines: list[str], i: int) -> bool:
    """Whether a header of another mail is repeated from line `i` on.

    Its words are known in most languages, but people use the same words in lists of their own ("From:
    Sofia, To: Varna, Date: Monday"): it needs an address or a moment as well, and text below. Where
    it stands below Outlook's own rule its form is enough in any language.
    """
    first = _field(lines[i])
    if first is None:
        return False
    above = _above(lines, i)
    ruled = above >= 0 and _OUTLOOK_RULE.fullmatch(lines[above].rstrip("\n")) is not None
    if ruled and _tells_enough(_fields(lines, i), fewest=4):
        return True
    near = (_field(line) for line in lines[i + 1 : i + 4])
    if first[0] not in words.FROM or not any(one and one[0] in _BESIDE for one in near):
        return False
    fields = [first, *(found for line in lines[i + 1 : i + 1 + _WINDOW] if (found := _field(line)))]
    if not _is_known(fields) or _is_listed(lines, above):
        return False
    return _has_text(lines, i) or _is_copied(lines, i)


def _is_known(fields: list[tuple[str, str]]) -> bool:
    names = {name for name, _value in fields[1:]}
    dated = names & words.SENT | names & words.DATE
    if len(names & _BESIDE) < 2:
        return False
    titled = bool(names & words.SUBJECT)
    timed = any(name in dated and _TIME.search(value) for name, value in fields[1:])
    addressed = any(
        _ADDRESS.search(value)
        for name, value in fields
        if name in words.FROM or name in words.OTHER
    )
    return (addressed and (titled or timed)) or (titled and (timed or bool(names & words.SENT)))


def _is_copied(lines: list[str], i: int) -> bool:
    """Whether the header is whole, as programs alone write it: no text need stand below."""
    fields = [found for line in lines[i : i + _WINDOW] if (found := _field(line))]
    names = {name for name, _value in fields}
    dated = any(name in words.SENT and _TIME.search(value) for name, value in fields)
    named = _IN_BRACKETS.search(fields[0][1]) is not None
    return dated and named and bool(names & words.SUBJECT)


def _has_text(lines: list[str], i: int) -> bool:
    """Whether something stands below the header: a list that ends a mail is the writer's own."""
    end = min(i + 1 + _WINDOW, len(lines))
    last = max((at for at in range(i, end) if _field(lines[at])), default=i)
    return any(line.strip() for line in lines[last + 1 :])


def _is_listed(lines: list[str], above: int) -> bool:
    """Whether the writer leads up to it: "The mail that got lost:"."""
    return above >= 0 and lines[above].rstrip().endswith(_COLON) and len(lines[above]) <= LONGEST


def header_above(lines: list[str], end: int) -> int | None:
    """The first line of a header in any language that ends on line `end`, by its form: three fields
    with an address or a moment."""
    start = end
    while start > 0 and end - start < _PARAGRAPH and lines[start - 1].strip():
        start -= 1
    for i in range(start, end):
        if _field(lines[i]) is not None and _tells_enough(_fields(lines, i), fewest=3):
            return i
    return None


def with_rule(lines: list[str], i: int) -> int:
    """The line of the rule or the title between dashes right above line `i`, or `i`."""
    above = _above(lines, i)
    line = lines[above].rstrip("\r\n") if above >= 0 else ""
    return above if RULE.fullmatch(line) or _FRAMED.fullmatch(line) else i


def _above(lines: list[str], i: int) -> int:
    """The last line before `i` that is not empty; -1 where none is near."""
    for at in range(i - 1, max(i - 6, -1), -1):
        if lines[at].strip():
            return at
    return -1


def _field(line: str) -> tuple[str, str] | None:
    """A field as (name in small letters, value); None where the line is none."""
    found = _LABEL.match(line)
    if found is None:
        return None
    name, end = found[1], found.end() - 1
    if not name.isascii():
        name = name.translate(_MARKS)
    name = name.strip(" \t*_\xa0").lower().removesuffix(" le")
    if not name or name.startswith("http") or name.count(" ") > 3:
        return None
    return name, line[end + 1 : end + LONGEST].strip(" \t*_\xa0\r\n")


def _fields(lines: list[str], i: int) -> list[tuple[str, str]]:
    """The fields that stand one below the other from line `i` on, empty lines before them aside."""
    found: list[tuple[str, str]] = []
    for line in lines[i : i + _WINDOW + 4]:
        if (one := _field(line)) is not None:
            found.append(one)
        elif found and line.strip() and not line[:1].isspace():
            break
    return found


def _tells_enough(fields: list[tuple[str, str]], *, fewest: int) -> bool:
    values = [value for _name, value in fields[:_WINDOW]]
    addressed = any(_ADDRESS.search(value) for value in values[:4])
    timed = any(_TIME.search(value) and _DATE.search(value) for value in values[:4])
    return len(values) >= fewest and (addressed or timed)


def attribution(lines: list[str], i: int) -> tuple[int, bool]:
    """(first line of the attribution that ends on line `i`, whether it needs no quote signs below).

    The first line is `i` + 1 when line `i` ends none.
    """
    line = lines[i].translate(_MARKS).strip() if len(lines[i]) <= 2 * LONGEST else lines[i]
    if len(line) > LONGEST or not line.endswith(_COLON):
        alone = (line.startswith("---") and line.endswith("---")) or _is_addressed(lines, i + 1)
        return (i, True) if len(line) <= LONGEST and alone and _says_who(line) else (i + 1, False)
    found, joined = i + 1, ""
    for start in range(i, max(i - 4, -1), -1):
        part = lines[start].translate(_MARKS).strip() if len(lines[start]) <= LONGEST else ""
        if start < i and (not part or QUOTE.match(part) or _ENDS_SENTENCE.search(part)):
            break
        joined = f"{part} {joined}".strip()
        if _says_who(joined):
            if _is_sure(joined):
                return start, True
            found = min(found, start) if found > i else found
    return (i, False) if found > i and _VERB.search(line) else (found, False)


def _is_addressed(lines: list[str], i: int) -> bool:
    """Whether line `i` names recipients, as Lotus Notes lets it follow who wrote, and when."""
    found = _field(lines[i]) if i < len(lines) else None
    return found is not None and found[0] in words.OTHER and _ADDRESS.search(found[1]) is not None


def _is_sure(text: str) -> bool:
    """Whether no person would write so: with an address in brackets, or a whole date with commas."""
    if _IN_BRACKETS.search(text):
        return True
    return text.count(",") > 1 and all(one.search(text) for one in (_VERB, _TIME, _DATE))


def _says_who(text: str) -> bool:
    """Whether this tells who wrote, and when."""
    if _INNER_COLON.search(_ASIDE.sub("", text)):
        return False
    named = _IN_BRACKETS.search(text) is not None
    began = _START.match(text) is not None
    if _VERB.search(text) and any(sign.isdigit() for sign in text):
        return began or named or text.startswith("---")
    timed = _TIME.search(text) is not None
    return timed and (_DATE.search(text) is not None or (began and named))
