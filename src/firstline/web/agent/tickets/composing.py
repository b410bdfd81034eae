"""What the forms below a ticket begin with: drafts, what waits to leave, what came meanwhile."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone

from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, newer
from firstline.tickets.actions import drafts, pending
from firstline.tickets.actions.resolve import end_of
from firstline.web.agent.tickets import copying
from firstline.web.agent.tickets.copying import Copies
from firstline.web.ui.saying import Problem

if TYPE_CHECKING:
    from firstline.tickets.models import KeptDraft, Message, PendingMessage, Ticket

OVERTAKEN = ("customer-wrote", "colleague-answered")


@dataclass(slots=True)
class Form:
    """One place to type in, as it is shown: `composer`, or the window `comment` or `resolve`."""

    mode: str
    text: str = ""
    kept_at: str = ""
    was_hidden: bool = False  # typed as hidden: asked about before it may be sent to the customer
    asks: bool = False
    problems: Sequence[Problem] = ()
    since: int | None = None  # not sent, because somebody wrote after this message
    came: "list[Message]" = field(default_factory=list)
    is_open: bool = False
    copies: Copies = field(default_factory=Copies)
    elsewhere: "KeptDraft | None" = None  # what was typed in another window meanwhile

    @property
    def asked_about(self) -> str:
        """What sending again confirms as public: this text and no other."""
        return fingerprint(self.text) if self.asks else ""


def fingerprint(text: str) -> str:
    """Which text it is, the same before and after a browser's form."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def context(actor: Actor, page: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """What the composer and its windows show, beside the `page` of the ticket; two queries.

    The page may bring `said`, a form that was just refused, and `opened`, a window to begin with.
    """
    ticket, said = page["ticket"], page.get("said")
    rows = pending.pending_for(actor, ticket)
    waiting = [row for row in rows if row.state == "waiting"]
    unsent = [row for row in rows if row.state != "waiting"]
    rights = _rights(actor, ticket)
    messages = [entry.message for entry in page["entries"] if entry.message]
    offered = copying.offered(ticket, messages) if rights["may_reply"] else Copies()
    forms = _forms(actor, ticket, rights["may_reply"], offered)
    if said is not None:
        said.copies = copying.typed_again(request, offered)
        forms[drafts.PLACE_OF[said.mode]] = said
    else:
        _tell_unsent(forms, unsent)
    opened = page.get("opened") or request.GET.get("window", "")
    if opened in forms:
        forms[opened].is_open = True
    for form in forms.values():
        form.came = newer.after(actor, messages, form.since) if form.since is not None else []
    came = [message.pk for form in forms.values() for message in form.came]
    now = timezone.now()
    left_behind = page.get("left_behind")
    for row in [*waiting, *([left_behind] if left_behind else [])]:
        row.seconds = max(int((row.due_at - now).total_seconds() + 0.99), 0)
    return {
        "saying": forms,
        "pending": waiting,
        "unsent": unsent,
        "came_first": min(came, default=None),
        "resolves_to": end_of(page["moves"]),
        **rights,
    }


def _rights(actor: Actor, ticket: "Ticket") -> dict[str, bool]:
    """Which of the ways to say something are offered; the verbs check for themselves."""
    open_here = not ticket.is_closed and access.is_custodian(actor, ticket)
    return {
        "may_reply": open_here and actor.may(Permission.TICKET_REPLY),
        "may_comment": open_here and actor.may(Permission.TICKET_COMMENT),
        "may_resolve": open_here
        and ticket.phase != "resolved"
        and actor.may(Permission.TICKET_RESOLVE),
    }


def _forms(actor: Actor, ticket: "Ticket", may_reply: bool, offered: Copies) -> dict[str, Form]:
    forms = {
        "composer": Form("reply" if may_reply else "hidden", copies=offered),
        "comment": Form("comment", copies=offered),
        "resolve": Form("resolve", copies=offered),
    }
    for place, kept in drafts.kept_for(actor, ticket).items():
        forms[place] = Form(
            "hidden" if kept.mode == "reply" and not may_reply else kept.mode,
            kept.text,
            kept.version,
            was_hidden=kept.is_internal,
            copies=copying.chosen(offered, kept.recipients),
        )
    return forms


def _tell_unsent(forms: dict[str, Form], unsent: "Sequence[PendingMessage]") -> None:
    for row in unsent:
        form = forms[drafts.PLACE_OF[row.verb]]
        form.was_hidden = form.was_hidden or row.is_internal
        if row.problem in OVERTAKEN and form.since is None:
            form.since = row.seen
