"""The list of customers."""

from django.http import HttpRequest, HttpResponse

from firstline.mail import suppressions
from firstline.people import customers
from firstline.web.agent.customers.page import CustomersPage


class Index(CustomersPage):
    """GET: a page of customers by name, or those who fit what was typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed, after = request.GET.get("find", "").strip(), request.GET.get("after")
        page = customers.customers_for(self.actor, typed=typed, after=after, size=self.size)
        context = self.frame("customers") | {"page": page, "typed": typed, "after": after}
        context["suppressed"] = suppressions.at(person.email for person in page.rows)
        return self.answer("agent/customers/index.html", context)
