"""People who registered: letting them in or not, and saying whose contacts they are."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people import customers
from firstline.people.actions import registrations
from firstline.people.roles import Permission
from firstline.records import access as records
from firstline.web.agent.customers import companies
from firstline.web.agent.customers.page import CustomersPage


class Index(CustomersPage):
    """GET: who waits to be let in, and who is in without a company."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def show(
        self, wrong: int = 0, problem: companies.Unclear | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The page; `wrong` is the registration whose company was unclear."""
        after, behind = self.request.GET.get("after"), self.request.GET.get("behind")
        waiting = customers.waiting_for(self.actor, after=after, size=self.size)
        unsaid = customers.without_company_for(self.actor, after=behind, size=self.size)
        context = self.frame("registrations") | {
            "waiting": waiting,
            "unsaid": unsaid,
            "after": after,
            "behind": behind,
            "hints": self._hints([*waiting.rows, *unsaid.rows]),
            "wrong": wrong,
            "wrong_text": " ".join(problem.messages) if problem else "",
            "typed": self.request.POST.get("company", ""),
            "found": problem.offered if problem else None,
            "offered": customers.find_companies(self.actor, ""),
        }
        return self.answer("agent/customers/registrations.html", context, status=status)

    def _hints(self, rows: list[Any]) -> dict[str, Any]:
        """The companies of the contracts that were named, by the number as it was typed."""
        numbers = {row.contract_number for row in rows if row.contract_number}
        found = records.contracts_for(self.actor).filter(number__in=numbers) if numbers else ()
        return {contract.number: contract.company for contract in found}


class Decide(Index, ABC):
    """POST: decide one registration; who comes second is told so."""

    @abstractmethod
    def decide(self, request: HttpRequest, pk: int) -> bool:
        """Do it; False if somebody else has decided already. Raises Unclear, Forbidden."""

    @abstractmethod
    def done(self) -> str:
        """What the notice says."""

    def get(self, request: HttpRequest, pk: int = 0) -> HttpResponse:
        return redirect("agent:customer_registrations")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.actor.demand(Permission.REGISTRATION_DECIDE)
        try:
            is_done = self.decide(request, pk)
        except companies.Unclear as problem:
            return self.show(pk, problem, status=422)
        if is_done:
            messages.success(request, self.done())
        else:
            messages.info(request, _("Somebody else has decided this already."))
        return redirect("agent:customer_registrations")


class Approve(Decide):
    """POST: let the person in, as a contact of the company."""

    def decide(self, request: HttpRequest, pk: int) -> bool:
        company = companies.chosen(self.actor, request)
        return registrations.approve(self.actor, pk, company, via="web")

    def done(self) -> str:
        return _("The person is let in. A one-time password goes to their mail.")


class Refuse(Decide):
    """POST: do not let the person in."""

    def decide(self, request: HttpRequest, pk: int) -> bool:
        return registrations.refuse(self.actor, pk, via="web")

    def done(self) -> str:
        return _("The registration is refused. No mail is sent.")


class Confirm(Decide):
    """POST: say whose contact the person is; without a company: of nobody."""

    def decide(self, request: HttpRequest, pk: int) -> bool:
        company = companies.chosen(self.actor, request)
        return registrations.confirm_company(self.actor, pk, company, via="web")

    def done(self) -> str:
        return _("That is noted.")
