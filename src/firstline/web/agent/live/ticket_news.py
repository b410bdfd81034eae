"""What is new in the ticket that a screen shows: all of its pane but the composer."""

from django.http import HttpRequest, HttpResponse

from firstline.tickets.history import Entry
from firstline.web.agent.tickets import composing
from firstline.web.agent.tickets.show import TicketPage


class Show(TicketPage):
    """GET: `after`, the id of the last message on the screen. What came before it is left out."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        context = self.ticket_context(number)
        context |= composing.context(self.actor, context, request)
        context["entries"] = _behind(context["entries"], request.GET.get("after", ""))
        return self.answer("agent/live/news.html", context)


def _behind(entries: list[Entry], after: str) -> list[Entry]:
    """The message named `after` and all that follows it; everything if it is not there."""
    for place, entry in enumerate(entries):
        if entry.message and str(entry.message.pk) == after:
            return entries[place:]
    return entries
