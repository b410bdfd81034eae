"""Inviting customers: the form, and the invitations that wait for an answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firstline.people import customers
from firstline.people.actions import invitations
from firstline.people.roles import Permission
from firstline.web.agent.customers import companies
from firstline.web.agent.customers.page import CustomersPage
from firstline.web.ui import once
from firstline.web.ui.saying import problems_of


class Index(CustomersPage):
    """GET: the form and the open invitations. POST: invite somebody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = {name: request.GET.get(name, "") for name in ("email", "name")}
        return self.show(typed | {"language": translation.get_language() or ""})

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.CUSTOMER_INVITE)
        try:
            made = once.perform(request, self._invite)
        except companies.Unclear as problem:
            return self.show(request.POST, problem, offered=problem.offered)
        except ValidationError as problem:
            return self.show(request.POST, problem)
        if made is None:
            messages.info(request, _("This had been sent already, so it was not sent again."))
        else:
            sent = _("The invitation goes to %(address)s. It works for seven days.")
            messages.success(request, sent % {"address": made.email})
        return redirect("agent:customer_invitations")

    def show(
        self,
        typed: Any,
        problem: ValidationError | None = None,
        offered: Any = None,
    ) -> HttpResponse:
        """The page, with what was typed and what is wrong with it."""
        problems = problems_of(problem) if problem else []
        after = self.request.GET.get("after")
        context = self.frame("invitations") | {
            "page": customers.invitations_for(self.actor, after=after, size=self.size),
            "after": after,
            "typed": typed,
            "problems": problems,
            "wrong": {one.field: one.text for one in problems},
            "offered": customers.find_companies(self.actor, ""),
            "found": offered,
            "now": timezone.now(),
            "submission": once.fresh_key(),
        }
        status = 422 if problem else 200
        return self.answer("agent/customers/invitations.html", context, status=status)

    def _invite(self) -> Any:
        form = self.request.POST
        wanted = invitations.Invited(
            email=form.get("email", ""),
            name=form.get("name", ""),
            language=form.get("language", ""),
            company=companies.chosen(self.actor, self.request),
            sees_company=bool(form.get("sees_company")),
        )
        return invitations.invite(self.actor, wanted, via="web")


class Resend(CustomersPage):
    """POST: send a new link; the old one is dead."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            is_done = invitations.resend(self.actor, pk, via="web")
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("agent:customer_invitations")
        if is_done:
            text = _("A new link is on its way. The one before no longer works.")
            messages.success(request, text)
        else:
            messages.info(request, _("This invitation is over, so nothing was sent."))
        return redirect("agent:customer_invitations")


class Withdraw(CustomersPage):
    """POST: take an invitation back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if invitations.withdraw(self.actor, pk, via="web"):
            messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
        else:
            messages.info(request, _("This invitation is over already."))
        return redirect("agent:customer_invitations")
