"""Trying the failed projects of a broadcast again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.tickets.actions import broadcast
from firstline.web.agent.alerts.broadcasts import progress_context
from firstline.web.ui.views import AgentPage


class Create(AgentPage):
    """POST: try them again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        broadcast.retry(self.actor, pk)
        if self.is_htmx:
            return self.answer("agent/alerts/progress.html", progress_context(self.actor, pk))
        messages.success(request, _("The projects that failed are being tried again."))
        return redirect("agent:alert_broadcast", pk)
