"""The base of pages that everybody may open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from firstline.people.access import Actor


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
class OpenPage(View):
    """A page for strangers; `actor` is None for them."""

    actor: Actor | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = request.actor  # type: ignore[attr-defined]  # set by web.ui.reader
        return super().dispatch(request, *args, **kwargs)

    def answer(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render a template for this request."""
        return render(self.request, template, context, status=status)
