"""An invitation in a mail (RFC 5545, RFC 5546): what, when, how often, where and who asks or answers.
Nothing is obeyed.

Own code: the desk shows some lines of the first event and computes no dates of a series; a calendar
library would bring a parser of recurrences that a hostile rule can keep busy, and the one for
icalendar (7) keeps the time zones of one sender for the next.
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from firstline.base import html as sanitiser

from . import dates
from .charsets import decode
from .headers import clean

_READ = 256 * 1024
_LINES = 5_000
_LINE = re.compile(
    r"([A-Za-z0-9-]{1,60})((?:;[^:\"]{0,400}(?:\"[^\"]{0,400}\"[^:\"]{0,400})*)?):(.*)"
)
_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?"
)
_RULE_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MARKUP = re.compile(r"</?(?:br|p|a|b|i|u|ul|li|div|span|html)\b[^<>]{0,500}>", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_LONGEST = 300
_DESCRIPTION = 2_000
_NAMELESS_ZONE = re.compile(r"tzone://|customized time zone", re.IGNORECASE)
_EMPTY = ("", "")

Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar part asks for. Times are as its sender wrote them: "22.11.2026 14:30" with
    `zone` beside them, a date alone for whole days; `ends` is a time alone on the same day, and the
    last day of several whole ones; "" for what it does not say.

    `minutes`: how long it takes where that is told in place of the end, else 0; `repeats`: its rule as
    `_rule` has it; `answer`: PARTSTAT of a reply, and `attendee` who gives it."""

    method: str
    title: str
    starts: str
    ends: str
    zone: str
    place: str
    organiser: str
    description: str = ""
    minutes: int = 0
    repeats: dict[str, Any] = field(default_factory=dict)
    answer: str = ""
    attendee: str = ""

    def kept(self) -> dict[str, Any]:
        """What is kept with a message: of what came later only what there is."""
        old = {"method", "title", "starts", "ends", "zone", "place", "organiser"}
        return {name: value for name, value in asdict(self).items() if value or name in old}


@dataclass(slots=True)
class _Reader:
    """The lines of a calendar, taken one by one until the first event ends."""

    method: str = ""
    inside: list[str] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    zone: str = ""
    offsets: dict[str, set[str]] = field(default_factory=dict)
    is_done: bool = False

    def take(self, name: str, parameters: str, value: str) -> None:
        """Take one line: its name in capitals, its parameters with the semicolons, its value."""
        if name == "BEGIN":
            self.inside.append(value.strip().upper())
        elif name == "END":
            ended = self.inside.pop() if self.inside else ""
            self.is_done = ended == "VEVENT"
        elif self.inside[-1:] == ["VEVENT"]:
            self.fields.setdefault(name, (parameters, value))
        elif name == "METHOD" and self.inside in ([], ["VCALENDAR"]):
            self.method = clean(value).upper()[:20]
        elif name == "TZID":
            self.zone = clean(value)
        elif name == "TZOFFSETTO" and "VTIMEZONE" in self.inside:
            self.offsets.setdefault(self.zone, set()).add(value.strip()[:5])


def invitation(content: bytes, charset: str, method: str = "") -> Invitation | None:
    """The first event of a calendar; None where there is none. Linear time, never raises.

    `method`: that of the part's type, for a calendar that does not name it.
    """
    text = decode(content[:_READ], charset or "utf-8").replace("\r\n", "\n")
    reader = _Reader(method.upper()[:20])
    for line in re.sub(r"\n[ \t]", "", text).split("\n")[:_LINES]:
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match and not reader.is_done:
            reader.take(match[1].upper(), match[2], match[3])
    return _event(reader) if reader.is_done else None


def _event(reader: _Reader) -> Invitation:
    fields = reader.fields
    starts, zone = _when(fields.get("DTSTART", _EMPTY))
    ends, ends_zone = _when(fields.get("DTEND", _EMPTY))
    if ends is None and starts is not None:
        ends, ends_zone = _after(starts, fields.get("DURATION", _EMPTY)[1]), zone
    is_reply = reader.method in ("REPLY", "COUNTER")
    attendee = fields.get("ATTENDEE", _EMPTY)
    is_cancelled = fields.get("STATUS", _EMPTY)[1].strip().upper() == "CANCELLED"
    return Invitation(
        "CANCEL" if is_cancelled and not is_reply else reader.method,
        _said(fields.get("SUMMARY", _EMPTY)[1]),
        _told(starts),
        _end(starts, ends, is_same_zone=zone == ends_zone),
        _zone(zone, reader.offsets),
        _said(fields.get("LOCATION", _EMPTY)[1]),
        _person(fields.get("ORGANIZER", _EMPTY)),
        _described(fields.get("DESCRIPTION", _EMPTY)[1] or fields.get("COMMENT", _EMPTY)[1]),
        _minutes(starts, ends) if "DTEND" not in fields else 0,
        _rule(fields.get("RRULE", _EMPTY)[1]),
        clean(_parameter(attendee[0], "PARTSTAT")).upper()[:20] if is_reply else "",
        _person(attendee) if is_reply else "",
    )


