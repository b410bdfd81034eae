"""Somebody works here no more, or again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from firstline.people.actions import staff as people
from firstline.tickets import staff as colleagues
from firstline.tickets.actions import staff
from firstline.web.settings.staff.show import MemberPage
from firstline.web.ui.saying import problems_of


class Create(MemberPage):
    """POST: deactivate; the open tickets go to `tickets_to`, a colleague or nobody."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = colleagues.get_for(self.actor, pk).person.display_name
        heir = request.POST.get("tickets_to", "")
        try:
            bulk = staff.deactivate(self.actor, pk, heir, via="web")
        except ValidationError as problem:
            return self.show(pk, problems_of(problem), status=422)
        text = _("%(name)s is deactivated and signed out everywhere.")
        messages.success(request, text % {"name": name})
        if bulk is None:
            return redirect("settings:staff")
        page = reverse("agent:bulk_progress", args=[bulk.pk])
        return redirect(f"{page}?{urlencode({'back': reverse('settings:staff')})}")


class Undo(MemberPage):
    """POST: bring somebody back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = colleagues.get_for(self.actor, pk).person.display_name
        people.restore(self.actor, pk, via="web")
        text = _("%(name)s can sign in and work again. The tickets stay where they went.")
        messages.success(request, text % {"name": name})
        return redirect("settings:member", pk)
