"""The list of mails that became nothing."""

from django.http import HttpRequest, HttpResponse

from firstline.mail import access, trace
from firstline.web.ui.views import AgentPage


class Index(AgentPage):
    """GET: a page of them, the newest first, each with the reason; `list=spam`: those marked so."""

    def get(self, request: HttpRequest) -> HttpResponse:
        after = request.GET.get("after")
        size = self.actor.person.page_size if self.actor.person else 25
        spam = request.GET.get("list") == "spam"
        page = access.not_understood_for(self.actor, after=after, size=size, spam=spam)
        context = {
            "is_spam": spam,
            "section": "mail",
            "rows": [(mail, trace.sentences(mail)[-1]) for mail in page.mails],
            "after": after,
            "next": page.next,
        }
        return self.answer("agent/mail/index.html", context)
