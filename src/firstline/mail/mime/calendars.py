"""An invitation in a mail (RFC 5545, RFC 5546): what, when, where and who asks. Nothing is obeyed.

Own code: the desk shows five lines of the first event and computes no dates; a calendar library
would bring a parser of recurrences that a hostile rule can keep busy.
"""

import re
from dataclasses import dataclass

from .charsets import decode
from .headers import clean

_READ = 256 * 1024
_LINES = 5_000
_LINE = re.compile(
    r"([A-Za-z0-9-]{1,60})((?:;[^:\"]{0,400}(?:\"[^\"]{0,400}\"[^:\"]{0,400})*)?):(.*)"
)
_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ESCAPE = re.compile(r"\\(.)")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar part asks for. Times are as its sender wrote them: "2026-11-22 14:30" with
    `zone` beside them, a date alone for whole days; "" for what it does not say."""

    method: str
    title: str
    starts: str
    ends: str
    zone: str
    place: str
    organiser: str


def invitation(content: bytes, charset: str) -> Invitation | None:
    """The first event of a calendar; None where there is none. Linear time, never raises."""
    text = decode(content[:_READ], charset or "utf-8").replace("\r\n", "\n")
    lines = re.sub(r"\n[ \t]", "", text).split("\n")[:_LINES]
    method, inside = "", ""
    fields: dict[str, tuple[str, str]] = {}
    for line in lines:
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match is None:
            continue
        name, parameters, value = match[1].upper(), match[2], match[3]
        if name == "METHOD" and not inside:
            method = clean(value).upper()[:20]
        elif name == "BEGIN":
            inside = inside or (value.strip().upper() if value.strip().upper() == "VEVENT" else "")
            nested = value.strip().upper() not in ("VEVENT", "VCALENDAR")
            inside = "nested" if inside and nested else inside
        elif name == "END" and inside:
            if value.strip().upper() == "VEVENT":
                return _event(method, fields)
            inside = "VEVENT"
        elif inside == "VEVENT" and name not in fields:
            fields[name] = (parameters, value)
    return None


def _event(method: str, fields: dict[str, tuple[str, str]]) -> Invitation:
    starts, zone = _when(fields.get("DTSTART", ("", "")))
    ends, _zone = _when(fields.get("DTEND", ("", "")))
    return Invitation(
        method,
        _said(fields.get("SUMMARY", ("", ""))[1]),
        starts,
        ends,
        zone,
        _said(fields.get("LOCATION", ("", ""))[1]),
        _organiser(fields.get("ORGANIZER", ("", ""))),
    )


def _said(value: str) -> str:
    """A text without its escapes, on one line."""
    return clean(_ESCAPE.sub(lambda match: " " if match[1] in "nN" else match[1], value))[:_LONGEST]


def _when(field: tuple[str, str]) -> tuple[str, str]:
    """(time, zone) of a field."""
    parameters, value = field
    match = _WHEN.match(value.strip())
    if match is None:
        return "", ""
    day = f"{match[1]}-{match[2]}-{match[3]}"
    if not match[4]:
        return day, ""
    zone = re.search(r"TZID=\"?([^;:\"]{1,80})", parameters, re.IGNORECASE)
    return f"{day} {match[4]}:{match[5]}", "UTC" if match[6] else clean(zone[1]) if zone else ""


def _organiser(field: tuple[str, str]) -> str:
    """The name and the address of who asks."""
    parameters, value = field
    name = re.search(r"CN=(?:\"([^\"]{1,200})\"|([^;:]{1,200}))", parameters, re.IGNORECASE)
    address = re.sub(r"^mailto:", "", clean(value), flags=re.IGNORECASE)[:_LONGEST]
    called = clean((name[1] or name[2]) if name else "")
    return f"{called} <{address}>" if called and called != address else address
