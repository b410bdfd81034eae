"""What the history says of escalations and notes; staff of the one line read it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from firstline.base.languages import pick
from firstline.events.models import Event


def line(event: Event, who: str) -> str:
    """The event as a sentence in the reader's language; empty where it is neither."""
    match event.kind:
        case "ticket.escalated":
            said = {"who": who, "changes": ", ".join(changes(event))}
            text = _("%(who)s escalated the ticket: %(changes)s") % said
            reason = event.data.get("reason")
            # Never inside an f-string: what collects the texts to translate does not look there.
            why = _("Reason: %(reason)s") % {"reason": reason}
            return f"{text}. {why}" if reason else text
        case "ticket.level_changed":
            said = {"who": who, "changes": ", ".join(changes(event))}
            return _("%(who)s retired the ticket's level: %(changes)s") % said
        case "ticket.resettled":
            said = {"who": who, "changes": ", ".join(changes(event))}
            return _("%(who)s changed the department: %(changes)s") % said
        case "ticket.notes_changed":
            return _("%(who)s changed the notes for support") % {"who": who}
    return ""


def changes(event: Event) -> list[str]:
    """What an escalation or a change of departments changed, each from what to what."""
    data, found = event.data, []
    if "level_to" in data:
        found.append(_("level: %(before)s → %(after)s") % _ends(data, "level", ""))
    if "department_to" in data:
        found.append(_("department: %(before)s → %(after)s") % _ends(data, "department", ""))
    if "status_to" in data:
        found.append(_("status: %(before)s → %(after)s") % _ends(data, "status", ""))
    if "responsible_to" in data:
        nobody = pgettext("agent", "nobody")
        found.append(_("agent: %(before)s → %(after)s") % _ends(data, "responsible", nobody))
    if "team_to" in data:
        none = pgettext("team", "none")
        found.append(_("team: %(before)s → %(after)s") % _ends(data, "team", none))
    return found


def _ends(data: dict[str, str | dict[str, str]], name: str, empty: str) -> dict[str, str]:
    before, after = data[f"{name}_from"], data[f"{name}_to"]
    return {"before": _words(before) or empty, "after": _words(after) or empty}


def _words(name: str | dict[str, str]) -> str:
    return pick(name) if isinstance(name, dict) else name
