"""What a person wrote now, apart from what they quote. Line by line, linear time, nothing lost.

Own code, because the library for it needs more than 20 seconds for 60 KB of "On On On ..." and knows
neither Russian nor Bulgarian (dependencies.md 4).
"""

import re
from typing import Literal

from . import headings, signatures

_MOST_LINES = 50_000
_FOOTER_LINES = 12
_INITIALLED = re.compile(r"[ \t]{0,3}[^\W\d_]{1,4}>")
_LINK = re.compile(r"https?://\S{1,500}|www\.\S{1,200}")

# Above the text of a mail that came inside a mail, where it is folded below what was written.
INSIDE = "---------- Forwarded message ----------"


def split(text: str, *, closing: bool = True) -> tuple[str, str]:
    """(what the person wrote now, the quoted rest with its attribution line or "").

    The two together hold every character of `text`: in this order, or turned where the answer
    stands below one quote. Answers between quoted lines stay whole. A text that is quote only is
    what the person wrote, so is one of more than 50,000 lines. The signature goes with the quote,
    or alone when it ends the mail; with `closing` also one that "Best regards, ..." begins.
    """
    if text.count("\n") > _MOST_LINES:
        return text, ""
    lines = _lines(text)
    end = _below(lines)
    first = _first_quote(lines, end)
    if first is None:
        cut = end
    elif (below := _answer_below(lines, first, end)) is not None:
        return "".join(lines[below:]), "".join(lines[:below])
    else:
        cut = first if _is_quote_to(lines, first, end) else end
    cut = signatures.before(lines, cut, closing=closing)
    visible = "".join(lines[:cut])
    return (visible, "".join(lines[cut:])) if visible.strip() else (text, "")


Folded = Literal["quote", "signature", "both", "mail"]


def kind_of(folded: str) -> Folded:
    """What was folded away: a quote, a signature, both, or with any of them a mail inside."""
    text = folded.lstrip()
    if f"\n{INSIDE}\n" in f"\n{text}":
        return "mail"
    if not signatures.begins(text[: headings.LONGEST].partition("\n")[0]):
        return "quote"
    lines = _lines(text)
    end = _below(lines)
    quoted = end < len(lines) or _first_quote(lines, end) is not None
    return "both" if quoted else "signature"


def _lines(text: str) -> list[str]:
    """Lines with their line feeds; other characters that Python calls line ends are text."""
    pieces = [piece + "\n" for piece in text.split("\n")]
    pieces[-1] = pieces[-1][:-1]
    return [piece for piece in pieces if piece]


def _below(lines: list[str]) -> int:
    """Where the part begins that is another's mail to its end: after an original-message line, a
    header, or an attribution whose text carries no signs. Else the length."""
    for i, line in enumerate(lines):
        if len(line) > headings.LONGEST or headings.QUOTE.match(line):
            continue
        if headings.is_forwarded(line):
            return len(lines)  # what is passed on is what the person wants read
        if headings.is_original(lines, i):
            return i
        if headings.is_header(lines, i):
            return headings.with_rule(lines, i)
        start, sure = headings.attribution(lines, i)
        if sure and not headings.QUOTE.match(_next(lines, i + 1)):
            return start
        if start <= i and _is_initialled(lines, i + 1):
            return start
    return len(lines)


def _is_initialled(lines: list[str], start: int) -> bool:
    """Whether all lines from `start` on are quoted with the initials of who wrote them: "IP> ..."."""
    if not _INITIALLED.match(_next(lines, start)):
        return False
    filled = (line for line in lines[start:] if line.strip())
    return all(_INITIALLED.match(line) or headings.QUOTE.match(line) for line in filled)


def _next(lines: list[str], i: int) -> str:
    """The next line that is not empty, of the few that follow."""
    for line in lines[i : i + 4]:
        if line.strip():
            return line
    return ""


def _first_quote(lines: list[str], end: int) -> int | None:
    """The first quoted line before `end`, or the attribution right above it."""
    for i in range(end):
        if headings.QUOTE.match(lines[i]):
            above = i - 1
            while above >= 0 and i - above <= 3 and not lines[above].strip():
                above -= 1
            start = headings.attribution(lines, above)[0] if above >= 0 else i
            return start if start <= above else i
    return None


def _is_quote_to(lines: list[str], first: int, end: int) -> bool:
    """Whether nothing but quotes, attributions among them, a signature and what a mailing list adds
    follow up to `end`."""
    stop = signatures.before(lines, end, closing=True)
    quoted = False
    for i in range(first, stop):
        if headings.QUOTE.match(lines[i]):
            quoted = True
        elif quoted and lines[i].strip():
            return _is_footer(lines[i:end])
    return True


def _is_footer(lines: list[str]) -> bool:
    """Whether this is what mailing lists and virus scanners add: a rule, and below it few lines with
    an address of theirs, and no question."""
    begins = headings.RULE.fullmatch(lines[0].rstrip("\n")) or signatures.begins(lines[0])
    rest = [line for line in lines[1:] if line.strip()]
    if not begins or not 1 <= len(rest) <= _FOOTER_LINES:
        return False
    text = _LINK.sub("@", "".join(line[: headings.LONGEST] for line in rest))
    return "@" in text and "?" not in text


def _answer_below(lines: list[str], first: int, end: int) -> int | None:
    """Where the answer begins when the mail opens with one quote and all else stands below it."""
    if any(line.strip() for line in lines[:first]):
        return None
    last = max(i for i in range(first, end) if headings.QUOTE.match(lines[i]))
    start = next(i for i in range(first, end) if headings.QUOTE.match(lines[i]))
    whole = all(headings.QUOTE.match(line) or not line.strip() for line in lines[start:last])
    stop = signatures.before(lines, len(lines), closing=True)
    answered = any(line.strip() for line in lines[last + 1 : stop])
    return last + 1 if whole and answered and end == len(lines) else None
