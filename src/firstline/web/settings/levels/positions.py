"""The order of the levels on the desk."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from firstline.base.ids import read_number
from firstline.tickets import levels
from firstline.tickets.actions.levels import place_level
from firstline.web.settings.levels.show import LevelSettings
from firstline.web.ui.saying import problems_of


class Create(LevelSettings):
    """POST: let the level stand at `place`, counted from 1 behind the first level."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        level, typed = levels.get_for(self.actor, key), request.POST.get("place", "")
        place = read_number(typed) or 1
        try:
            place_level(self.actor, level, place, via="web")
        except ValidationError as problem:
            return self.show(level, level.names, problems_of(problem), status=422)
        return redirect(f"{reverse('settings:levels')}#{key}")
