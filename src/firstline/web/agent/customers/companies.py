"""Choosing a company: by its name, found as one types; without a script, from a list by parts of it."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.people import customers
from firstline.people.access import Actor
from firstline.web.ui.views import AgentPage

if TYPE_CHECKING:
    from firstline.people.models import Company


class Unclear(ValidationError):
    """What was typed fits no company, or several: `offered` are those to choose from."""

    def __init__(self, message: str, offered: "list[Company]") -> None:
        super().__init__({"company": [message]})
        self.offered = offered


class Names(AgentPage):
    """GET: the companies that fit what is typed, as options for the field."""

    def get(self, request: HttpRequest) -> HttpResponse:
        offered = customers.find_companies(self.actor, request.GET.get("company", ""))
        return self.answer("agent/customers/options.html", {"offered": offered})


def chosen(actor: Actor, request: HttpRequest) -> "Company | None":
    """The company in a posted form, None if none was named. Raises Unclear."""
    typed = request.POST.get("company", "").strip()
    number = read_id(request.POST.get("company_id"))
    if number is not None:
        one = customers.companies_for(actor).filter(pk=number).first()
        if one is not None:
            return one
    if not typed:
        return None
    offered = customers.find_companies(actor, typed)
    same = [one for one in offered if one.name.casefold() == typed.casefold()]
    if len(same) == 1:
        return same[0]
    if not offered:
        raise Unclear(_("No company has this in its name. Type a part of the name."), [])
    raise Unclear(_("Choose one of the companies found."), offered)
