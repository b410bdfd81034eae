"""All keys of the agents' workspace: the one table that the `?` window and the scripts read.

A key is bound to its place on the keyboard (`event.code`), so that it works in Russian and Bulgarian
layouts. What it does is either named in static/js/keys.js, or it presses what the page marks with
`data-key`. No key but these does anything, so that the list and what happens can't drift apart.
"""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `code`: its place, after those that are pressed with it or before it; `shown`: its
    caps; `does`: a name of static/js/keys.js, or "press" for what the page marks with this code.
    """

    code: str
    shown: tuple[str, ...]
    words: str | Promise
    does: str = "press"
    while_typing: bool = False
    repeats: bool = False


LIST = (
    Key("KeyJ", ("J",), _("Next ticket"), "next", repeats=True),
    Key("KeyK", ("K",), _("Previous ticket"), "previous", repeats=True),
    Key("ArrowDown", ("↓",), _("Next ticket, in the list"), "down", repeats=True),
    Key("ArrowUp", ("↑",), _("Previous ticket, in the list"), "up", repeats=True),
    Key("Enter", ("⏎",), pgettext_lazy("key", "Open the ticket"), "open"),
    Key("KeyU", ("U",), _("Back to the list"), "back"),
    Key("KeyX", ("X",), _("Choose the ticket for a bulk action"), "choose"),
    Key("Shift+KeyX", ("Shift X",), _("Choose all up to this ticket"), "choose_to"),
    Key("Slash", ("/",), _("Search"), "search"),
    Key("Control+KeyK", ("Ctrl K",), _("Find tickets, people, actions"), "palette", True),
    Key("KeyG KeyD", ("G", "D"), _("Go to the service desk"), "desk"),
    Key("KeyG KeyL", ("G", "L"), _("Go to the list of tickets"), "register"),
    Key("KeyG KeyW", ("G", "W"), _("Go to my waiting tickets"), "waiting"),
    Key("Shift+Slash", ("?",), _("All keys"), "keys"),
    Key("Escape", ("Esc",), _("Close the window; a draft stays"), "close", True),
)
TICKET = (
    Key("KeyA", ("A",), _("I will answer")),
    Key("KeyR", ("R",), _("Reply")),
    Key("KeyC", ("C",), _("Comment")),
    Key("KeyH", ("H",), _("Hidden comment")),
    Key("KeyB", ("B",), _("Between the lines")),
    Key("KeyS", ("S",), _("Resolve")),
    Key("KeyE", ("E",), _("Escalate")),
    Key("KeyP", ("P",), _("Enter the project")),
    Key("KeyV", ("V",), _("Status")),
    Key("KeyT", ("T",), _("Needs clarification until…")),
    Key("KeyF", ("F",), _("Take over")),
    Key("KeyW", ("W",), _("Assign…")),
    Key("KeyM", ("M",), _("Merge with…")),
    Key("KeyL", ("L",), _("Link with…")),
    Key("KeyI", ("I",), _("Add to incident…")),
    Key("KeyY", ("Y",), _("Tags…")),
    Key("KeyO", ("O",), _("Hand over to the other line")),
    Key("KeyZ", ("Z",), _("Notes for support")),
    Key("KeyN", ("N",), _("Add an agent, in the inbox")),
    Key("KeyD", ("D",), _("Close the ticket, in the inbox")),
    Key("Control+KeyZ", ("Ctrl Z",), _("Take back what is about to be sent or closed"), "undo"),
    Key("Control+Enter", ("Ctrl ⏎",), pgettext_lazy("key", "Send"), "send", True),
)
KEYS = (*LIST, *TICKET)


@register.inclusion_tag("agent/everywhere.html")
def agent_windows() -> dict[str, Any]:
    """What every page for staff has at its end: the keys, the palette, and an empty window."""
    return {"tables": [{"name": _("List"), "keys": LIST}, {"name": _("Ticket"), "keys": TICKET}]}
