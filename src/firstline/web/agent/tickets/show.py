"""One ticket beside the desk's list, or alone as the fragment that htmx asks for."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from firstline.mail.deliveries import Ways, ways_of
from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import (
    access,
    desk,
    details,
    history,
    inbox,
    lines,
    links,
    notes,
    waiting,
    workflow,
)
from firstline.tickets.actions.add_agents import agents_of
from firstline.tickets.recipients import named
from firstline.web.agent import waiting as waiting_list
from firstline.web.agent.desk import DeskPage, whose_of
from firstline.web.agent.inbox import where
from firstline.web.agent.tickets import composing
from firstline.web.ui import once

ASKED = 500  # addresses of a ticket, the latest first


class TicketPage(DeskPage):
    """What every answer about a ticket has in common: the ticket as it is now, in its pane."""

    def show(
        self, number: str, *, status: int = 200, extra: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The ticket's pane for htmx, the whole desk with it otherwise."""
        context = self.ticket_context(number) | (extra or {})
        context |= composing.context(self.actor, context, self.request)
        if self.is_htmx:
            # a form is answered in place: the address stays the ticket's, so that a reload works
            place = {"HX-Replace-Url": reverse("agent:ticket", args=[number])}
            headers = place if self.request.method == "POST" else {}
            return self.answer("agent/tickets/ticket.html", context, status=status, headers=headers)
        context |= self.list_context()
        return self.answer("agent/desk/desk.html", context, status=status)

    def following(self, ticket: Any) -> str:
        """The number of the ticket that comes up once this one is finished; ask before it is."""
        place = where.where_of(self.request)
        if place is not None:
            with suppress(NotFound):  # theirs no more
                box = inbox.open_box(self.actor, place.department, place.tab)
                return inbox.following(self.actor, ticket, box)
        if name := waiting_list.list_of(self.request):
            return waiting.following(self.actor, ticket, name)
        return desk.following(self.actor, ticket, whose_of(self.request))

    def shown_after(self, number: str, done: str, following: str = "") -> HttpResponse:
        """After a verb: the ticket with what was done; where the actor sees it no more, the next one.

        Where nothing waits either, the desk with no ticket chosen.
        """
        if access.visible_to(self.actor).filter(number=number).exists():
            if self.is_htmx:
                return self.show(number, extra={"done": done})
            messages.success(self.request, done)
            return redirect("agent:ticket", number)
        if following:
            return self.go_on(number, following, done)
        if not self.is_htmx:
            messages.success(self.request, f"{number}: {done}", extra_tags=f"ticket-{number}")
            return redirect(self.back)
        context = {"done": f"{number}: {done}", "finished": number}
        return self.answer("agent/tickets/gone.html", context, headers={"HX-Push-Url": self.back})

    def go_on(self, number: str, following: str, done: str, **more: Any) -> HttpResponse:
        """After `number` is finished: the next ticket of the list, saying which one was finished.

        Where nothing waits any more, the finished one.
        """
        if not self.is_htmx:
            messages.success(self.request, f"{number}: {done}", extra_tags=f"ticket-{number}")
            return redirect("agent:ticket", following or number)
        extra = {"done": f"{number}: {done}", "finished": number} | more
        response = self.show(following or number, extra=extra)
        if following:  # so that “back” leads to the finished one
            del response.headers["HX-Replace-Url"]
            response.headers["HX-Push-Url"] = reverse("agent:ticket", args=[following])
        return response

    def ticket_context(self, number: str) -> dict[str, Any]:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        entries = history.timeline(self.actor, ticket)
        said = [entry.message for entry in entries if entry.message]
        ways = _ways(ticket, said)
        moves = workflow.moves_to_offer(ticket)
        is_custodian = access.is_custodian(self.actor, ticket)
        return {
            "ticket": ticket,
            "back": self.back,
            **_of_mailbox(ticket, moves),
            "is_custodian": is_custodian,
            "lines": lines.lines_of(self.actor, ticket),
            "again": lambda: lines.answers_again(ticket),  # asked by the window alone
            "entries": entries,
            "notes": notes.current(self.actor, ticket),
            "details": details.lines(ticket),
            "links": links.of(self.actor, ticket),
            "deliveries": ways.by_message,
            "suppressed": ways.stopped,
            "moves": moves,
            "last_said": _last(said),
            "last_message": said[-1].pk if said else None,
            "follows_number": ticket.follows.number if ticket.follows else "",
            "submission": once.fresh_key(),
        }


def _ways(ticket: Any, said: list[Any]) -> Ways:
    """What became of our mails here, and where nothing is sent of all whom an answer could go to.

    Where nothing was sent, an inbox asks nothing: whoever wrote to it by mail gets mail again.
    """
    sent = [message.pk for message in said if message.direction == "out"]
    if not sent and ticket.status.workflow.key == inbox.WORKFLOW:
        return Ways()
    addresses = [ticket.requester.email] if ticket.requester else []
    for message in reversed(said):
        addresses += [address for _name, address in named(message.recipients, "to", "cc", "bcc")]
        if message.direction == "in" and message.author:
            addresses.append(message.author.email)
    return ways_of(sent, list(dict.fromkeys(addresses))[:ASKED])


def _of_mailbox(ticket: Any, moves: list[Any]) -> dict[str, Any]:
    """What the mailbox workflow adds to a ticket: its agents, and closing by one press (cap 153-156)."""
    if ticket.status.workflow.key != inbox.WORKFLOW:
        return {}
    end = next((status.key for status in moves if status.phase == "closed"), "")
    return {"of_mailbox": True, "agents": agents_of(ticket), "closes_to": end}


def _last(said: list[Any]) -> Any:
    """The last message between the customer and us."""
    public = (one for one in reversed(said) if one.visibility == "public" and not one.is_foreign)
    return next(public, None)


class Show(TicketPage):
    """GET: one ticket."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.remember(self.show(number))
