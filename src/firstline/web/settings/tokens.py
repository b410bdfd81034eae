"""API tokens: one's own, made and revoked; administrators see and revoke everybody's."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.ids import read_number
from firstline.people import tokens
from firstline.people.actions.tokens import ALL, LONGEST_NAME, MOST_DAYS, create_own, revoke
from firstline.people.roles import Permission
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of

READING = {
    Permission.ALERT_VIEW,
    Permission.CUSTOMER_VIEW,
    Permission.INTERNAL_VIEW,
    Permission.PARTNERS_VIEW,
    Permission.RECORD_VIEW_ALL,
    Permission.TICKET_VIEW,
}
DAYS = ("30", "90", "365", "")  # the last one: for ever


class Index(SettingsPage):
    """GET: one's own tokens, with their last use, and the form of another. POST: make one."""

    place = "tokens"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.API_TOKENS)
        try:
            made = once.perform(request, self._make)
        except ValidationError as problem:
            return self.show(problems_of(problem), status=422)
        if made is None:
            messages.info(request, _("The token was created already. It is not shown again."))
            return redirect("settings:tokens")
        return self.show(secret=made[1])

    def show(
        self, problems: Sequence[Problem] = (), *, secret: str = "", status: int = 200
    ) -> HttpResponse:
        """The page; `secret` is the token just made, shown this once."""
        posted = self.request.POST if not secret else QueryDict()
        context: dict[str, Any] = {
            "rows": tokens.own(self.actor),
            "may_make": self.actor.may(Permission.API_TOKENS),
            "secret": secret,
            "typed": posted,
            "permissions": sorted(self.actor.permissions),
            "chosen": posted.getlist("scope"),
            "days": posted.get("days", "90"),
            "limit": LONGEST_NAME,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        private = {"Cache-Control": "private, no-store"}
        page = "settings/tokens/index.html"
        return self.answer(page, context, status=status, headers=private)

    def _make(self) -> Any:
        posted = self.request.POST
        kinds = {"all": [ALL], "reading": self.actor.permissions & READING}
        scopes = kinds.get(posted.get("may", ""), ())
        if posted.get("may") == "some":
            scopes = posted.getlist("scope")
        typed = posted.get("days", "")
        days = read_number(typed, most=MOST_DAYS) if typed in DAYS else 0
        name = posted.get("name", "")
        return create_own(self.actor, scopes, name, days=days if typed else None, via="web")


class Everybody(SettingsPage):
    """GET: the tokens of all people, a page of them."""

    for_staff = True
    place = "all_tokens"

    def get(self, request: HttpRequest) -> HttpResponse:
        after = read_number(request.GET.get("after")) or 0
        page = tokens.page(self.actor, after=after)
        return self.answer("settings/tokens/everybody.html", {"page": page, "after": after})


class Revoke(SettingsPage):
    """POST: end a token at once; back to the list it was pressed in."""

    place = "tokens"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = revoke(self.actor, pk, via="web")
        text = _("The token “%(name)s” is revoked: from now on it opens nothing.")
        messages.success(request, text % {"name": token.name or f"№ {token.pk}"})
        everybody = request.POST.get("list") == "everybody"
        return redirect("settings:all_tokens" if everybody else "settings:tokens")
