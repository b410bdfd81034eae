"""What people and their programs put below a mail: "-- ", "Best regards, ...", "Sent from my phone".

Only the last lines above a place are looked at, each of at most a few hundred characters.
"""

import re

_DASHES_LINES = 12
_DASHES = re.compile(r"--[ \u00a0]?\Z|--[ \u00a0]\s*\Z")
# What telephones and mail programs write below a mail by themselves.
_DEVICE = re.compile(
    r"(?:sent from|sent via|sent with|get outlook for|sendt fra|gesendet von|envoyé de|inviato da"
    r"|отправлено (?:с|из|через)|написано с"
    r"|изпратен[ао] (?:от|чрез|с))\b.{0,60}?\b(?:iphone|ipad|ios|android|samsung|galaxy|huawei|xiaomi"
    r"|blackberry|nokia|outlook|yahoo|gmail|mail|proton|windows|phone|mobile|почт\w*|поща\w*"
    r"|телефон\w*|смартфон\w*|устройств\w*|приложени\w*)\b.{0,40}",
    re.IGNORECASE,
)
_DEVICE_LONGEST = 120
# How a letter ends, with the name on the same line or below it.
_CLOSING = re.compile(
    r"(?:(?:с|со)\s(?:искренним\s|глубоким\s|большим\s)?уважением|с наилучшими пожеланиями"
    r"|с добрыми пожеланиями|с благодарностью|искренне ваша?|всего (?:доброго|наилучшего|хорошего)"
    r"|(?:с\s)?(?:най-добри\s|сърдечни\s|приятелски\s)?поздрави|с (?:дълбоко\s|искрено\s)?уважение"
    r"|с най-добри пожелания|с благодарност|искрено ваша?"
    r"|(?:with\s)?(?:my\s)?(?:best|kind|kindest|warm|warmest|many)?\s?regards|best wishes"
    r"|(?:yours\s)?(?:sincerely|faithfully|truly)(?:\syours)?|all the best|respectfully(?:\syours)?)"
    r"\s{0,3}(?:[,.!;:—–-]{1,3}\s{0,3}(?P<name>.{0,60}))?",
    re.IGNORECASE,
)
_CLOSING_LONGEST = 120
_CLOSING_LINES = 4  # below the closing; and as many empty ones
_NAME_WORDS = 4
_BELOW_LONGEST = 80
_SENTENCE_WORDS = 3  # a line of as many words that ends as a sentence is one
_SENTENCE = (".", "!", "…", ":", ";")
_AFTERTHOUGHT = re.compile(r"p\.?\s?s\b|з\.?\s?ы\b|п\.?\s?п?\.?\s?с\b", re.IGNORECASE)


def before(lines: list[str], cut: int, *, closing: bool) -> int:
    """Where the signature above line `cut` begins; `cut` when there is none.

    `closing`: whether "Best regards, ..." without dashes is one, too.
    """
    cut = _before_dashes(lines, cut)
    return _before_closing(lines, cut) if closing else cut


def begins(line: str) -> bool:
    """Whether a signature begins with this line."""
    line = line.strip()
    return (
        _DASHES.fullmatch(line) is not None
        or (len(line) <= _DEVICE_LONGEST and _DEVICE.fullmatch(line) is not None)
        or _closes(line) is not None
    )


def _before_dashes(lines: list[str], cut: int) -> int:
    """`cut`, or the "-- " line shortly before it, or what a telephone wrote right before it."""
    for i in range(cut - 1, max(cut - 1 - _DASHES_LINES, 0), -1):
        if _DASHES.fullmatch(lines[i].rstrip("\r\n")):
            return i
    last = _last(lines, cut)
    line = lines[last].strip() if last else ""
    return last if 0 < len(line) <= _DEVICE_LONGEST and _DEVICE.fullmatch(line) else cut


def _before_closing(lines: list[str], cut: int) -> int:
    """`cut`, or the line that closes the letter, when nothing but a name and the like follows it."""
    below: list[str] = []
    last = _last(lines, cut)
    for i in range(last, max(last - 2 * _CLOSING_LINES - 1, 0), -1):
        line = lines[i].strip() if len(lines[i]) <= 2 * _CLOSING_LONGEST else lines[i]
        if (named := _closes(line)) is not None:
            return i if _is_name_and_place(named, below[::-1]) else cut
        if line:
            below.append(line)
        if len(below) > _CLOSING_LINES:
            break
    return cut


def _last(lines: list[str], cut: int) -> int:
    """The last line before `cut` that is not empty; 0 when that is the first one, or none."""
    return next((i for i in range(cut - 1, 0, -1) if lines[i].strip()), 0)


def _closes(line: str) -> str | None:
    """The name behind the closing of a letter, "" when none stands there; None: it is no closing."""
    found = _CLOSING.fullmatch(line) if len(line) <= _CLOSING_LONGEST else None
    return None if found is None else (found["name"] or "").strip()


def _is_name_and_place(named: str, below: list[str]) -> bool:
    """Whether these are a name, and what stands below a name: a post, a company, a telephone. A
    closing without any is a line that needs no folding."""
    said = [named, *below] if named else below
    return bool(said) and _is_name(said[0]) and not any(_is_said(line) for line in said[1:])


def _is_name(text: str) -> bool:
    """One to four words with capitals, or one word; no question and no sentence."""
    words = text.rstrip(".,").split()
    if not words or len(words) > _NAME_WORDS or set("?!:;") & set(text):
        return False
    return len(words) == 1 or all(not word[0].islower() for word in words)


def _is_said(line: str) -> bool:
    """Whether somebody says something in this line: it must not be folded."""
    if len(line) > _BELOW_LONGEST or "?" in line or _AFTERTHOUGHT.match(line):
        return True
    return line.endswith(_SENTENCE) and len(line.split()) >= _SENTENCE_WORDS
