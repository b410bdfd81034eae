"""The dates of a mail, and how they stand in a text that is kept: neutral, no reader's language."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .headers import clean

DAY, TIME = "%d.%m.%Y", "%H:%M"
_LONGEST = 100


def moment(value: str) -> datetime | None:
    """A Date field in UTC; a date without a zone counts as UTC, an impossible one as none."""
    try:
        date = parsedate_to_datetime(clean(value)[:_LONGEST])
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def readable(value: str) -> str:
    """A Date field as "22.11.2026 19:36 UTC"; as it stands where it is no date."""
    date = moment(value)
    return f"{date:{DAY} {TIME}} UTC" if date else clean(value)[:60]
