"""One alert: whom it reached, who opened it and who acknowledged it (product 11.9)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from firstline.mail import receipts
from firstline.tickets import alerts
from firstline.web.ui.views import AgentPage


class Show(AgentPage):
    """GET: the receipts of each person."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = alerts.get_for(self.actor, number)
        context = {
            "section": "alerts",
            "ticket": ticket,
            "receipts": receipts.receipts_of([ticket])[ticket.pk],
            "counts": receipts.counts_of([ticket])[ticket.pk],
            "now": timezone.now(),
        }
        return self.answer("agent/alerts/show.html", context)
