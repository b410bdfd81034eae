"""One partner: its terms, and who works there."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people import partners
from firstline.people.roles import Permission
from firstline.tickets.actions.partners import ReasonNeeded, Terms, change_partner
from firstline.tickets.partners import COUNT_LIMIT, held_by, staff_of
from firstline.web.settings.page import SettingsPage
from firstline.web.settings.partners.index import terms_of
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of


class Show(SettingsPage):
    """GET: the form as it stands. POST: change the terms; a line that ends asks for a reason first."""

    for_staff = True
    place = "partners"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        partner = partners.get_for(self.actor, pk, Permission.PARTNER_EDIT)
        typed, reason = terms_of(request), request.POST.get("reason", "")
        try:
            once.perform(
                request,
                lambda: change_partner(self.actor, partner, typed, reason=reason, via="web"),
            )
        except ReasonNeeded as asked:
            problems = problems_of(asked) if "reason" in request.POST else []
            return self.show(pk, problems, typed, asks=True, status=422)
        except ValidationError as problem:
            return self.show(pk, problems_of(problem), typed, asks=bool(reason), status=422)
        messages.success(request, _("Saved."))
        return redirect("settings:partner", pk)

    def show(
        self,
        pk: int,
        problems: Sequence[Problem] = (),
        typed: Terms | None = None,
        *,
        asks: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """The page; with `problems` it holds what was typed. `asks` why the line ends."""
        partner = partners.get_for(self.actor, pk, Permission.PARTNER_EDIT)
        held = held_by(partner) if partner.own_first_line else 0
        context: dict[str, Any] = {
            "partner": partner,
            "terms": typed or partner,
            "held": held,
            "held_label": f"{COUNT_LIMIT}+" if held > COUNT_LIMIT else held,
            "staff": staff_of(partner),
            "asks": asks,
            "reason": self.request.POST.get("reason", ""),
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        return self.answer("settings/partners/show.html", context, status=status)
