"""An invitation's answer, length and repeats in the reader's words."""

from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


def answer(status: str) -> str:
    """What an attendee answers (RFC 5545 3.2.12), "" for a word that is not known."""
    return {
        "ACCEPTED": _("Accepted"),
        "DECLINED": _("Declined"),
        "TENTATIVE": _("Accepted tentatively"),
        "DELEGATED": _("Passed on to somebody else"),
        "NEEDS-ACTION": _("No answer yet"),
    }.get(status, "")


def duration(minutes: int) -> str:
    """How long something takes: 45 min, 1 h, 1 h 30 min, 2 d 4 h."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if not hours:
        return _("%(minutes)d min") % {"minutes": left}
    if not left:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": left}


def repeats(rule: dict[str, Any]) -> str:
    """A rule of `calendars.Invitation.repeats`: every 2 weeks: Monday, Friday; 10 times in all."""
    days = [*map(_weekday, rule.get("days", [])), *map(_month_day, rule.get("month_days", []))]
    text = _every(rule.get("every", ""), rule.get("interval", 1))
    if days:
        text = f"{text}: {', '.join(days)}"
    if count := rule.get("count"):
        times = ngettext("%(count)d time in all", "%(count)d times in all", count)
        text = f"{text}; {times % {'count': count}}"
    if until := rule.get("until"):
        last = _("until %(day)s") % {"day": until}
        text = f"{text}; {last}"
    return text


def _every(unit: str, number: int) -> str:
    if number == 1:
        once = {
            "HOURLY": _("every hour"),
            "DAILY": _("every day"),
            "WEEKLY": _("every week"),
            "MONTHLY": _("every month"),
            "YEARLY": _("every year"),
        }
        return once.get(unit, _("several times a day"))
    several = {
        "HOURLY": ngettext("every %(number)d hour", "every %(number)d hours", number),
        "DAILY": ngettext("every %(number)d day", "every %(number)d days", number),
        "WEEKLY": ngettext("every %(number)d week", "every %(number)d weeks", number),
        "MONTHLY": ngettext("every %(number)d month", "every %(number)d months", number),
        "YEARLY": ngettext("every %(number)d year", "every %(number)d years", number),
    }
    return several[unit] % {"number": number} if unit in several else _("several times a day")


def _weekday(given: list[Any]) -> str:
    """A day of the week, with its place in the month where the rule has one."""
    number, name = given
    day = str(WEEKDAYS[_DAYS.get(name, 0)])
    day = day if (get_language() or "").startswith("en") else day.lower()
    if number == -1:
        return _("%(day)s (the last in the month)") % {"day": day}
    if number:
        return _("%(day)s (no. %(number)d in the month)") % {"day": day, "number": number}
    return day


def _month_day(number: int) -> str:
    if number == -1:
        return _("the last day of the month")
    return _("day %(number)d of the month") % {"number": number}
