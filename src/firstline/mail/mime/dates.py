"""The dates of a mail, and how they stand in a text that is kept: neutral, no reader's language."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .headers import clean

DAY, TIME = "%d.%m.%Y", "%H:%M"
_LONGEST = 100
# GMT+0200, UTC +2, +02:00: the standard library knows +0200 alone and takes the rest for UTC
_ZONE = re.compile(
    r"(?<=[\s\d])(?:GMT|UTC?)?[ \t]?([+-])(\d{1,2})(?::?(\d\d))?(?=\s|$)", re.IGNORECASE
)


def moment(value: str) -> datetime | None:
    """A Date field in UTC; a date without a zone counts as UTC, an impossible one as none."""
    value = _ZONE.sub(_difference, clean(value)[:_LONGEST])
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _difference(match: re.Match[str]) -> str:
    return f" {match[1]}{match[2]:0>2}{match[3] or '00'}"


def readable(value: str) -> str:
    """A Date field as "22.11.2026 19:36 UTC"; as it stands where it is no date."""
    date = moment(value)
    return f"{date:{DAY} {TIME}} UTC" if date else clean(value)[:60]
