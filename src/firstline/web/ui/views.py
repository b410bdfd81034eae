"""The base of all pages: who may enter, and how a page and its fragment are answered."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.views import View

from firstline.people.access import Actor, NotFound
from firstline.web.ui.refusals import ended_session


class Page(View):
    """A page for people who are signed in. `for_staff`: True, False, or None for both."""

    for_staff: ClassVar[bool | None] = None
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None:
            return self._sign_in(request)
        if self.for_staff is not None and actor.is_staff != self.for_staff:
            raise NotFound(request.path)
        self.actor = actor
        return super().dispatch(request, *args, **kwargs)

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return ended_session(request)
        address = f"{resolve_url('account_login')}?{urlencode({'next': request.get_full_path()})}"
        if self.is_htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)

    @property
    def is_htmx(self) -> bool:
        """Whether htmx asks and wants a fragment, not a page."""
        return bool(getattr(self.request, "htmx", False))

    def answer(
        self,
        template: str,
        context: dict[str, Any],
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        """Render a template for this request."""
        response = render(self.request, template, context, status=status)
        for name, value in (headers or {}).items():
            response.headers[name] = value
        return response


class AgentPage(Page):
    """A page of the agents' workspace."""

    for_staff = True


class PortalPage(Page):
    """A page of the customer's portal."""

    for_staff = False
