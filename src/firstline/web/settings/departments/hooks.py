"""Web hooks of a department: what mail providers may hand over, and by which address."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail import hooks
from firstline.mail.actions.hooks import KEY_LIMIT, make_hook, remove_hook
from firstline.tickets import departments
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of


class Hooks(SettingsPage):
    """GET: those that are there. POST: make one, or replace the address of the one there is."""

    for_staff = True
    place = "departments"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        provider = request.POST.get("provider", "")
        key = request.POST.get("signing_key", "")
        try:
            made = once.perform(
                request, lambda: make_hook(self.actor, department, provider, key, via="web")
            )
        except ValidationError as problem:
            return self.show(pk, problems_of(problem), status=422)
        if made is None:
            messages.info(request, _("The hook was made already. Its address is not shown again."))
            return redirect("settings:department_hooks", pk)
        hook, secret = made
        return self.show(pk, address=hooks.address_of(hook.provider, secret))

    def show(
        self, pk: int, problems: Sequence[Problem] = (), *, address: str = "", status: int = 200
    ) -> HttpResponse:
        """The page; `address` is shown this once."""
        department = departments.get_for(self.actor, pk)
        found = hooks.hooks_for(self.actor, department)
        context: dict[str, Any] = {
            "department": department,
            "rows": [(hook, hooks.PROVIDERS.get(hook.provider, "")) for hook in found],
            "providers": hooks.PROVIDERS.items(),
            "chosen": self.request.POST.get("provider", ""),
            "address": address,
            "limit": KEY_LIMIT,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        private = {"Cache-Control": "private, no-store"}
        page = "settings/departments/hooks.html"
        return self.answer(page, context, status=status, headers=private)


class Remove(SettingsPage):
    """POST: close the door."""

    for_staff = True

    def post(self, request: HttpRequest, pk: int, hook: int) -> HttpResponse:
        row = hooks.get_for(self.actor, departments.get_for(self.actor, pk), hook)
        remove_hook(self.actor, row, via="web")
        messages.success(request, _("The hook is gone: nothing is taken by its address any more."))
        return redirect("settings:department_hooks", pk)
