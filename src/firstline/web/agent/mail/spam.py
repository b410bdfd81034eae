"""Mail that is nobody's request."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail.actions.sorting import AlreadySorted, mark_spam
from firstline.web.agent.mail.show import already_sorted
from firstline.web.ui.views import AgentPage


class Create(AgentPage):
    """POST: mark an unsorted mail as spam."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            mark_spam(self.actor, pk, via="web")
        except AlreadySorted:
            return already_sorted(request, pk)
        messages.success(request, _("Marked as spam. You find it under Spam."))
        return redirect("agent:mail")
