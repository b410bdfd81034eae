"""Days as people type them, and the moments at which they begin for the reader."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

PATTERNS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
FIRST, LAST = date(1970, 1, 1), date(2200, 12, 31)


def day_of(text: str) -> date:
    """The day that a text names: as browsers send it, or as people write it. Raises ValueError."""
    for pattern in PATTERNS:
        try:
            day = datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        if FIRST <= day <= LAST:
            return day
    raise ValueError(text)


def moment_of(text: str) -> datetime | None:
    """The moment in a form field, in the reader's time zone; None where it makes no sense."""
    try:
        moment = parse_datetime(text)
        if moment is None:
            return None
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        return None


def span(first: str, last: str) -> tuple[tuple[datetime | None, datetime | None], dict[str, str]]:
    """From the beginning of one day to the end of another, in the reader's time zone; and what is
    wrong with them, by the names `from` and `to`. An empty text leaves its side open.
    """
    days: dict[str, date | None] = {"from": None, "to": None}
    wrong: dict[str, str] = {}
    for name, text in (("from", first), ("to", last)):
        try:
            days[name] = day_of(text) if text.strip() else None
        except ValueError:
            wrong[name] = _("There is no such day. Write it like this: 31.05.2026.")
    start, end = days["from"], days["to"]
    if start and end and end < start:
        return (None, None), {"to": _("This day is before the first one. Choose a later one.")}
    opened = (_begin(start) if start else None, _begin(end + timedelta(days=1)) if end else None)
    return opened, wrong


def _begin(day: date) -> datetime:
    """The first moment of a day. Where clocks are put forward at midnight that is one o'clock."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())
