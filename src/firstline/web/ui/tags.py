"""Small pieces that pages share: icons, moments, sizes, states."""

from datetime import datetime, timedelta
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstline.base.html import link
from firstline.base.languages import pick
from firstline.base.sizes import size
from firstline.mail.mime.quotes import kind_of
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.web.ui import invitations

register = template.Library()

PHASE_ICONS = {
    "new": "st-new",
    "open": "st-open",
    "waiting": "st-waiting",
    "deferred": "st-deferred",
    "resolved": "st-resolved",
    "closed": "st-closed",
}
CHANNEL_ICONS = {"mail": "mail", "portal": "globe", "phone": "phone", "api": "code", "web": "user"}
PRIORITY_KEYS = {1: "low", 2: "medium", 3: "high", 4: "critical"}
# Months as they stand after a day; Django's own lists lack the form for Bulgarian dates.
DAY_MONTH = {"ru": "j E", "bg": "j F", "en": "j F"}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.filter
def phase_icon(phase: str) -> str:
    return PHASE_ICONS.get(phase, "st-open")


@register.filter
def channel_icon(channel: str) -> str:
    return CHANNEL_ICONS.get(channel, "user")


@register.filter
def priority_key(value: int) -> str:
    return PRIORITY_KEYS.get(value, "medium")


@register.filter
def named(names: dict[str, str]) -> str:
    """A name kept in three languages, in the reader's."""
    return pick(names)


@register.filter(is_safe=True)
def linked(text: str) -> SafeString:
    """Plain text as paragraphs with its links to press, without empty lines around it."""
    return link(text.strip())


@register.filter
def folded(text: str) -> str:
    """What a message folds away: "quote", "signature", "both", or the "mail" inside it."""
    return kind_of(text)


@register.filter
def when(moment: datetime | None) -> str:
    """10:31 today, “yesterday”, 17 June this year, with the year before that."""
    if moment is None:
        return ""
    local, now = timezone.localtime(moment), timezone.localtime()
    if local.date() == now.date():
        return date_format(local, "H:i")
    if local.date() == now.date() - timedelta(days=1):
        return _("yesterday")
    return day(moment)


@register.filter
def day(moment: datetime) -> str:
    """17 June, with the year when it is another one."""
    local = timezone.localtime(moment)
    language = get_language() or "en"
    pattern = DAY_MONTH.get(language, "j F")
    text = date_format(
        local, pattern if local.year == timezone.localtime().year else f"{pattern} Y"
    )
    # Django's Bulgarian months begin with a capital, which no Bulgarian date does.
    return text.lower() if language == "bg" else text


@register.filter
def full(moment: datetime | None) -> str:
    """The day and the time, for details and tool tips."""
    if moment is None:
        return ""
    return f"{day(moment)}, {date_format(timezone.localtime(moment), 'H:i')}"


@register.filter
def moment(at: datetime | None) -> str:
    """today 10:31, yesterday 10:31, else as `full` has it."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime().date()
    clock = {"time": date_format(local, "H:i")}
    if local.date() == today:
        return _("today %(time)s") % clock
    if local.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % clock
    return full(at)


@register.filter
def since(moment: datetime | None) -> str:
    """How long ago, in at most two units: 6 min, 2 h 40 min, 3 d 4 h."""
    if moment is None:
        return ""
    minutes = max(int((timezone.now() - moment).total_seconds() // 60), 0)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours_left}
    if hours:
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes_left}
    return _("%(minutes)d min") % {"minutes": minutes}


@register.filter
def lines(text: str) -> int:
    """How many lines a folded quote has."""
    return len([line for line in text.splitlines() if line.strip()])


register.filter("size", size)
register.filter("duration", invitations.duration)
register.filter("repeats", invitations.repeats)
register.filter("calendar_answer", invitations.answer)


@register.filter
def get(mapping: dict[object, object], key: object) -> object:
    """The value of a mapping under a key that is a variable."""
    return mapping.get(key)


@register.filter
def may(actor: Actor | None, permission: str) -> bool:
    """Whether the reader has a permission, so that no button is shown that would be refused."""
    return actor is not None and actor.may(Permission(permission))
