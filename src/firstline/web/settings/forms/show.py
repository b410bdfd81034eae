"""One public form: made and changed, with the line that embeds it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.base.languages import CODES
from firstline.people import portals
from firstline.people.roles import Permission
from firstline.tickets import catalogue, forms
from firstline.tickets.actions.forms import INTRO_LIMIT, NAME_LIMIT, Shape, change_form, make_form
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import embedding, once
from firstline.web.ui.saying import Problem, problems_of


class FormSettings(SettingsPage):
    """What a new form and one that is there have in common: the page with the fields."""

    for_staff = True
    place = "forms"

    def show(
        self, form: Any, shape: Shape, problems: Sequence[Problem] = (), *, status: int = 200
    ) -> HttpResponse:
        """The page; `form` is None while there is none."""
        self.actor.demand(Permission.FORM_EDIT)
        context = {
            "form": form,
            "shape": asdict(shape),
            "page": embedding.page_of(form) if form else "",
            "line": embedding.line_of(form) if form else "",
            "departments": catalogue.departments_for(self.actor),
            "portals": [(one, portals.name_of(one)) for one in portals.all_for(self.actor)],
            "limits": {"name": NAME_LIMIT, "intro": INTRO_LIMIT},
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        return self.answer("settings/forms/show.html", context, status=status)


class New(FormSettings):
    """GET: an empty form to fill in. POST: make it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(None, Shape())

    def post(self, request: HttpRequest) -> HttpResponse:
        shape = _typed(request)
        try:
            form = once.perform(request, lambda: make_form(self.actor, shape, via="web"))
        except ValidationError as problem:
            return self.show(None, shape, problems_of(problem), status=422)
        if form is None:
            return redirect("settings:forms")
        messages.success(request, _("The form is ready: here are its link and its line."))
        return redirect("settings:form", form.pk)


class Show(FormSettings):
    """GET: the form as it stands. POST: change it; its address stays."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = forms.get_for(self.actor, pk)
        fields = Shape.__dataclass_fields__
        return self.show(form, Shape(**{name: getattr(form, name) for name in fields}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form, shape = forms.get_for(self.actor, pk), _typed(request)
        try:
            change_form(self.actor, form, shape, via="web")
        except ValidationError as problem:
            return self.show(form, shape, problems_of(problem), status=422)
        messages.success(request, _("Saved. Whoever opens the form from now on sees it so."))
        return redirect("settings:form", pk)


def _typed(request: HttpRequest) -> Shape:
    sent = request.POST
    return Shape(
        names={code: sent.get(f"name_{code}", "") for code in CODES},
        intros={code: sent.get(f"intro_{code}", "") for code in CODES},
        department_id=read_id(sent.get("department", "")),
        portal_id=read_id(sent.get("portal", "")),
        is_active="is_active" in sent,
    )
