"""All partners, and a form for one more."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.ids import read_id, read_number
from firstline.people import partners
from firstline.people.roles import Permission
from firstline.tickets.actions.partners import Terms, add_partner
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of


class Index(SettingsPage):
    """GET: a page of partners. POST: add one."""

    for_staff = True
    place = "partners"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = terms_of(request)
        try:
            made = once.perform(request, lambda: add_partner(self.actor, typed, via="web"))
        except ValidationError as problem:
            return self.show(problems_of(problem), typed, status=422)
        messages.success(request, _("The partner is there."))
        return redirect("settings:partner", made.pk) if made else redirect("settings:partners")

    def show(
        self, problems: Sequence[Problem] = (), typed: Terms | None = None, status: int = 200
    ) -> HttpResponse:
        """The page; with `problems` it holds what was typed."""
        start = read_id(self.request.GET.get("after")) or 0
        found, following = partners.page(self.actor, Permission.PARTNER_EDIT, start)
        context = {
            "partners": found,
            "next": following,
            "after": start,
            "terms": typed or Terms(""),
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        return self.answer("settings/partners/index.html", context, status=status)


def terms_of(request: HttpRequest) -> Terms:
    """What was typed; minutes that are no number are none."""
    minutes = request.POST.get("silent_after_minutes", "").strip()
    return Terms(
        name=request.POST.get("name", ""),
        own_first_line="own_first_line" in request.POST,
        silent_after_minutes=read_number(minutes) or 0,
    )
