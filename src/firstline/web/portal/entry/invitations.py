"""The page behind the link of an invitation: choose a password, and be in."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from firstline.people.access import NotFound
from firstline.people.actions import invitations
from firstline.web.portal.entry.open_page import OpenPage
from firstline.web.portal.entry.passwords import chosen, wrong_of, zone_of
from firstline.web.ui.saying import Problem


class Accept(OpenPage):
    """GET: who invites, and the form. POST: set the password, confirm the address, sign in.

    A key that is used, too old, withdrawn, cut or made up gets one and the same answer (C34).
    """

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.show(key, [])

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        invitation = invitations.with_key(key)
        if invitation is None:
            return self.gone()
        password, problems = chosen(request, invitation.person)
        if problems:
            return self.show(key, problems, status=422)
        try:
            person = invitations.accept(key, password, zone=zone_of(request), via="web")
        except NotFound:  # used at the same moment elsewhere
            return self.gone()
        response: HttpResponse = perform_login(request, person, redirect_url="/")
        return response

    def show(self, key: str, problems: list[Problem], *, status: int = 200) -> HttpResponse:
        """The form, with what is wrong; or why there is none."""
        invitation = invitations.with_key(key)
        if invitation is None:
            return self.gone()
        context = {
            "invitation": invitation,
            "person": invitation.person,
            "problems": problems,
            "wrong": wrong_of(problems),
        }
        return self.answer("portal/entry/invitation.html", context, status=status)

    def gone(self) -> HttpResponse:
        """The answer to every key that opens nothing."""
        return self.answer("portal/entry/no_invitation.html", {}, status=404)