def _said(value: str) -> str:
    """A text without its escapes, on one line."""
    return clean(_ESCAPE.sub(lambda match: " " if match[1] in "nN" else match[1], value))[:_LONGEST]


def _described(value: str) -> str:
    """A text without its escapes, with its lines; some calendars write HTML there."""
    text = _ESCAPE.sub(
        lambda match: "\n" if match[1] in "nN" else match[1], value[: 8 * _DESCRIPTION]
    )
    if _MARKUP.search(text):
        text = sanitiser.to_text(sanitiser.clean(text.replace("\n", "<br>")))
    text = re.sub(r"\n{3,}", "\n\n", _CONTROLS.sub("", text)).strip()
    return text if len(text) <= _DESCRIPTION else text[:_DESCRIPTION] + "…"


def _parameter(parameters: str, name: str) -> str:
    """The value of a parameter, in quotes or not; unquoted ones of Outlook hold colons."""
    found = re.search(
        rf";{name}=(?:\"([^\"]{{1,200}})\"|([^;\"]{{1,200}}))", parameters, re.IGNORECASE
    )
    return (found[1] or found[2]) if found else ""


def _when(given: Field) -> tuple[date | None, str]:
    """(day or moment, zone) of a field."""
    parameters, value = given
    match = _WHEN.match(value.strip())
    if match is None:  # a zone with a colon and without quotes: the moment is what stands last
        more, _, value = value.strip().rpartition(":")
        parameters, match = f"{parameters}:{more}", _WHEN.match(value)
    if match is None:
        return None, ""
    try:
        if not match[4]:
            return date(int(match[1]), int(match[2]), int(match[3])), ""
        when = datetime(*map(int, match.groups()[:5]))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:  # a 31st of February
        return None, ""
    return when, "UTC" if match[6] else clean(_parameter(parameters, "TZID"))[:120]


def _zone(name: str, offsets: dict[str, set[str]]) -> str:
    """A zone's name, or its difference from UTC where the name says nothing and there is one only."""
    known = sorted(offsets.get(name, ()))
    if _NAMELESS_ZONE.match(name) and len(known) == 1 and re.fullmatch(r"[+-]\d{4}", known[0]):
        return f"UTC{known[0][:3]}:{known[0][3:]}"
    return name


def _after(starts: date, duration: str) -> date | None:
    """The end of what takes so long (RFC 5545 3.3.6); None where that can't be told."""
    match = _DURATION.fullmatch(duration.strip().upper())
    if match is None or not any(match.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    length = timedelta(days=7 * weeks + days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        return starts + length
    except OverflowError:
        return None


def _minutes(starts: date | None, ends: date | None) -> int:
    if isinstance(starts, datetime) and isinstance(ends, datetime) and ends > starts:
        return int((ends - starts).total_seconds() // 60)
    return 0


def _rule(value: str) -> dict[str, Any]:
    """A rule of recurrence (RFC 5545 3.3.10) as what is said of it: `every` (its FREQ), `interval`,
    `days` ([[ordinal or 0, "MO"], …]), `month_days`, `count`, `until` ("31.12.2026"). Only what there
    is, {} where there is none."""
    given = dict(
        part.split("=", 1) for part in value.strip().upper().split(";")[:20] if "=" in part
    )
    if not given.get("FREQ", "").isalpha():
        return {}
    position = _numbers(given.get("BYSETPOS", ""))[:1]
    days = _RULE_DAY.findall(given.get("BYDAY", ""))[:7]
    until, _ = _when(("", given.get("UNTIL", "")))
    found = {
        "every": given["FREQ"][:10],
        "interval": next(iter(_numbers(given.get("INTERVAL", ""))), 1),
        "days": [[int(number or (position or [0])[0]), day] for number, day in days],
        "month_days": _numbers(given.get("BYMONTHDAY", "")),
        "count": next(iter(_numbers(given.get("COUNT", ""))), 0),
        "until": f"{until:{dates.DAY}}" if until else "",
    }
    return {name: each for name, each in found.items() if each}


def _numbers(value: str) -> list[int]:
    return [int(one) for one in re.findall(r"-?\d{1,4}(?!\d)", value)[:31]]


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


def _person(given: Field) -> str:
    """The name and the address of who asks or answers."""
    parameters, value = given
    address = re.sub(r"^mailto:", "", clean(value), flags=re.IGNORECASE)[:_LONGEST]
    called = clean(_parameter(parameters, "CN"))
    return f"{called} <{address}>" if called and called != address else address
