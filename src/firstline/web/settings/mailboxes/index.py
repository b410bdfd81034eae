"""All mailboxes and how they fare."""

from django.http import HttpRequest, HttpResponse

from firstline.mail import mailboxes
from firstline.web.settings.page import SettingsPage


class Index(SettingsPage):
    """GET: the mailboxes, each with when it was read, or since when and why it can't be."""

    for_staff = True
    place = "mailboxes"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = mailboxes.all_for(self.actor)
        rows = [(one, mailboxes.folders_of(one), mailboxes.state_of(one)) for one in found]
        return self.answer("settings/mailboxes/index.html", {"rows": rows})
