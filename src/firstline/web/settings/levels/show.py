"""One level: made, renamed; its page has the form that retires it, too."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.languages import CODES
from firstline.people.roles import Permission
from firstline.tickets import levels
from firstline.tickets.actions.levels import NAME_LIMIT, create_level, rename_level
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of


class LevelSettings(SettingsPage):
    """What a new level and one that is there have in common: the page with the names."""

    for_staff = True
    place = "levels"

    def show(
        self,
        level: Any,
        names: dict[str, str],
        problems: Sequence[Problem] = (),
        *,
        status: int = 200,
    ) -> HttpResponse:
        """The page; `level` is None while there is none."""
        self.actor.demand(Permission.LEVEL_EDIT)
        others = [one for one in levels.all_for(self.actor) if one.is_active and one != level]
        context = {
            "level": level,
            "names": names,
            "others": others,
            "open_count": levels.open_counts(self.actor).get(level.pk, 0) if level else 0,
            "limit": NAME_LIMIT,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        return self.answer("settings/levels/show.html", context, status=status)


class New(LevelSettings):
    """GET: empty fields. POST: make the level."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(None, {})

    def post(self, request: HttpRequest) -> HttpResponse:
        names = _typed(request)
        try:
            level = once.perform(request, lambda: create_level(self.actor, names, via="web"))
        except ValidationError as problem:
            return self.show(None, names, problems_of(problem), status=422)
        if level is not None:
            text = _("The level “%(name)s” is on the desk, behind all others.")
            messages.success(request, text % {"name": level.label})
        return redirect("settings:levels")


class Show(LevelSettings):
    """GET: the level as it stands. POST: rename it."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        level = levels.get_for(self.actor, key)
        return self.show(level, level.names)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        level, names = levels.get_for(self.actor, key), _typed(request)
        try:
            rename_level(self.actor, level, names, via="web")
        except ValidationError as problem:
            return self.show(level, names, problems_of(problem), status=422)
        messages.success(request, _("Saved. All desks show the new name."))
        return redirect("settings:levels")


def _typed(request: HttpRequest) -> dict[str, str]:
    return {code: request.POST.get(f"name_{code}", "") for code in CODES}
