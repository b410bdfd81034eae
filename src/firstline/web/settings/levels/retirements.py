"""Levels that go out of use, with their tickets going to another one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.access import NotFound
from firstline.tickets import levels
from firstline.tickets.actions.levels import restore_level, retire_level
from firstline.web.settings.levels.show import LevelSettings
from firstline.web.settings.words import went_to
from firstline.web.ui.saying import problems_of


class Create(LevelSettings):
    """POST: retire the level; its open tickets go to the level `target`."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        level, chosen = levels.get_for(self.actor, key), request.POST.get("target", "")
        try:
            target = levels.get_for(self.actor, chosen) if chosen else None
        except NotFound:
            target = level  # refused below, in words
        try:
            moved = retire_level(self.actor, level, target, via="web")
        except ValidationError as problem:
            return self.show(level, level.names, problems_of(problem), status=422)
        done = _("The level “%(name)s” is retired.") % {"name": level.label}
        if moved and target:
            done = f"{done} {went_to(moved, target.label)}"
        messages.success(request, done)
        return redirect("settings:levels")


class Undo(LevelSettings):
    """POST: take the level into use again."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        level = restore_level(self.actor, levels.get_for(self.actor, key), via="web")
        text = _("The level “%(name)s” is in use again, behind all others.")
        messages.success(request, text % {"name": level.label})
        return redirect("settings:levels")
