"""What all pages of the settings have in common: the frame of whoever reads."""

from typing import Any

from django.http import HttpResponse

from firstline.people.roles import Permission
from firstline.web.ui.views import Page


class SettingsPage(Page):
    """A page of the settings: customers see it in their portal, staff in their workspace."""

    place = ""

    def answer(
        self,
        template: str,
        context: dict[str, Any],
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        frame = "app.html" if self.actor.is_staff else "portal.html"
        common: dict[str, Any] = {"frame": frame, "place": self.place, "section": "settings"}
        common |= {"has_tokens": self.actor.may(Permission.API_TOKENS)}
        return super().answer(template, common | context, status=status, headers=headers)
