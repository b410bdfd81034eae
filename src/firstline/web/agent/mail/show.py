"""One mail: what is known of it, why it became what it became, and how it looked."""

from django.http import HttpRequest, HttpResponse

from firstline.mail import access, trace
from firstline.web.ui.views import AgentPage


class Show(AgentPage):
    """GET: one mail."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = access.get_raw_for(self.actor, pk)
        context = {
            "section": "mail",
            "mail": mail,
            "trace": trace.sentences(mail),
            "beginning": access.beginning_of(mail),
            "is_cut": mail.size > access.BEGINNING,
        }
        return self.answer("agent/mail/show.html", context)
