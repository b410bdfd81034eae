"""The base of the pages behind a link: who comes, in their language, and nothing kept or told on."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from firstline.base import zones
from firstline.base.languages import CODES, known
from firstline.people.access import Forbidden, NotFound
from firstline.tickets import keys
from firstline.web.portal.tickets.show import TicketPage

# The key in the address lets its bearer in, so no cache keeps the page and no other site is told of it.
HEADERS = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}


# The key is the secret that a forged form lacks; and without a referrer browsers send no origin.
@method_decorator(csrf_exempt, name="dispatch")
class LinkedPage(TicketPage):
    """A page for who has a key, whoever is signed in; any key that opens nothing gets one answer."""

    template = "portal/linked/show.html"
    may_acknowledge = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.key = kwargs.pop("key")
        found = keys.opened_by(self.key)
        if found is None:
            return self._headed(self._gone(), translation.get_language())
        self.actor, ticket = found
        person = self.actor.person
        language = request.GET.get("language", "")
        if language not in CODES:
            language = known(person.language if person else "")
        zone = zones.zone(person.time_zone if person else "")
        with translation.override(language), timezone.override(zone):
            try:
                response = View.dispatch(self, request, ticket.number, *args, **kwargs)
            except (NotFound, Forbidden):  # something of it that is not there, or no more
                response = self._gone()
        return self._headed(response, language)

    def address_of(self, number: str) -> str:
        """The page with this key, whichever ticket is named: it opens no other."""
        return reverse("ticket_link", args=[self.key])

    def answer(self, template: str, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Render a template that knows the key."""
        return super().answer(template, {**context, "key": self.key}, **options)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """405, which Django's own answer would log with the key in the path."""
        return HttpResponseNotAllowed(["GET", "HEAD"] if hasattr(self, "get") else ["POST"])

    def _gone(self) -> HttpResponse:
        return render(self.request, "portal/linked/gone.html", {}, status=404)

    def _headed(self, response: HttpResponseBase, language: str | None) -> HttpResponseBase:
        for name, value in {**HEADERS, "Content-Language": language or ""}.items():
            response.headers[name] = value
        # Django logs refusals with their path, so with the key.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response
