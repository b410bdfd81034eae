"""What replies, comments, hidden comments and resolutions have in common: a text with files."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.base.ids import read_id
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions import drafts, pending
from firstline.tickets.actions.claim import Closed
from firstline.tickets.messages import Draft
from firstline.tickets.newer import NewerMessage
from firstline.tickets.workflow import MoveRefused
from firstline.web.agent.tickets import copying
from firstline.web.agent.tickets.composing import Form, fingerprint
from firstline.web.agent.tickets.drafts import basis_of
from firstline.web.agent.tickets.show import TicketPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, draft_of, problems_of
from firstline.web.ui.words import closed_ticket, other_line, refused_move

if TYPE_CHECKING:
    from firstline.tickets.models import KeptDraft


class Say(TicketPage):
    """POST: say something on a ticket. A refusal shows the page again with everything typed.

    `modes`: the choices of the forms that lead here. What is public (`put_off`: the verb's name) can
    be taken back for some seconds, and is not sent over what somebody else wrote meanwhile.
    """

    modes: ClassVar[tuple[str, ...]]
    verb: ClassVar[Callable[..., Any]]
    put_off: ClassVar[str] = ""
    finishes: ClassVar[bool] = False  # then the next ticket comes up
    done: ClassVar[Any]

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        following = self.following(ticket) if self.finishes and self.is_htmx else ""
        self.mode = request.POST.get("mode", self.modes[0])
        if self.mode not in self.modes:
            return self._again(number, 409, problems=[Problem("text", _chosen_otherwise())])
        if self.put_off and self._must_ask(ticket):
            return self._again(number, 409, asks=True)
        try:
            draft = draft_of(request)
            if self.put_off:
                draft = replace(draft, recipients=copying.read(request))
            said = once.perform(request, lambda: self._say(ticket, draft))
        except ValidationError as problem:
            return self._again(number, 422, problems=problems_of(problem))
        except Closed:
            return self._again(number, 409, problems=[Problem("text", closed_ticket())])
        except MoveRefused as refusal:
            return self._again(number, 409, problems=[Problem("text", refused_move(refusal))])
        except access.OtherLine:
            self.mode = "hidden"  # the only place left where the text may stand
            return self._again(number, 409, problems=[Problem("text", other_line())])
        except NewerMessage:
            return self._again(number, 409, since=self._seen())
        return self._done(number, said, following)

    def _must_ask(self, ticket: Any) -> bool:
        """Whether the text was typed as hidden, and nobody has said yet that just this one is public."""
        text = self.request.POST.get("text", "")
        confirmed = self.request.POST.get("public", "")
        return confirmed != fingerprint(text) and self._was_hidden(ticket)

    def _was_hidden(self, ticket: Any) -> bool:
        """By the form, or by the draft: a page that was opened earlier does not know of the mark."""
        if self.mode in drafts.NOT_PUBLIC or self.request.POST.get("was_hidden"):
            return True
        return drafts.is_internal(self.actor, ticket, self.mode)

    def _say(self, ticket: Any, draft: Draft) -> Any:
        verb = type(self).verb
        more: dict[str, Any] = {"seen": self._seen()} if self.put_off else {}
        if self.put_off and settings.UNDO_SECONDS:
            more |= {"verb": self.put_off, "is_internal": self._was_hidden(ticket)}
            verb = pending.put_off
        said = verb(self.actor, ticket, draft=draft, via="web", **more)
        basis = basis_of(self.request, self.mode)
        pending.accepted(self.actor, ticket, self.mode, draft.text, basis)
        return said

    def _seen(self) -> int | None:
        """The newest message on the page that the form came from; None where it does not say."""
        return read_id(self.request.POST.get("seen"))

    def _done(self, number: str, said: Any, following: str) -> HttpResponse:
        done = self.done
        if self.put_off and (seconds := settings.UNDO_SECONDS):
            done = ngettext(
                "It leaves in %(number)d second; until then you can take it back.",
                "It leaves in %(number)d seconds; until then you can take it back.",
                seconds,
            ) % {"number": seconds}
        if self.is_htmx and self.finishes:
            waits = {"left_behind": said} if following and settings.UNDO_SECONDS else {}
            return self.go_on(number, following, done, **waits)
        if self.is_htmx:  # what waits to leave says so itself
            is_told = self.put_off and settings.UNDO_SECONDS
            return self.show(number, extra={} if is_told else {"done": done})
        place = drafts.PLACE_OF[self.mode]
        key = f"ticket-{number}" if place == "composer" else f"ticket-{number}-{place}"
        messages.success(self.request, done, extra_tags=key)
        return redirect("agent:ticket", number)

    def _again(
        self,
        number: str,
        status: int,
        *,
        problems: list[Problem] | None = None,
        since: int | None = None,
        asks: bool = False,
    ) -> HttpResponse:
        """The page with all that was typed, which is kept as a draft, too."""
        mode = self.mode if self.mode in drafts.PLACE_OF else self.modes[0]
        place = drafts.PLACE_OF[mode]
        text = self.request.POST.get("text", "")
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        version, is_internal, elsewhere = self._keep(ticket, mode, text)
        was_hidden = bool(self.request.POST.get("was_hidden")) or mode in drafts.NOT_PUBLIC
        here = [Problem(_id(place, one.field), one.text) for one in problems or []]
        form = Form(
            mode,
            text,
            version,
            was_hidden=was_hidden or is_internal,
            asks=asks,
            problems=here,
            since=since,
            is_open=True,
            elsewhere=elsewhere,
        )
        return self.show(number, status=status, extra={"said": form, "problems": here})

    def _keep(self, ticket: Any, mode: str, text: str) -> tuple[str, bool, "KeptDraft | None"]:
        """The draft's version, whether it is internal, and what was typed elsewhere meanwhile.

        That stays as it is, and the version is the form's until its author decides between the two.
        """
        marked = bool(self.request.POST.get("was_hidden"))
        basis = basis_of(self.request, mode)
        try:
            kept = drafts.keep(self.actor, ticket, mode, text, is_internal=marked, basis=basis)
        except drafts.ChangedElsewhere as changed:
            return basis.version if basis else "", changed.kept.is_internal, changed.kept
        return (kept.version, kept.is_internal, None) if kept else ("", False, None)


def _id(place: str, name: str) -> str:
    """The id of a field; those of the composer are the page's first, and have no place in theirs."""
    return name if place == "composer" else f"{place}-{name}"


def _chosen_otherwise() -> str:
    """A hidden text must never leave by a public door, whatever a browser or script made of the form."""
    return _(
        "What was chosen and what was pressed differ, so nothing was sent. Press the button again."
    )
