"""What an agent's mail says at its top: commands, one on a line, and then the text (product 7.5)."""

import re
from dataclasses import dataclass

from firstline.mail.mime import headings, quotes

# It stands on top of what an agent is told, in every language, so that a mail program that quotes in
# its own way gives nothing away.
MARK = "#-#-#"
LINE = re.compile(r"#([^\W\d_]\w{0,30})(?:[ \t]+(.*))?")
QUOTE = re.compile(r"[ \t]{0,3}>")
HEADING = 2  # lines of the notice itself that may stand above its mark
BARE = {"close", "resolve", "claim"}
KNOWN = ("note", "close", "resolve", "claim", "status")


class Unknown(ValueError):
    """There is no such command, or it is written in another way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an agent wants: the commands, with the key of a status, and the text below them."""

    commands: dict[str, str]
    text: str


def read(text: str) -> Wanted:
    """The commands and the agent's own words above whatever the mail quotes. Raises Unknown."""
    lines = written(text).strip().split("\n")
    found: dict[str, str] = {}
    while lines and (match := LINE.fullmatch(lines[0].strip())):
        name, rest = match[1].lower(), (match[2] or "").strip()
        if name not in KNOWN or (name in BARE and rest) or (name == "status" and not rest):
            raise Unknown(lines[0].strip()[:80])
        found[name] = rest
        lines = lines[1:]
        while lines and not lines[0].strip():
            lines = lines[1:]
    words = [found.pop("note"), *lines] if found.get("note") else lines
    if len(words) > len(lines):
        found["note"] = ""
    return Wanted(found, "\n".join(words).strip())


def written(text: str) -> str:
    """What stands above the first quoted line, its introduction in any language, and a signature."""
    kept: list[str] = []
    for line in text.split("\n"):
        if MARK in line or QUOTE.match(line):
            kept = [*_above_introduction(kept), "> …"]
            break
        kept.append(line)
    own = quotes.split("\n".join(kept), closing=False)[0]  # "Best regards" goes out
    return "" if "> …" in own.split("\n") else own


def _above_introduction(lines: list[str]) -> list[str]:
    """These lines without the header or the attribution at their end, which tells of our notice and
    its reader. What might be one goes: it must not reach the customer."""
    below = 0
    for i in range(len(lines) - 1, -1, -1):
        if not lines[i].strip():
            continue
        start, _sure = headings.attribution(lines, i)
        if start <= i:
            return lines[:start]
        if (top := headings.header_above(lines, i)) is not None:
            return lines[: headings.with_rule(lines, top)]
        below += 1
        if below > HEADING:
            break
    return lines
