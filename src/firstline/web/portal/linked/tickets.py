"""What who has a link may do with its ticket: read, answer, reopen and rate it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.web.portal.linked.page import LinkedPage
from firstline.web.portal.tickets import ratings, reopenings, replies
from firstline.web.ui import once
from firstline.web.ui.downloads import download


class Show(LinkedPage):
    """GET: the ticket with its conversation."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.show(number)


class Files(LinkedPage):
    """GET: one file of it."""

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
        return download(access.attachment_for(self.actor, number, pk))


class Replies(LinkedPage, replies.Create):
    """POST: answer; on a closed ticket the answer opens a new one."""


class Reopenings(LinkedPage, reopenings.Create):
    """POST: take the ticket up again."""


class Ratings(LinkedPage, ratings.Create):
    """GET: the question, with the answer of the link chosen. POST: rate. Mail scanners only ever GET."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_RATE)
        helped = request.GET.get("helped", "")
        context = {
            "ticket": ticket,
            "ticket_url": self.address_of(number),
            "helped": helped if helped in ratings.CHOICES else "",
            "is_answered": access.is_answered(ticket),
            "submission": once.fresh_key(),
        }
        return self.answer("portal/linked/rating.html", context)
