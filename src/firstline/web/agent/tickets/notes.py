"""Notes for support: the box in the ticket's side, and how the notes have been before."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.ids import read_number
from firstline.people.roles import Permission
from firstline.tickets import access, notes
from firstline.tickets.actions.notes import NotesChanged, write_notes
from firstline.web.agent.tickets.show import TicketPage


class Notes(TicketPage):
    """GET: all versions, the newest first. POST: save; what collides with a colleague's is shown."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.INTERNAL_VIEW)
        below = read_number(request.GET.get("below"))
        context = {"ticket": ticket, "versions": notes.versions(self.actor, ticket, below)}
        name = "notes_versions" if self.is_htmx else "notes_page"
        return self.answer(f"agent/tickets/{name}.html", context | {"section": "desk"})

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        text = request.POST.get("text", "")
        if request.POST.get("keep") == "theirs":
            return self._saved(number, _("Your colleague's notes stay."))
        based_on = read_number(request.POST.get("based_on")) or 0
        if request.POST.get("keep") == "both":
            text = self._both(ticket, based_on, text)
        try:
            write_notes(self.actor, ticket, text, based_on=based_on, via="web")
        except NotesChanged as conflict:
            extra = {"notes_theirs": conflict.theirs, "notes_text": text}
            return self._box(number, extra, 409)
        except ValidationError as problem:
            extra = {"notes_problem": problem.messages[0], "notes_text": text}
            return self._box(number, extra | {"notes_based_on": based_on}, 422)
        return self._saved(number, _("The notes are saved."))

    def _both(self, ticket: Any, based_on: int, mine: str) -> str:
        """Their text, an empty line, mine; mine alone where theirs is not what the reader saw."""
        theirs = notes.current(self.actor, ticket)
        if theirs is None or theirs.number != based_on or not theirs.text:
            return mine
        return f"{theirs.text}\n\n{mine}"

    def _saved(self, number: str, done: str) -> HttpResponse:
        if self.is_htmx:
            return self._box(number, {"notes_done": done}, 200)
        messages.success(self.request, done, extra_tags=f"notes-{number}")
        return redirect("agent:ticket", number)

    def _box(self, number: str, extra: dict[str, Any], status: int) -> HttpResponse:
        """The box alone for htmx, the whole desk with it otherwise."""
        if not self.is_htmx:
            return self.show(number, status=status, extra=extra)
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        context = {"ticket": ticket, "notes": notes.current(self.actor, ticket)} | extra
        return self.answer("agent/tickets/notes.html", context, status=status)
