"""An invitation in a mail (RFC 5545, RFC 5546): what, when, where and who asks. Nothing is obeyed.

Own code: the desk shows five lines of the first event and computes no dates; a calendar library
would bring a parser of recurrences that a hostile rule can keep busy.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from . import dates
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
    """What a calendar part asks for. Times are as its sender wrote them: "22.11.2026 14:30" with
    `zone` beside them, a date alone for whole days; `ends` is a time alone on the same day, and the
    last day of several whole ones; "" for what it does not say."""

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
    ends, ends_zone = _when(fields.get("DTEND", ("", "")))
    return Invitation(
        method,
        _said(fields.get("SUMMARY", ("", ""))[1]),
        _told(starts),
        _end(starts, ends, is_same_zone=zone == ends_zone),
        zone,
        _said(fields.get("LOCATION", ("", ""))[1]),
        _organiser(fields.get("ORGANIZER", ("", ""))),
    )


def _said(value: str) -> str:
    """A text without its escapes, on one line."""
    return clean(_ESCAPE.sub(lambda match: " " if match[1] in "nN" else match[1], value))[:_LONGEST]


def _when(field: tuple[str, str]) -> tuple[date | None, str]:
    """(day or moment, zone) of a field."""
    parameters, value = field
    match = _WHEN.match(value.strip())
    if match is None:
        return None, ""
    try:
        if not match[4]:
            return date(int(match[1]), int(match[2]), int(match[3])), ""
        when = datetime(*map(int, match.groups()[:5]))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:  # a 31st of February
        return None, ""
    zone = re.search(r"TZID=\"?([^;:\"]{1,80})", parameters, re.IGNORECASE)
    return when, "UTC" if match[6] else clean(zone[1]) if zone else ""


def _told(when: date | None) -> str:
    if when is None:
        return ""
    return (
        f"{when:{dates.DAY} {dates.TIME}}" if isinstance(when, datetime) else f"{when:{dates.DAY}}"
    )


def _end(starts: date | None, ends: date | None, *, is_same_zone: bool) -> str:
    """The end as it stands behind the beginning; whole days name the day after the last (RFC 5545)."""
    if ends is None or starts is None:
        return _told(ends)
    if isinstance(ends, datetime):
        is_same_day = isinstance(starts, datetime) and starts.date() == ends.date()
        return f"{ends:{dates.TIME}}" if is_same_day and is_same_zone else _told(ends)
    if isinstance(starts, datetime):
        return _told(ends)
    return _told(ends - timedelta(days=1)) if (ends - starts).days > 1 else ""


def _organiser(field: tuple[str, str]) -> str:
    """The name and the address of who asks."""
    parameters, value = field
    name = re.search(r"CN=(?:\"([^\"]{1,200})\"|([^;:]{1,200}))", parameters, re.IGNORECASE)
    address = re.sub(r"^mailto:", "", clean(value), flags=re.IGNORECASE)[:_LONGEST]
    called = clean((name[1] or name[2]) if name else "")
    return f"{called} <{address}>" if called and called != address else address
